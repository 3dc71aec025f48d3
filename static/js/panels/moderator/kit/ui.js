/**
 * The few controls of which every panel of the moderator's page is made. Only here their classes are named.
 */
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/texts.js";
import { formatClock } from "../../../lib/time.js";

/** @typedef {import("../../../lib/dom.js").Child} Child */
/** @typedef {"primary" | "plain" | "quiet" | "danger"} Look */

/**
 * A button.
 * @param {Child | Child[]} label
 * @param {(event: MouseEvent) => void} onclick
 * @param {{look?: Look, name?: string, class?: string, key?: string}} [more] `name`: the accessible name where the label
 *   alone does not say on what it acts; `key`: the shortcut that does the same
 */
export function button(label, onclick, { look = "plain", name, class: extra = "", key } = {}) {
  const el = h(
    "button",
    { type: "button", class: ["button", look === "plain" ? "" : look, extra].filter(Boolean).join(" "), onclick },
    label,
  );
  if (name) el.setAttribute("aria-label", name);
  if (key) el.setAttribute("aria-keyshortcuts", key);
  return el;
}

/**
 * A switch with words beside it that say what its position means.
 * @param {string} label
 * @param {(on: boolean, input: HTMLInputElement) => void} onchange
 */
export function toggle(label, onchange) {
  const input = h("input", { type: "checkbox", role: "switch", class: "switch" });
  input.addEventListener("change", () => onchange(input.checked, input));
  return { el: h("label", { class: "check" }, input, h("span", null, label)), input };
}

/**
 * A control with its label, and a hint where one helps.
 * @param {string} label
 * @param {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} control
 * @param {string} [hint]
 */
export function field(label, control, hint) {
  control.id ||= newId("f");
  const note = hint ? h("p", { class: "hint", id: newId("h") }, hint) : null;
  if (note) control.setAttribute("aria-describedby", note.id);
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, note);
}

/**
 * A list to choose from.
 * @param {readonly (readonly [value: string, label: string])[]} options
 * @param {string} value
 */
export function select(options, value) {
  const el = h(
    "select",
    { class: "input" },
    options.map(([key, label]) => h("option", { value: key }, label)),
  );
  el.value = value;
  return el;
}

/**
 * A word on a coloured ground; the word says it all, the colour only helps.
 * @param {string} label
 * @param {"live" | "action" | "notice" | "caution" | "calm"} [tone]
 */
export function chip(label, tone = "calm") {
  return h("span", { class: `chip ${tone}` }, label);
}

/**
 * Redraw `root`; when the control with the focus is hidden by it (a poll that was closed offers other buttons), the first
 * one that is left takes the focus, so that the keyboard stays where the work is.
 * @param {HTMLElement} root
 * @param {() => void} draw
 */
export function keepFocus(root, draw) {
  const focused = document.activeElement;
  const inside = focused instanceof HTMLElement && focused !== root && root.contains(focused);
  draw();
  if (!inside || (focused.isConnected && !focused.closest("[hidden]") && document.activeElement === focused)) return;
  const left = [...root.querySelectorAll("button, a[href], input, select, textarea")];
  const next = /** @type {HTMLElement | undefined} */ (left.find((el) => !el.closest("[hidden], [inert]")));
  next?.focus({ preventScroll: true });
}

/**
 * A planned time: whole minutes in words, anything else as a clock.
 * @param {number} seconds
 */
export function duration(seconds) {
  return seconds % 60 === 0 ? t("moderator.agenda.minutes", { n: seconds / 60 }) : formatClock(seconds * 1000);
}

let made = 0;

/**
 * An id that no other element of the page has.
 * @param {string} prefix
 */
export function newId(prefix) {
  made += 1;
  return `${prefix}-${made}`;
}
