/**
 * A field for words that people read: one input in the moderator's language and, in a session of several languages, the
 * others behind a button, so that nobody meets a text that was forgotten in theirs.
 *
 * Nothing typed or pasted is cut: a text that is too long says so beside its field, and is not sent.
 */
import { h, setText } from "../../../lib/dom.js";
import { t } from "../../../lib/texts.js";
import { lengthOf } from "./length.js";
import { button, field, newId } from "./ui.js";

/** @typedef {import("../../../live/types.js").Text} Text */

/**
 * @typedef {object} TextField
 * @property {HTMLElement} el
 * @property {() => Text} value the languages that say something
 * @property {(text: Text) => void} set
 * @property {(lang: string, words: string) => void} write one language, and leave the others alone
 * @property {(more?: {optional?: boolean}) => boolean} check whether it can be sent; if not, it says why beside the field
 *   and takes the focus. Empty is wrong, unless it is optional
 * @property {(words: string) => void} complain what is wrong with it, found elsewhere; the next change takes it back
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
  const inputs = languages.map((lang) => textInput(lang, long, max, () => oninput?.()));
  const [first, ...others] = inputs;
  if (!first) throw new Error("a session has at least one language");
  const el = h("div", { class: "text-field" });
  const named = (/** @type {string} */ lang) => (others.length ? `${label} (${languageName(lang)})` : label);
  if (hideLabel) first.input.setAttribute("aria-label", named(first.lang));
  el.append(hideLabel ? first.input : field(named(first.lang), first.input, hint), first.note);
  const more = h("div", { class: "text-field-others", id: newId("languages"), hidden: true });
  more.append(
    ...others.map(({ lang, input, note }) => {
      const row = field(named(lang), input);
      row.append(note);
      return row;
    }),
  );
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
  for (const { input, describe } of inputs) describe(input.getAttribute("aria-describedby"));
  const set = (/** @type {Text} */ text) => {
    for (const { lang, write } of inputs) write(text[lang] ?? "");
    // Words that are there are shown: whoever changes one language sees that another one still says the old.
    showOthers(others.some(({ input }) => input.value !== ""));
  };
  set(value);
  return {
    el,
    set,
    write: (lang, words) => inputs.find((one) => one.lang === lang)?.write(words),
    value: () =>
      Object.fromEntries(
        inputs.map(({ lang, input }) => [lang, input.value.trim()]).filter(([, words]) => words !== ""),
      ),
    check: ({ optional = false } = {}) => {
      const long = inputs.find(({ isOver }) => isOver());
      const empty = !optional && inputs.every(({ input }) => input.value.trim() === "");
      const wrong = long ?? (empty ? first : null);
      if (!wrong) return true;
      if (!long) first.complain(t("moderator.text.empty"));
      if (others.includes(wrong)) showOthers(true);
      wrong.input.focus();
      return false;
    },
    complain: first.complain,
    focus: () => first.input.focus(),
    showOthers,
  };
}

/**
 * The input of one language, with what it has to say: how long the text is, once it is nearly too long, and what is wrong.
 * @param {string} lang
 * @param {boolean} long
 * @param {number} max
 * @param {() => void} oninput
 */
function textInput(lang, long, max, oninput) {
  const props = { class: "input", lang, dir: "auto", autocomplete: "off" };
  const input = /** @type {HTMLInputElement | HTMLTextAreaElement} */ (
    long ? h("textarea", { ...props, rows: 2 }) : h("input", { ...props, type: "text" })
  );
  const wrong = h("span", { class: "error", id: newId("wrong"), role: "alert" });
  const count = h("span", { class: "hint text-count", id: newId("count") });
  const note = h("p", { class: "row apart text-note", hidden: true }, wrong, count);
  const complain = (/** @type {string} */ words) => {
    setText(wrong, words);
    if (words) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    note.hidden = !words && count.hidden;
  };
  const draw = () => {
    const { n, near, over } = lengthOf(input.value, max);
    count.hidden = !near;
    setText(count, near ? t("moderator.text.count", { n, max }) : "");
    complain(over ? t("moderator.text.too_long", { max }) : "");
  };
  input.addEventListener("input", () => {
    draw();
    oninput();
  });
  return {
    lang,
    input,
    note,
    complain,
    isOver: () => lengthOf(input.value, max).over,
    write: (/** @type {string} */ words) => {
      input.value = words;
      draw();
    },
    describe: (/** @type {string | null} */ hint) =>
      input.setAttribute("aria-describedby", [hint, wrong.id, count.id].filter(Boolean).join(" ")),
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
