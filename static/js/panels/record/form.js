/** The form that changes a note in its place: kind, words, guiding question. */

import { h } from "../../lib/dom.js";
import { KINDS } from "../../lib/record.js";
import { pick, t } from "../../lib/texts.js";

/** @import { NoteKind } from "../../live/types.js" */
/** @import { Guiding } from "../../lib/record.js" */
/** @typedef {{kind: NoteKind, text: string, question: string|null}} Change */

/**
 * @param {string} id of the note
 * @param {Change} change what the fields show first
 * @param {readonly Guiding[]} questions
 * @param {{onInput: (change: Change) => void, onSave: (change: Change) => void, onCancel: () => void}} calls
 * @returns {{el: HTMLFormElement, text: HTMLTextAreaElement, question: HTMLSelectElement, said: HTMLElement}} `said` is for
 *   what the writer has to know
 */
export function noteForm(id, change, questions, { onInput, onSave, onCancel }) {
  const kind = h("select", { class: "input", name: "kind", id: `kind-${id}` },
    ...KINDS.map((value) => h("option", { value, selected: value === change.kind }, t(`rapporteur.kind.${value}`))));
  const text = h("textarea", { class: "input", name: "text", id: `text-${id}`, rows: 4, maxlength: 2000, dir: "auto" });
  text.value = change.text;
  const question = h("select", { class: "input", name: "question", id: `question-${id}` },
    h("option", { value: "", selected: change.question === null }, t("rapporteur.no_question")),
    ...questions.map(({ id: value, number, text: words }) =>
      h("option", { value, selected: value === change.question }, t("rapporteur.question", { n: number, text: pick(words) }))));
  const said = h("p", { class: "note-said caution-text", role: "status" });
  const read = () => ({ kind: /** @type {NoteKind} */ (kind.value), text: text.value.trim(), question: question.value || null });
  const save = () => read().text !== "" && onSave(read());
  const el = h("form", {
    class: "note-form stack tight",
    oninput: () => onInput(read()),
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      save();
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.isComposing) return;
      if (event.key === "Escape") onCancel();
      if (event.key !== "Enter" || event.shiftKey || event.target !== text) return;
      event.preventDefault();
      save();
    },
  },
    field(text, t("rapporteur.note.text")),
    h("div", { class: "note-form-row" }, field(kind, t("rapporteur.note.kind")), field(question, t("rapporteur.note.question"))),
    said,
    h("div", { class: "actions" },
      h("button", { type: "button", class: "button quiet small", onclick: onCancel }, t("common.cancel")),
      h("button", { type: "submit", class: "button primary small" }, t("rapporteur.note.save"))),
  );
  return { el, text, question, said };
}

/** @param {HTMLElement} input @param {string} label */
function field(input, label) {
  return h("div", { class: "field" }, h("label", { for: input.id }, label), input);
}
