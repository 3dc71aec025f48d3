/**
 * Of what the form of a plan is made: numbers, ways of which one is taken, a place for what is wrong, and the sentence that
 * says what would come of it.
 */
import { h } from "../../lib/dom.js";
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
  if (parts.byHand) return t(`moderator.rooms.outcome.${form.assign}`, { here, n: made.rooms });
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

/** @param {HTMLElement} control */
export function noteOf(control) {
  const note = h("p", { class: "error", id: newId("wrong"), role: "alert", hidden: true });
  control.setAttribute(
    "aria-describedby",
    [control.getAttribute("aria-describedby"), note.id].filter(Boolean).join(" "),
  );
  return { control, note };
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
