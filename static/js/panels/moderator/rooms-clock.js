/**
 * The clock of the round that runs, or the countdown until the rooms close, and what a moderator does with it.
 */
import { h, setText } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { clockLeft, formatClock } from "../../lib/time.js";
import { isOpen } from "./kit/rooms-model.js";
import { pressing } from "./kit/rooms-watch.js";
import { button, duration } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/** Steps of the clock, minutes. */
const STEPS = [-1, 1, 5];

/**
 * @param {Tools} tools
 * @param {import("./rooms-desk.js").Chosen} chosen
 */
export function mountRoomsClock(tools, chosen) {
  const left = h("span", { class: "clock-left" });
  const words = h("span", { class: "clock-words" });
  const fill = h("span", { class: "clock-fill" });
  const steps = STEPS.map((n) => {
    const more = n > 0;
    const control = button(
      t(more ? "moderator.rooms.more" : "moderator.rooms.less", { n: Math.abs(n) }),
      () => void tools.act(control, "rooms.extend", { seconds: n * 60 }),
      { class: "small", name: t(more ? "moderator.rooms.more.name" : "moderator.rooms.less.name", { n: Math.abs(n) }) },
    );
    return control;
  });
  const actions = h("div", { class: "clock-actions" }, steps);
  const el = h(
    "div",
    { class: "clock run-clock" },
    h("p", { class: "clock-time", role: "timer" }, left, words),
    h("div", { class: "clock-bar", "aria-hidden": "true" }, fill),
    actions,
  );

  function draw() {
    const plan = chosen.plan();
    const planned = plan && plan.state !== "planning" && plan.seconds > 0 && !isOpen(plan);
    el.hidden = !plan || !(isOpen(plan) || planned);
    if (!plan || el.hidden) return;
    const now = tools.store.now();
    const closing = plan.state === "closing" && plan.closing != null ? plan.closing - now : null;
    const rest = planned ? plan.seconds * 1000 : (closing ?? clockLeft(plan.clock, now));
    const state =
      rest === null || planned
        ? "idle"
        : closing !== null && rest > 0
          ? "soon"
          : pressing(rest, plan.clock.total);
    el.dataset.state = state;
    setText(left, rest === null ? "–:––" : formatClock(closing === null ? rest : Math.max(0, rest)));
    setText(words, clockWords());
    const total = closing === null ? plan.clock.total : 60_000;
    fill.style.setProperty(
      "inline-size",
      `${!planned && rest !== null && total ? Math.max(0, Math.min(100, (rest / total) * 100)) : 0}%`,
    );
    actions.hidden = plan.state !== "open";

    function clockWords() {
      if (!plan || planned) return t("moderator.rooms.clock.planned");
      if (closing !== null) return t("moderator.rooms.clock.closing");
      if (rest === null) return t("moderator.rooms.clock.none");
      const time = t("moderator.clock.planned", { time: duration(plan.clock.total / 1000) });
      if (state === "over") return t("moderator.clock.over", { planned: time });
      return plan.clock.ends == null
        ? time
        : t("moderator.clock.ends", { planned: time, time: tools.timeOf(plan.clock.ends) });
    }
  }
  return { el, draw };
}
