/** A poll: its options and how many have answered while it is open, its bars when they may be seen. */

import { assign, h, keyed, setText } from "../../lib/dom.js";
import { mark } from "../../lib/marks.js";
import { formatNumber, pick, show, t } from "../../lib/texts.js";
import { results } from "../results.js";
import { nameOf, turnClock, underPart } from "./parts.js";
import { sizeOf } from "./scene.js";

/** @import { Poll, Text } from "../../live/types.js" */

/** More rows than this stand in two columns. */
const ONE_COLUMN = 5;

/** @returns {import("./parts.js").ScenePart} */
export function pollScene() {
  const under = underPart();
  const state = h("p", { class: "scene-label" });
  const prompt = h("h1", { class: "scene-text" });
  const options = h("ol", { class: "options" });
  const bars = results({ toggle: false });
  const figure = h("span", { class: "turnout-figure" });
  const word = h("span", { class: "turnout-word" });
  const meter = h("span", { class: "turnout-meter", "aria-hidden": "true" }, h("span"));
  const turnout = h("p", { class: "turnout" }, figure, " ", word, meter);
  const speaker = h("p", { class: "live-text", dir: "auto" });
  const clock = turnClock({ word: false });
  const floor = h("div", { class: "poll-floor" }, speaker, clock.el);
  const el = h("section", { class: "scene scene-poll" }, under.el, state, prompt, options, bars.el, turnout, floor);
  return {
    el,
    update(view) {
      const poll = view.stage.polls[view.poll ?? ""];
      if (!poll) return;
      under.update(view);
      setText(state, t(`screen.poll.${poll.state === "closed" && poll.results ? "published" : poll.state}`));
      show(prompt, poll.prompt);
      const columns = poll.kind !== "scale" && poll.order.length > ONE_COLUMN ? 2 : 1;
      assign(el, { "data-size": sizeOf(pick(poll.prompt)), "data-columns": columns, "data-kind": poll.kind });
      bars.update(poll);
      options.hidden = Boolean(poll.results);
      keyed(options, poll.order, (id) => id, (id) => h("li", { class: "option" },
        mark(poll.order.indexOf(id), poll.kind === "scale" ? id : undefined), h("span", { class: "option-text" })),
      (item, id) => show(/** @type {HTMLElement} */ (item.lastElementChild), wordsOf(poll, id)));
      const { online } = view.stage.presence;
      const known = online >= poll.turnout && poll.state === "open";
      setText(figure, formatNumber(poll.turnout));
      setText(word, known ? t("screen.answered_of", { n: poll.turnout, online }) : t("screen.answered", { n: poll.turnout }));
      turnout.hidden = poll.state === "published";
      meter.hidden = !known;
      meter.style.setProperty("--share", online > 0 ? String(Math.min(1, poll.turnout / online)) : "0");
      const { current } = view.stage.speakers;
      floor.hidden = !current;
      if (current) setText(speaker, t("screen.has_floor", { name: nameOf(current) }));
      clock.update(view);
    },
  };
}

/** @param {Poll} poll @param {string} id @returns {Text|null|undefined} an option's words; for a scale only at its ends */
function wordsOf(poll, id) {
  if (poll.kind !== "scale") return poll.options[id];
  if (id === poll.order[0]) return poll.low;
  return id === poll.order.at(-1) ? poll.high : null;
}
