/** The letter and the shape of an option: colour is never the only sign. The shapes are drawn by base.css. */

import { h } from "./dom.js";

const SHAPES = 6;

/**
 * `A` in a circle, `B` in a square, and so on; a scale shows its numbers.
 *
 * @param {number} index position of the option
 * @param {string} [label] instead of the letter
 * @returns {HTMLElement}
 */
export function mark(index, label = letter(index)) {
  return h("span", { class: "mark", "data-shape": index % SHAPES, "aria-hidden": "true" }, label);
}

/** `A`, `B`, … `Z`, `AA`, … @param {number} index @returns {string} */
export function letter(index) {
  const rest = String.fromCharCode(65 + (index % 26));
  return index < 26 ? rest : letter(Math.floor(index / 26) - 1) + rest;
}
