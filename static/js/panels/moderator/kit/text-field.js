/**
 * A field for words that people read: one input in the moderator's language and, in a session of several languages, the
 * others behind a button, so that nobody meets a text that was forgotten in theirs.
 */
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/texts.js";
import { button, field, newId } from "./ui.js";

/** @typedef {import("../../../live/types.js").Text} Text */

/**
 * @typedef {object} TextField
 * @property {HTMLElement} el
 * @property {() => Text} value the languages that say something
 * @property {(text: Text) => void} set
 * @property {() => void} focus
 * @property {(on: boolean) => void} showOthers the other languages, or the first one alone
 */

/**
 * @param {object} options
 * @param {string} options.label
 * @param {readonly string[]} options.languages of the session, the moderator's first
 * @param {Text} [options.value]
 * @param {boolean} [options.long] several lines
 * @param {number} [options.max] characters
 * @param {boolean} [options.hideLabel] where the list around it says what it is
 * @param {string} [options.hint]
 * @param {boolean} [options.alone] no button for the other languages: a form of many fields has one for all
 * @param {() => void} [options.oninput]
 * @returns {TextField}
 */
export function textField({ label, languages, value = {}, long = false, max = 2000, hideLabel, hint, alone, oninput }) {
  const inputs = languages.map((lang) => {
    const props = { class: "input", lang, dir: "auto", maxlength: max, autocomplete: "off" };
    const input = long ? h("textarea", { ...props, rows: 2 }) : h("input", { ...props, type: "text" });
    input.addEventListener("input", () => oninput?.());
    return /** @type {[string, HTMLInputElement | HTMLTextAreaElement]} */ ([lang, input]);
  });
  const [first, ...others] = inputs;
  if (!first) throw new Error("a session has at least one language");
  const el = h("div", { class: "text-field" });
  const named = (/** @type {string} */ lang) => (others.length ? `${label} (${languageName(lang)})` : label);
  if (hideLabel) first[1].setAttribute("aria-label", named(first[0]));
  el.append(hideLabel ? first[1] : field(named(first[0]), first[1], hint));
  const more = h("div", { class: "text-field-others", id: newId("languages"), hidden: true });
  more.append(...others.map(([lang, input]) => field(`${label} (${languageName(lang)})`, input)));
  const opener = button(t("moderator.text.languages", { n: others.length }), () => showOthers(Boolean(more.hidden)), {
    look: "quiet",
    class: "text-field-more",
  });
  opener.setAttribute("aria-controls", more.id);
  const showOthers = (/** @type {boolean} */ on) => {
    more.hidden = !on;
    opener.setAttribute("aria-expanded", String(on));
  };
  if (others.length) el.append(...(alone ? [] : [opener]), more);
  const set = (/** @type {Text} */ text) => {
    for (const [lang, input] of inputs) input.value = text[lang] ?? "";
    // Words that are there are shown: whoever changes one language sees that another one still says the old.
    showOthers(others.some(([, input]) => input.value !== ""));
  };
  set(value);
  return {
    el,
    set,
    value: () =>
      Object.fromEntries(inputs.map(([lang, input]) => [lang, input.value.trim()]).filter(([, words]) => words !== "")),
    focus: () => first[1].focus(),
    showOthers,
  };
}

/**
 * What speakers of the language call it.
 * @param {string} lang
 */
function languageName(lang) {
  try {
    return new Intl.DisplayNames([lang], { type: "language" }).of(lang) ?? lang;
  } catch {
    return lang;
  }
}
