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

/** How near the end counts as the end, in pixels. */
const NEAR = 24;

/**
 * @param {{frame: HTMLElement, list: HTMLElement, more: HTMLButtonElement, empty: HTMLElement}} parts the frame that
 *   scrolls, the list in it, the button that says how many lines wait, and what stands there while nothing has happened
 * @param {Session} session
 * @param {{onChoose: (key: string) => void, onWaiting?: (n: number) => void}} calls a line was chosen for a note; how many
 *   lines wait unread
 * @returns {{reveal: (key: string) => void}} brings a line into view
 */
export function mountFeed({ frame, list, more, empty }, session, { onChoose, onWaiting }) {
  /** @type {Set<string>} */
  let known = new Set();
  /** @type {string[]} lines that came while the reader was elsewhere */
  let waiting = [];
  /** Whether the reader is at the end and wants to stay there. */
  let follows = true;

  /** @param {string[]} keys */
  function setWaiting(keys) {
    waiting = keys;
    more.hidden = keys.length === 0;
    if (keys.length > 0) setText(more, t("rapporteur.feed.more", { n: keys.length }));
    onWaiting?.(keys.length);
  }

  /** Only the frame is scrolled, never the page under the reader; nothing is read while the frame is not shown. */
  function toEnd() {
    if (frame.clientHeight === 0) return;
    frame.scrollTop = frame.scrollHeight;
    if (waiting.length > 0) setWaiting([]);
  }

  /** Look where the reader is; while the frame is not shown, the last place counts. */
  function look() {
    if (frame.clientHeight > 0) follows = frame.scrollHeight - frame.scrollTop - frame.clientHeight < NEAR;
  }

  frame.addEventListener("scroll", () => {
    look();
    if (follows && waiting.length > 0) setWaiting([]);
  });
  new ResizeObserver(() => follows && toEnd()).observe(frame);
  more.addEventListener("click", () => {
    const line = lineOf(list, waiting[0] ?? "");
    toEnd();
    line?.focus({ preventScroll: true });
  });

  function draw() {
    const { stage, record } = session.store.docs;
    if (!stage || !record) return;
    const questions = guidingQuestions(stage.agenda);
    const lines = Object.entries(record.feed).sort(([a], [b]) => compareFeedKeys(a, b));
    const first = known.size === 0;
    const added = first ? [] : lines.map(([key]) => key).filter((key) => !known.has(key));
    known = new Set(lines.map(([key]) => key));
    empty.hidden = lines.length > 0;
    if (!first) look();
    keyed(list, lines, ([key]) => key, () => h("li", { class: "feed-line", tabindex: -1 }), (el, [key, line]) => {
      const { sign, text, detail } = lineInWords(line, questions, stage);
      const time = formatTime(line.at, stage.session.timezone, lang());
      const shown = JSON.stringify([sign, text, detail, time]);
      if (el.dataset.shown === shown) return;
      el.dataset.shown = shown;
      el.dataset.what = line.what;
      fill(el, line, { sign, text, detail, time }, () => onChoose(key));
    });
    if (added.length > 0) setWaiting([...waiting, ...added].filter((key) => known.has(key)));
    if (follows) toEnd();
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
