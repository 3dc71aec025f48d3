/**
 * What everybody sees now, in small, and while the hall gathers the way to join.
 */
import { h, keyed, setText } from "../../lib/dom.js";
import { blank, recall } from "../../lib/scene.js";
import { show, t } from "../../lib/texts.js";
import { everybodySees } from "./kit/stage-model.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/**
 * @param {HTMLElement} el
 * @param {Tools} tools
 */
export function mountStage(el, tools) {
  const { code, join_url: joinUrl } = tools.session.boot;
  const label = h("p", { class: "stage-label" });
  const words = h("p", { class: "stage-question" });
  const more = h("p", { class: "stage-more" });
  const lines = h("ul", { class: "plain stage-lines" });
  const nothing = h("p", { class: "muted" }, t("moderator.stage.nothing"));
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
  el.replaceChildren(h("div", null, label, words, more), lines, nothing, join);
  let memory = blank();

  function draw() {
    const { session } = tools.stage;
    const now = tools.store.now();
    memory = recall(memory, tools.stage, now);
    const { main, beside } = everybodySees(tools.stage, memory, now);
    setText(label, t(`moderator.stage.${main.label}`));
    say(words, main.words);
    more.hidden = !main.more;
    setText(more, main.more ?? "");
    lines.hidden = beside.length === 0;
    nothing.hidden = beside.length > 0 || session.state !== "live";
    join.hidden = session.state !== "lobby";
    keyed(
      lines,
      beside,
      ({ key }) => key,
      () => h("li", null, h("span", { class: "stage-label" }), h("span", { class: "stage-words", dir: "auto" }), h("span", { class: "stage-more" })),
      (li, line) => {
        const [first, second, third] = /** @type {HTMLElement[]} */ ([...li.children]);
        if (first) setText(first, t(`moderator.stage.${line.label}`));
        if (second) say(second, line.words);
        if (!third) return;
        third.hidden = !line.more;
        setText(third, line.more ?? "");
      },
    );
  }
  tools.store.watch(["stage"], draw);
  // A closed poll that waited too long for its results leaves, and so does an announcement whose time is over.
  tools.onTick(draw);
}

/** @param {HTMLElement} el @param {import("../../live/types.js").Text | string} words a text, or somebody's name */
function say(el, words) {
  if (typeof words !== "string") return show(el, words);
  setText(el, words);
  el.removeAttribute("lang");
  el.dir = "auto";
}
