/**
 * The feed: what happened, in order. New lines come at the end and move nothing that is being read: who reads at the end
 * follows, who has scrolled up is told how many lines wait.
 */

import { clear, h, keyed, setText } from "../lib/dom.js";
import { compareFeedKeys, guidingQuestions } from "../lib/record.js";
import { lang, t } from "../lib/texts.js";
import { formatTime } from "../lib/time.js";
import { lineInWords } from "./record/lines.js";

/** @import { Session } from "../live/session.js" */
/** @import { FeedLine } from "../live/types.js" */

/**
 * @param {{list: HTMLElement, end: HTMLElement, more: HTMLButtonElement, empty: HTMLElement}} parts the list, a mark after
 *   its last line, the button that says how many lines wait, and what stands there while nothing has happened
 * @param {Session} session
 * @param {{onChoose: (key: string) => void, onWaiting?: (n: number) => void}} calls a line was chosen for a note; how many
 *   lines wait unread
 * @returns {{reveal: (key: string) => void}} brings a line into view
 */
export function mountFeed({ list, end, more, empty }, session, { onChoose, onWaiting }) {
  /** @type {Set<string>} */
  let known = new Set();
  /** @type {string[]} lines that came while the reader was elsewhere */
  let waiting = [];
  let atEnd = false;
  let first = true;

  const watcher = new IntersectionObserver(([entry]) => {
    atEnd = entry?.isIntersecting ?? false;
    if (atEnd) setWaiting([]);
  }, { rootMargin: "0px 0px 24px" });
  watcher.observe(end);

  /** @param {string[]} keys */
  function setWaiting(keys) {
    waiting = keys;
    more.hidden = keys.length === 0;
    if (keys.length > 0) setText(more, t("rapporteur.feed.more", { n: keys.length }));
    onWaiting?.(keys.length);
  }

  more.addEventListener("click", () => {
    const line = lineOf(list, waiting[0] ?? "");
    end.scrollIntoView({ block: "end" });
    line?.focus({ preventScroll: true });
    setWaiting([]);
  });

  function draw() {
    const { stage, record } = session.store.docs;
    if (!stage || !record) return;
    const questions = guidingQuestions(stage.agenda);
    const lines = Object.entries(record.feed).sort(([a], [b]) => compareFeedKeys(a, b));
    const added = lines.map(([key]) => key).filter((key) => !known.has(key));
    known = new Set(lines.map(([key]) => key));
    empty.hidden = lines.length > 0;
    keyed(list, lines, ([key]) => key, () => h("li", { class: "feed-line", tabindex: -1 }), (el, [key, line]) => {
      const { sign, text, detail } = lineInWords(line, questions, stage);
      const time = formatTime(line.at, stage.session.timezone, lang());
      const shown = JSON.stringify([sign, text, detail, time]);
      if (el.dataset.shown === shown) return;
      el.dataset.shown = shown;
      el.dataset.what = line.what;
      fill(el, line, { sign, text, detail, time }, () => onChoose(key));
    });
    if (first || atEnd) toEnd();
    else if (added.length > 0) setWaiting([...waiting, ...added].filter((key) => known.has(key)));
    first = false;
  }

  /** Follow inside the feed's own frame; the page itself is never scrolled under the reader. */
  function toEnd() {
    const frame = list.parentElement;
    if (frame && frame.scrollHeight > frame.clientHeight) frame.scrollTop = frame.scrollHeight;
  }

  session.store.watch(["record", "stage"], draw);
  return {
    reveal(key) {
      const line = lineOf(list, key);
      line?.scrollIntoView({ block: "center" });
      line?.focus({ preventScroll: true });
    },
  };
}

/**
 * @param {HTMLElement} el
 * @param {FeedLine} line
 * @param {{sign: string, text: string, detail: string, time: string}} words
 * @param {() => void} choose
 */
function fill(el, line, { sign, text, detail, time }, choose) {
  clear(el,
    h("time", { class: "feed-time", datetime: new Date(line.at).toISOString() }, time),
    h("span", { class: "feed-sign", "aria-hidden": "true" }, sign),
    h("div", { class: "feed-words" }, h("p", { class: "feed-text" }, text), detail && h("p", { class: "feed-detail", dir: "auto" }, detail)),
    h("button", {
      type: "button", class: "button quiet small feed-choose", "aria-label": t("rapporteur.feed.choose_line", { line: `${time} ${text}` }),
      onclick: choose,
    }, t("rapporteur.feed.choose")),
  );
}

/** @param {HTMLElement} list @param {string} key @returns {HTMLElement|null} */
function lineOf(list, key) {
  return /** @type {HTMLElement[]} */ ([...list.children]).find((el) => el.dataset.key === key) ?? null;
}
