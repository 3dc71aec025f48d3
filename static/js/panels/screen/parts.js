/** Parts that several scenes share: a clock with a word beside it, and the question made small above what is large now. */

import { assign, h, setText } from "../../lib/dom.js";
import { guidingQuestions } from "../../lib/record.js";
import { pick, show, t } from "../../lib/texts.js";
import { formatSpent, formatUnsigned } from "../../lib/time.js";
import { readClock, readTurn } from "./scene.js";

/** @import { Stage } from "../../live/types.js" */
/** @import { Mood } from "./scene.js" */

/**
 * What a scene is given each time it is drawn. `update` gives true where time alone changed what stands there, so that its
 * type has to fit anew; `arrange` is told the frame's size before the type is made to fit it.
 *
 * @typedef {{stage: Stage, now: number, poll: string|null}} View
 * @typedef {{el: HTMLElement, update: (view: View) => boolean | void, arrange?: (width: number, height: number) => void}} ScenePart
 */

/**
 * A figure and a word: colour alone never says that time runs out.
 *
 * @returns {{el: HTMLElement, set: (figure: string, word: string, mood: Mood) => void, hide: () => void}}
 */
export function clockPart() {
  const figure = h("span", { class: "clock-figure", dir: "ltr" });
  const word = h("span", { class: "clock-word" });
  const el = h("p", { class: "clock-part", role: "timer" }, figure, " ", word);
  return {
    el,
    set(time, said, mood) {
      el.hidden = false;
      setText(figure, time);
      setText(word, said);
      assign(el, { "data-mood": mood });
    },
    hide() {
      el.hidden = true;
    },
  };
}

/**
 * The clock of the guiding question.
 *
 * @returns {ScenePart}
 */
export function questionClock() {
  const clock = clockPart();
  return {
    el: clock.el,
    update({ stage, now }) {
      const question = currentQuestion(stage);
      const planned = question && stage.agenda.segments[question.segment]?.questions[question.id]?.seconds;
      const read = readClock(stage.agenda.clock, now, (planned ?? 0) * 1000);
      if (!read) return clock.hide();
      const word = read.mood === "over" ? "over" : read.paused ? "paused" : read.mood === "soon" ? "soon" : "left";
      clock.set(formatUnsigned(read.left), t(`screen.clock.${word}`), read.mood);
    },
  };
}

/**
 * The clock of whoever has the floor: what is left of the turn, or how long it has lasted where turns are not limited.
 *
 * @param {{word?: boolean}} [options] without `word` a figure that counts up stands alone, after words that say the same
 * @returns {ScenePart}
 */
export function turnClock({ word: always = true } = {}) {
  const clock = clockPart();
  return {
    el: clock.el,
    update({ stage, now }) {
      const { current, limit } = stage.speakers;
      if (!current) return clock.hide();
      const { ms, mood } = readTurn(current.since, limit, now);
      if (limit <= 0) return clock.set(formatSpent(ms), always ? t("screen.clock.spoken") : "", mood);
      clock.set(formatUnsigned(ms), t(`screen.clock.${mood === "over" ? "over" : "left"}`), mood);
    },
  };
}

/**
 * The guiding question and its clock, small, above a poll or a speaker.
 *
 * @returns {ScenePart}
 */
export function underPart() {
  const text = h("p", { class: "under-text" });
  const clock = questionClock();
  const el = h("div", { class: "under" }, text, clock.el);
  return {
    el,
    update(view) {
      const question = currentQuestion(view.stage);
      el.hidden = !question;
      if (question) show(text, question.text);
      clock.update(view);
    },
  };
}

/** @param {Stage} stage */
export function currentQuestion(stage) {
  return guidingQuestions(stage.agenda).find(({ id }) => id === stage.agenda.current) ?? null;
}

/** @param {{name?: string|null}|undefined} who @returns {string} */
export function nameOf(who) {
  return who?.name || t("screen.nameless");
}

/** @param {Stage} stage @param {string|null|undefined} group @returns {string} the group's name; empty for none */
export function groupName(stage, group) {
  return group ? pick(stage.session.groups[group]) : "";
}
