/** A short word about what one just did, at the foot of the page; read out by screen readers, gone by itself. */

import { h } from "./dom.js";

const LASTS = 6_000;

/**
 * @param {string} text
 * @param {"done" | "problem"} [kind]
 */
export function toast(text, kind = "done") {
  let place = document.getElementById("toasts");
  if (!place) {
    place = h("div", { id: "toasts", class: "toasts", role: "status" });
    document.body.append(place);
  }
  const line = h("p", { class: `toast ${kind}` }, text);
  place.append(line);
  setTimeout(() => line.remove(), LASTS);
}
