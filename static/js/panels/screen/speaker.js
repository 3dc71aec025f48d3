/** Who has the floor, for how long, and who is next. */

import { assign, h, keyed, setText } from "../../lib/dom.js";
import { queueLength } from "../../lib/queue.js";
import { t } from "../../lib/texts.js";
import { groupName, nameOf, turnClock, underPart } from "./parts.js";
import { sizeOf } from "./scene.js";

/** How many of those who wait are named. */
const NEXT = 3;

/** @returns {import("./parts.js").ScenePart} */
export function speakerScene() {
  const under = underPart();
  const kind = h("p", { class: "scene-label live-text" });
  const name = h("h1", { class: "scene-text", dir: "auto" });
  const group = h("p", { class: "scene-group", dir: "auto" });
  const clock = turnClock();
  const names = h("ol", { class: "next-names" });
  const more = h("span", { class: "next-more" });
  const next = h("div", { class: "next" }, h("p", { class: "next-label" }, t("screen.next")), names, more);
  const el = h("section", { class: "scene scene-speaker" }, under.el, kind, name, group, clock.el, next);
  return {
    el,
    update(view) {
      const { current, waiting, hands } = view.stage.speakers;
      if (!current) return;
      under.update(view);
      setText(kind, t(current.kind === "speak" ? "screen.speaking" : `screen.speaking.${current.kind}`));
      setText(name, nameOf(current));
      assign(el, { "data-size": sizeOf(nameOf(current)) });
      setText(group, groupName(view.stage, current.group));
      group.hidden = group.textContent === "";
      clock.update(view);
      next.hidden = waiting.length === 0;
      keyed(names, waiting.slice(0, NEXT), (person) => person, () => h("li", { class: "next-name", dir: "auto" }),
        (item, person) => setText(item, nameOf(hands[person])));
      const rest = queueLength(view.stage.speakers) - NEXT;
      more.hidden = rest <= 0;
      setText(more, t("screen.next_more", { n: rest }));
    },
  };
}
