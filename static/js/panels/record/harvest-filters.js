/** Which notes of rooms the harvest shows: by guiding question, by kind, by room. */

import { h, keyed, setText } from "../../lib/dom.js";
import { KINDS, guidingQuestions } from "../../lib/record.js";
import { roomName } from "../../lib/rooms.js";
import { lang, pick, t } from "../../lib/texts.js";
import { formatTime } from "../../lib/time.js";
import { ALL, NONE } from "./harvest-model.js";

/** @import { NoteKind, Stage } from "../../live/types.js" */
/** @import { Filter, Plan } from "./harvest-model.js" */

/** The choice of all; no id looks like this. */
const EVERY = "*";

/**
 * @param {(filter: Filter) => void} onChange
 * @returns {{el: HTMLElement, draw: (filter: Filter, plans: readonly Plan[], stage: Stage) => void}} `draw` takes all plans,
 *   whatever the filter
 */
export function mountFilters(onChange) {
  let filter = ALL;
  const question = select("filter_question", (value) => ({ question: value }));
  const kind = select("filter_kind", (value) => ({ kind: /** @type {NoteKind|null} */ (value) }));
  const room = select("room", (value) => ({ room: value }));

  /** @param {string} name of the label @param {(value: string|null) => Partial<Filter>} read */
  function select(name, read) {
    const input = h("select", { class: "input", id: `harvest-${name}` });
    input.addEventListener("change", () => onChange({ ...filter, ...read(input.value === EVERY ? null : input.value) }));
    return { input, el: h("div", { class: "harvest-filter" }, h("label", { class: "visually-hidden", for: input.id }, t(`rapporteur.rooms.${name}`)), input) };
  }

  return {
    el: h("div", { class: "harvest-filters", role: "group", "aria-label": t("rapporteur.rooms.filter") }, question.el, kind.el, room.el),
    draw(now, plans, stage) {
      filter = now;
      fill(question.input, "all_questions", [
        ...guidingQuestions(stage.agenda).map(({ id, number, text }) => ({ value: id, words: t("rapporteur.question", { n: number, text: pick(text) }) })),
        { value: NONE, words: t("rapporteur.no_question") },
      ], filter.question);
      fill(kind.input, "all_kinds", KINDS.map((value) => ({ value, words: t(`rapporteur.kind.${value}`) })), filter.kind);
      fill(room.input, "all_rooms", plans.flatMap((plan) => plan.rows.map((row) => ({
        value: row.id, words: plans.length > 1 ? `${roomName(row)} · ${titleOf(plan, stage)}` : roomName(row),
      }))), filter.room);
    },
  };
}

/** @param {Pick<Plan, "name"|"made">} plan @param {Stage} stage @returns {string} its name; without one, when it was made */
export function titleOf({ name, made }, stage) {
  return pick(name) || t("rapporteur.rooms.plan", { time: formatTime(made, stage.session.timezone, lang()) });
}

/** @param {HTMLSelectElement} input @param {string} all @param {{value: string, words: string}[]} options @param {string|null} value */
function fill(input, all, options, value) {
  keyed(input, [{ value: EVERY, words: t(`rapporteur.rooms.${all}`) }, ...options], (option) => option.value,
    (option) => h("option", { value: option.value }), (el, { words }) => setText(el, words));
  input.value = value ?? EVERY;
}
