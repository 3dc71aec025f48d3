/**
 * What one did oneself, as far as the stage counts it.
 *
 * One's own document comes at once, counts for everybody a little later. Who adds what is on its way to a count has to know what is
 * in it already, or the number goes up, down and up again.
 */

/** @import { Store } from "./store.js" */
/** @import { Docs } from "./types.js" */

/** After so long a count has arrived, or nothing of it changed and none will, ms. */
const LATEST = 3_000;

/** @template V */
export class Counted {
  /** The value of the own document by the entry since when it holds; the first is the one that is counted. @type {{seq: number, value: V}[]} */
  #steps;
  #store;

  /**
   * @param {Store} store
   * @param {(me: Docs["me"] | undefined) => V} read the part of the own document that is counted
   * @param {() => void} redraw called when a count is no longer waited for
   * @param {(fn: () => void, ms: number) => unknown} [later]
   */
  constructor(store, read, redraw, later = setTimeout) {
    this.#store = store;
    this.#steps = [{ seq: store.seqOf("me"), value: read(store.docs.me) }];
    store.on("me", (me) => {
      const value = read(me);
      if (value === this.#steps.at(-1)?.value) return;
      const step = { seq: store.seqOf("me"), value };
      this.#steps.push(step);
      later(() => {
        const index = this.#steps.indexOf(step);
        if (index < 1) return;
        this.#steps.splice(0, index);
        redraw();
      }, LATEST);
    });
  }

  /** The value of the own document that the stage shows. @returns {V} */
  get value() {
    const seq = this.#store.seqOf("stage");
    while (this.#steps[1] && this.#steps[1].seq <= seq) this.#steps.shift();
    return /** @type {{value: V}} */ (this.#steps[0]).value;
  }
}
