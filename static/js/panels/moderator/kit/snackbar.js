/**
 * One line at the foot of the page that says what was done and offers the way back. It stays while somebody points at it
 * or has the focus in it.
 */
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/texts.js";
import { button } from "./ui.js";

/** How long a line stays, ms: long enough to read twice. */
const STAYS = 8_000;

export class Snackbar {
  #words = h("p", { class: "snackbar-words", role: "status" });
  #actions = h("div", { class: "snackbar-actions" });
  #el;
  #timer = 0;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.#el = h("div", { class: "snackbar", hidden: true }, this.#words, this.#actions);
    for (const stop of ["pointerenter", "focusin"]) this.#el.addEventListener(stop, () => clearTimeout(this.#timer));
    for (const go of ["pointerleave", "focusout"]) this.#el.addEventListener(go, () => this.#later());
    parent.append(this.#el);
  }

  /**
   * @param {string} words
   * @param {{label: string, run: () => void}} [way] the way back
   */
  show(words, way) {
    // The words are written after the line is there: a live region that comes with its words is often not read.
    this.#el.hidden = false;
    this.#words.textContent = words;
    const hide = () => (this.#el.hidden = true);
    const back = way
      ? [
          button(
            way.label,
            () => {
              hide();
              way.run();
            },
            { look: "quiet", key: "u" },
          ),
        ]
      : [];
    this.#actions.replaceChildren(
      ...back,
      button("×", hide, { look: "quiet", name: t("moderator.snackbar.close"), class: "snackbar-close" }),
    );
    this.#later();
  }

  /** Other words in the place of these, where they still stand there. @param {string} words @param {string} instead */
  amend(words, instead) {
    if (!this.#el.hidden && this.#words.textContent === words) this.#words.textContent = instead;
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => (this.#el.hidden = true), STAYS);
  }
}
