/**
 * The clock of the guiding question on stage, and what a moderator does with it.
 */
import { h, setText } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { clockLeft, formatClock } from "../../lib/time.js";
import { guidingQuestions } from "./kit/agenda-model.js";
import { button, duration } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/** Minutes that a clock gets when the question on stage has no time of its own. */
const MINUTES = 5;
/** The clock warns when this much is left, ms. */
const SOON = 60_000;

/** @param {Tools} tools */
export function mountClock(tools) {
  const left = h("span", { class: "clock-left" });
  const words = h("span", { class: "clock-words" });
  const fill = h("span", { class: "clock-fill" });
  const act = (/** @type {string} */ key, /** @type {(el: HTMLElement) => void} */ run, more = {}) => {
    const el = button(t(`moderator.clock.${key}`), () => run(el), more);
    return el;
  };
  const start = act("start", (el) => {
    const { agenda } = tools.stage;
    const own = guidingQuestions(agenda).find(({ id }) => id === agenda.current)?.seconds;
    void tools.act(el, "clock.start", own ? {} : { seconds: MINUTES * 60 });
  });
  const pause = act("pause", (el) => void tools.act(el, "clock.pause"), { key: "p" });
  const resume = act("resume", (el) => void tools.act(el, "clock.resume"), { key: "p" });
  const more = act("more", (el) => void tools.act(el, "clock.extend", { seconds: 60 }), {
    name: t("moderator.clock.more.name"),
    class: "small",
  });
  const less = act("less", (el) => void tools.act(el, "clock.extend", { seconds: -60 }), {
    name: t("moderator.clock.less.name"),
    class: "small",
  });
  const el = h(
    "div",
    { class: "clock run-clock", "data-place": "" },
    h("p", { class: "clock-time", role: "timer" }, left, words),
    h("div", { class: "clock-bar", "aria-hidden": "true" }, fill),
    h("div", { class: "clock-actions" }, start, pause, resume, less, more),
  );

  function draw() {
    const { session, agenda } = tools.stage;
    const { clock, current } = agenda;
    el.hidden = session.state !== "live" || current == null;
    if (el.hidden) return;
    const now = tools.store.now();
    const rest = clockLeft(clock, now);
    const set = clock.state !== "idle" && rest !== null;
    const over = set && rest <= 0;
    el.dataset.state = over ? "over" : clock.state === "running" && set && rest <= SOON ? "soon" : clock.state;
    const own = guidingQuestions(agenda).find(({ id }) => id === current)?.seconds ?? 0;
    setText(left, set ? formatClock(rest) : own ? formatClock(own * 1000) : "–:––");
    setText(words, clockWords(tools, over, own, now));
    fill.style.setProperty(
      "inline-size",
      `${set && clock.total ? Math.max(0, Math.min(100, (rest / clock.total) * 100)) : 0}%`,
    );
    // A control that has just been used keeps the focus: its successor takes it.
    const focused = [start, pause, resume].includes(/** @type {HTMLButtonElement} */ (document.activeElement));
    start.hidden = clock.state !== "idle";
    setText(start, own ? t("moderator.clock.start") : t("moderator.clock.start.minutes", { n: MINUTES }));
    pause.hidden = clock.state !== "running";
    resume.hidden = clock.state !== "paused";
    more.hidden = less.hidden = clock.state === "idle";
    if (focused) [start, pause, resume].find((control) => !control.hidden)?.focus();
  }
  const toggle = () => [start, pause, resume].find((control) => !control.hidden) ?? null;
  return { el, draw, toggle };
}

/**
 * @param {Tools} tools
 * @param {boolean} over
 * @param {number} own planned seconds
 * @param {number} now
 */
function clockWords(tools, over, own, now) {
  const { clock } = tools.stage.agenda;
  const planned = t("moderator.clock.planned", { time: duration(clock.total / 1000 || own) });
  if (over) return t("moderator.clock.over", { planned });
  if (clock.state === "paused") return t("moderator.clock.paused", { planned });
  if (clock.state === "running") {
    return t("moderator.clock.ends", { planned, time: tools.timeOf(clock.ends ?? now) });
  }
  return own ? planned : t("moderator.clock.none");
}
