/** The form of a note, made for a thumb: the kinds as buttons that wrap, a field, one button. */

import { h, setText } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { KINDS } from "./model.js";

/** @import { NoteKind } from "../../live/types.js" */
/** @typedef {{kind: NoteKind | null, text: string}} Words */

/** As many characters as a note may have. */
const LONGEST = 2_000;

/**
 * @param {string} id of the form in the page
 * @param {{label: string, send: string, onInput: (words: Words) => void, onCancel?: () => void,
 *   onSend: (words: {kind: NoteKind, text: string}) => void}} options
 * @returns {{el: HTMLFormElement, get: () => Words, set: (words: Words) => void, focus: () => void}}
 */
export function noteForm(id, { label, send, onInput, onSend, onCancel }) {
  const radios = KINDS.map((kind) => h("input", { type: "radio", name: "kind", value: kind }));
  const text = h("textarea", { class: "input", id: `${id}-text`, rows: 3, maxlength: LONGEST, dir: "auto", "aria-describedby": `${id}-problem` });
  const problem = h("p", { class: "error", id: `${id}-problem`, role: "alert", hidden: true });
  const el = h("form", { class: "stack tight room-form", id, novalidate: true },
    h("fieldset", { class: "field" }, h("legend", { class: "label" }, t("participant.room.note.kind")),
      h("div", { class: "room-kinds" }, radios.map((radio) =>
        h("label", { class: "choice", "data-kind": radio.value }, radio, h("span", { class: "kind", "data-kind": radio.value }, t(`rapporteur.kind.${radio.value}`)))))),
    h("div", { class: "field" }, h("label", { for: text.id }, label), text),
    problem,
    h("div", { class: "actions" },
      onCancel && h("button", { type: "button", class: "button quiet", onclick: onCancel }, t("common.cancel")),
      h("button", { type: "submit", class: "button primary room-send" }, send)));

  /** @returns {Words} */
  const get = () => ({ kind: /** @type {NoteKind | undefined} */ (radios.find(({ checked }) => checked)?.value) ?? null, text: text.value });
  const complain = (/** @type {string} */ words) => {
    setText(problem, words);
    problem.hidden = !words;
  };
  const submit = () => {
    const { kind, text: typed } = get();
    if (!typed.trim()) {
      complain(t("participant.room.note.empty"));
      text.focus();
    } else if (!kind) {
      complain(t("participant.room.note.no_kind"));
      radios[0]?.focus();
    } else {
      onSend({ kind, text: typed.trim() });
    }
  };

  el.addEventListener("input", () => {
    complain("");
    onInput(get());
  });
  el.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  el.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") onCancel?.();
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    submit();
  });
  return {
    el,
    get,
    set(words) {
      text.value = words.text;
      for (const radio of radios) radio.checked = radio.value === words.kind;
      complain("");
    },
    focus() {
      text.focus();
      text.setSelectionRange(text.value.length, text.value.length);
    },
  };
}
