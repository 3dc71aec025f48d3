/** A short word about what one just did, at the foot of the page; read out by screen readers, gone by itself. */

import { byId, h } from "./dom.js";

const LASTS = 6_000;

/**
 * @param {string} text
 * @param {"done" | "problem"} [kind]
 */
export function toast(text, kind = "done") {
  const line = h("p", { class: `toast ${kind}` }, text);
  byId("toasts").append(line);
  setTimeout(() => line.remove(), LASTS);
}
