/**
 * Of what the form of a plan is made: numbers, ways of which one is taken, a place for what is wrong, and the sentence that
 * says what would come of it.
 */
import { h, setText } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { partsOf } from "./kit/rooms-form-model.js";
import { planName } from "./kit/rooms-words.js";
import { newId } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("./kit/rooms-form-model.js").RoomsForm} Form */

/**
 * What would come of the form.
 * @param {Form} form
 * @param {number} people
 * @param {{rooms: number, small: number, large: number} | null} made
 */
export function outcomeWords(form, people, made) {
  const parts = partsOf(form);
  if (!made || parts.again) return "";
  const here = t("moderator.rooms.outcome.here", { n: people });
  if (people < 2) return t("moderator.rooms.outcome.nobody", { here });
  if (parts.byHand) {
    const words = t(`moderator.rooms.outcome.${form.assign}`, { here, n: made.rooms });
    const places = form.assign === "chosen" ? Number(form.places) * made.rooms : 0;
    return places > 0 && places < people ? `${words} ${t("moderator.rooms.outcome.few", { n: places })}` : words;
  }
  const rooms = t("moderator.rooms.count", { n: made.rooms });
  const { small, large } = made;
  const words = t(small === large ? "moderator.rooms.outcome.even" : "moderator.rooms.outcome.uneven", {
    here,
    rooms,
    small,
    large,
  });
  if (form.by === "rooms" && made.rooms < Number(form.rooms)) return `${words} ${t("moderator.rooms.outcome.alone")}`;
  const tables = Number(form.rounds) > made.rooms && form.rotate === "people";
  return tables ? `${words} ${t("moderator.rooms.outcome.again", { n: made.rooms })}` : words;
}

/** @param {Tools} tools @param {string} id @returns {[string, string]} */
export function planOption(tools, id) {
  const plan = tools.desk.rooms[id];
  return [id, plan ? `${planName(plan)} · ${tools.timeOf(plan.made)}` : id];
}

/** @param {string} value @param {number} min @param {number} max */
export function number(value, min, max) {
  const input = h("input", { type: "number", class: "input number-input", inputmode: "numeric", min, max });
  input.value = value;
  return input;
}

/**
 * A place in a form where it is said what is wrong.
 * @typedef {{el: HTMLElement, say: (words: string) => void, focus: () => void}} Place empty words take it back
 */

/**
 * @param {HTMLElement} control
 * @returns {Place & {note: HTMLElement}} `note` is to stand beside the control
 */
export function noteOf(control) {
  const note = h("p", { class: "error", id: newId("wrong"), role: "alert", hidden: true });
  control.setAttribute(
    "aria-describedby",
    [control.getAttribute("aria-describedby"), note.id].filter(Boolean).join(" "),
  );
  const say = (/** @type {string} */ words) => {
    if (words) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    note.hidden = words === "";
    setText(note, words);
  };
  return { el: control, note, say, focus: () => control.focus() };
}

/** @param {import("./kit/text-field.js").TextField} text @returns {Place} */
export function textPlace(text) {
  return { el: text.el, say: text.complain, focus: text.focus };
}

/**
 * Say beside the fields what is wrong with them; the first one takes the focus.
 * @param {Partial<Record<string, Place>>} places in the order of the form
 * @param {readonly import("./kit/rooms-refusals.js").Wrong[]} wrongs
 * @returns {boolean} whether anything was said: not where the form does not show what it is about
 */
export function sayWrongs(places, wrongs) {
  const told = Object.entries(places).filter(([name, place]) => {
    const found = wrongs.find((wrong) => wrong.place === name);
    if (!place || !found || place.el.closest("[hidden]")) return false;
    place.say(t(`moderator.rooms.wrong.${found.wrong}`));
    return true;
  });
  told[0]?.[1]?.focus();
  return told.length > 0;
}

/**
 * Some ways of which one is taken.
 * @template {string} T
 * @param {string} group
 * @param {readonly T[]} values
 * @param {T} value
 * @param {string} legend
 * @param {(value: T) => string} label
 * @param {() => void} onchange
 */
export function choices(group, values, value, legend, label, onchange) {
  const name = newId(group);
  const inputs = values.map((one) => {
    const input = h("input", { type: "radio", name, value: one, onchange });
    input.checked = one === value;
    return input;
  });
  const el = h(
    "fieldset",
    { class: "field" },
    h("legend", null, legend),
    h(
      "div",
      { class: "choices" },
      values.map((one, index) => h("label", { class: "choice" }, inputs[index], label(one))),
    ),
  );
  return {
    el,
    value: () => /** @type {T} */ (inputs.find(({ checked }) => checked)?.value ?? value),
    /** @param {T} wanted */
    set: (wanted) => inputs.forEach((input) => (input.checked = input.value === wanted)),
  };
}
