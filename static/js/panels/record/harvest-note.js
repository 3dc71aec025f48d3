/** One note of a room in the harvest: who wrote it, what it says, and the one step that lifts it into the record. */

import { assign, clear, h } from "../../lib/dom.js";
import { dotted } from "../../lib/isolate.js";
import { lang, pick, t } from "../../lib/texts.js";
import { formatTime } from "../../lib/time.js";

/** @import { Stage } from "../../live/types.js" */
/** @import { Guiding } from "../../lib/record.js" */
/** @import { Cell, Fate, Handover, Line } from "./harvest-model.js" */

/**
 * @typedef {object} Acts
 * @property {(id: string) => void} lift
 * @property {(id: string) => void} undo
 * @property {((note: string) => void)|undefined} see leads to the note that it became; left out where there is no such place
 */

/** What each element was last drawn from: the words of a thousand notes are not worked out anew for each that comes. @type {WeakMap<HTMLElement, unknown[]>} */
const drawn = new WeakMap();

/** @returns {HTMLElement} to be filled by `drawNote` */
export function createNote() {
  return h("li", { class: "harvest-note", tabindex: -1 });
}

/**
 * @param {HTMLElement} el
 * @param {Line} line
 * @param {{fate: Fate, live: boolean, stage: Stage, questions: readonly Guiding[], cell: Cell}} state `live`: whether the server is reached now
 * @param {Acts} acts
 */
export function drawNote(el, { id, note }, { fate, live, stage, questions, cell }, acts) {
  const from = [note, fate, live || fate !== "lifting", cell.question, stage.session, stage.agenda.segments];
  const before = drawn.get(el);
  if (before && from.every((each, index) => each === before[index])) return;
  drawn.set(el, from);
  const words = pick(note.text);
  const meta = dotted([
    author(note, stage), formatTime(note.at, stage.session.timezone, lang()), elsewhere(note.question ?? null, cell, questions),
    note.edited ? t("rapporteur.note.edited") : "",
  ]);
  const waits = fate === "lifting" && !live;
  const shown = JSON.stringify([note.kind, words, meta, fate, waits, note.lifted]);
  if (el.dataset.shown === shown) return;
  const focused = el.contains(document.activeElement);
  el.dataset.shown = shown;
  assign(el, { "data-kind": note.kind, "data-fate": fate });
  const lifted = note.lifted;
  clear(el,
    h("p", { class: "harvest-head" }, h("span", { class: "kind", "data-kind": note.kind }, t(`rapporteur.kind.${note.kind}`)),
      h("span", { class: "harvest-meta" }, meta)),
    h("p", { class: "harvest-text", dir: "auto" }, words),
    h("p", { class: "harvest-acts" },
      fate === "free" && h("button", { type: "button", class: "button small", "aria-label": t("rapporteur.rooms.lift_note", { text: words }), onclick: () => acts.lift(id) },
        t("rapporteur.rooms.lift"), h("kbd", { "aria-hidden": "true" }, "u")),
      fate === "lifting" && h("span", { class: "harvest-word" }, t(waits ? "rapporteur.rooms.lift_waits" : "rapporteur.rooms.lifting")),
      (fate === "lifted" || fate === "undoing") && h("span", { class: "harvest-word" }, h("span", { "aria-hidden": "true" }, "✓ "), t("rapporteur.rooms.lifted")),
      fate === "lifted" && acts.see && lifted && h("button", { type: "button", class: "button quiet small", onclick: () => acts.see?.(lifted) }, t("rapporteur.rooms.see")),
      fate === "lifted" && h("button", { type: "button", class: "button quiet small", "aria-label": t("rapporteur.rooms.undo_note", { text: words }), onclick: () => acts.undo(id) },
        t("rapporteur.rooms.undo"))));
  // The button that was pressed is gone; the note itself is where one goes on from.
  if (focused) el.focus({ preventScroll: true });
}

/** @param {HTMLElement} el @param {Handover} handover @param {Stage} stage */
export function drawHandover(el, { text, name, at }, stage) {
  const words = pick(text);
  const meta = dotted([name, formatTime(at, stage.session.timezone, lang())]);
  const shown = JSON.stringify([words, meta]);
  if (el.dataset.shown === shown) return;
  el.dataset.shown = shown;
  clear(el,
    h("p", { class: "harvest-head" }, h("strong", null, t("rapporteur.rooms.handover")), h("span", { class: "harvest-meta" }, meta)),
    h("p", { class: "harvest-text", dir: "auto" }, words));
}

/** @param {{name: string, group?: string|null}} note @param {Stage} stage @returns {string} the person with the group in brackets */
function author({ name, group }, stage) {
  const of = group ? pick(stage.session.groups[group]) : "";
  return of ? t("rapporteur.person_of_group", { name, group: of }) : name;
}

/** The question of a note where it is another than the table's. @param {string|null} question @param {Cell} cell @param {readonly Guiding[]} questions */
function elsewhere(question, cell, questions) {
  if (question === cell.question) return "";
  const found = questions.find(({ id }) => id === question);
  return found ? t("rapporteur.rooms.question", { n: found.number }) : t("rapporteur.no_question");
}
