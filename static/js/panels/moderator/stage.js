/**
 * What everybody sees now, in small, and while the hall gathers the way to join.
 */
import { h, keyed, setText } from "../../lib/dom.js";
import { pick, show, t } from "../../lib/texts.js";
import { guidingQuestions } from "./kit/agenda-model.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/**
 * @param {HTMLElement} el
 * @param {Tools} tools
 */
export function mountStage(el, tools) {
  const { code, join_url: joinUrl } = tools.session.boot;
  const question = h("p", { class: "stage-question" });
  const lines = h("ul", { class: "plain stage-lines" });
  const join = h(
    "div",
    { class: "stage-join" },
    h("img", { src: `/j/${code}/qr.svg`, alt: t("moderator.links.qr"), width: 132, height: 132 }),
    h(
      "div",
      null,
      h("p", { class: "muted" }, t("moderator.stage.join")),
      h("p", { class: "join-code" }, code),
      h("p", { class: "small-text join-url" }, joinUrl),
    ),
  );
  el.replaceChildren(question, lines, join);

  function draw() {
    const { session, agenda, announcement, speakers, polls } = tools.stage;
    const current = guidingQuestions(agenda).find(({ id }) => id === agenda.current);
    if (current && session.state === "live") show(question, current.text);
    else show(question, session.title);
    join.hidden = session.state !== "lobby";
    const { pinned, items } = tools.questions;
    const asked = pinned == null ? undefined : items[pinned];
    /** @type {[key: string, label: string, words: string][]} */
    const rows = [];
    if (speakers.current) rows.push(["speaker", t("moderator.stage.speaker"), speakers.current.name]);
    for (const [id, poll] of Object.entries(polls)) {
      if (poll.state === "open" || poll.results) {
        rows.push([
          `poll-${id}`,
          t(`moderator.stage.poll.${poll.state === "open" ? "open" : "results"}`),
          pick(poll.prompt),
        ]);
      }
    }
    if (asked) rows.push(["pinned", t("moderator.stage.pinned"), pick(asked.text)]);
    if (announcement) rows.push(["announcement", t("moderator.stage.announcement"), pick(announcement.text)]);
    if (rows.length === 0 && session.state === "live") rows.push(["nothing", "", t("moderator.stage.nothing")]);
    keyed(
      lines,
      rows,
      ([key]) => key,
      () => h("li", null, h("span", { class: "stage-label" }), h("span", { class: "stage-words", dir: "auto" })),
      (li, [, label, words]) => {
        const [first, second] = li.children;
        if (first) setText(first, label);
        if (second) setText(second, words);
      },
    );
  }
  tools.store.watch(["stage"], draw);
}
