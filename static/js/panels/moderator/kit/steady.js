/**
 * Nothing moves under the hand. While somebody points into a column, its lists take only changes that shift nothing:
 * new rows go to the end, rows that left stay as pale shells, the order waits. And whatever grows elsewhere in the
 * column, the row under the pointer or with the focus keeps its place on the screen.
 *
 * After a moment of quiet, or after an act of one's own, everything takes its true place.
 */

/** How long after the last movement of the pointer a column counts as in use, ms. */
const QUIET = 3_000;
/** How long after an act of one's own the lists follow at once, ms. */
const OWN_ACT = 1_500;

/** The event that a control sends up when its command was done. */
export const ACTED = "baraza:acted";

/**
 * The order to show now.
 * @param {readonly string[]} shown what stands there
 * @param {readonly string[]} wanted what should
 * @param {boolean} holding whether a hand is near
 * @returns {{order: string[], gone: Set<string>}} `gone`: rows that are shown only so that nothing moves
 */
export function settle(shown, wanted, holding) {
  if (!holding || shown.length === 0) return { order: [...wanted], gone: new Set() };
  const present = new Set(shown);
  const stay = new Set(wanted);
  return {
    order: [...shown, ...wanted.filter((key) => !present.has(key))],
    gone: new Set(shown.filter((key) => !stay.has(key))),
  };
}

/** One column, its lists and the hand over it. */
export class Steady {
  #now;
  #column;
  #pointed = -Infinity;
  #free = -Infinity;
  #down = false;
  #timer = 0;
  /** @type {Set<() => void>} */
  #waiting = new Set();
  /** @type {{el: Element, top: number} | null} */
  #anchor = null;

  /**
   * @param {HTMLElement} column
   * @param {() => number} [now]
   */
  constructor(column, now = () => performance.now()) {
    this.#column = column;
    this.#now = now;
    column.addEventListener("pointermove", (event) => this.#point(event.target));
    column.addEventListener("pointerdown", (event) => {
      this.#down = true;
      this.#point(event.target);
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
      column.addEventListener(end, () => (this.#down = false));
    }
    column.addEventListener("pointerleave", () => this.#release());
    column.addEventListener("focusin", (event) => this.#hold(event.target));
    column.addEventListener(ACTED, () => {
      this.#free = this.#now() + OWN_ACT;
      this.#release();
    });
    for (const place of [column, window]) {
      // Also what scrolls inside of the column, of which no word goes up.
      place.addEventListener("scroll", () => this.#measure(), { passive: true, capture: true });
    }
    new MutationObserver(() => this.#restore()).observe(column, {
      childList: true,
      subtree: true,
      characterData: true,
    });
  }

  /** Whether a hand is near. */
  get holding() {
    const now = this.#now();
    return now >= this.#free && (this.#down || now - this.#pointed < QUIET);
  }

  /**
   * The order in which `list` shows its rows now; `again` renders it once more when the hand has gone.
   * @param {Element} list
   * @param {readonly string[]} wanted
   * @param {() => void} again
   */
  order(list, wanted, again) {
    const shown = [...list.children].flatMap((el) => /** @type {HTMLElement} */ (el).dataset.key ?? []);
    const settled = settle(shown, wanted, this.holding);
    if (settled.order.length !== wanted.length || settled.order.some((key, index) => key !== wanted[index])) {
      this.#waiting.add(again);
      this.#later();
    }
    return settled;
  }

  /** @param {EventTarget | null} target */
  #point(target) {
    this.#pointed = this.#now();
    this.#hold(target);
  }

  /** @param {EventTarget | null} target */
  #hold(target) {
    if (!(target instanceof Element)) return;
    const el = target.closest("[data-key], section, button") ?? target;
    this.#anchor = { el, top: el.getBoundingClientRect().top };
  }

  #measure() {
    if (this.#anchor) this.#anchor.top = this.#anchor.el.getBoundingClientRect().top;
  }

  /** Scroll by as much as the anchor was pushed. */
  #restore() {
    const anchor = this.#anchor;
    if (!anchor) return;
    const now = this.#now();
    const used = now - this.#pointed < QUIET || this.#column.contains(document.activeElement);
    // What was taken from the page or hidden has no place.
    if (!used || anchor.el.getClientRects().length === 0) {
      this.#anchor = null;
      return;
    }
    if (now < this.#free) return this.#measure();
    const pushed = anchor.el.getBoundingClientRect().top - anchor.top;
    if (Math.abs(pushed) < 1) return;
    const scrolls = getComputedStyle(this.#column).overflowY !== "visible";
    (scrolls ? this.#column : document.scrollingElement)?.scrollBy({ top: pushed, behavior: "instant" });
    this.#measure();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => (this.holding ? this.#later() : this.#release()), QUIET / 3);
  }

  #release() {
    this.#pointed = -Infinity;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const again of waiting) again();
  }
}
