/** A text with numbered lines, some of which have a remark. */

import { h } from "../lib/dom.js";

/**
 * @param {HTMLTextAreaElement} text
 * @param {HTMLElement} gutter
 * @returns {{mark: (lines: readonly number[]) => void, go: (line: number) => void}} lines count from 1
 */
export function mountEditor(text, gutter) {
  /** @type {Set<number>} */
  let remarked = new Set();

  function draw() {
    const count = text.value.split("\n").length;
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    gutter.replaceChildren(...numbers.map((line) => h("li", { class: remarked.has(line) ? "remarked" : "" }, line)));
    follow();
  }

  function follow() {
    gutter.scrollTop = text.scrollTop;
  }

  text.addEventListener("input", () => {
    // The remarks were about the text as it was.
    remarked = new Set();
    draw();
  });
  text.addEventListener("scroll", follow);
  draw();
  return {
    mark(lines) {
      remarked = new Set(lines);
      draw();
    },
    go(line) {
      const before = text.value.split("\n").slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
      const length = text.value.slice(before).indexOf("\n");
      text.focus();
      text.setSelectionRange(before, length < 0 ? text.value.length : before + length);
      const height = text.scrollHeight / text.value.split("\n").length;
      text.scrollTop = Math.max(0, (line - 4) * height);
    },
  };
}
