/**
 * What this person did and the documents do not show yet.
 *
 * A vote shows at once that it was sent, then that it counted. `done` may come before the document that shows the change,
 * and a command of before a reload may still be waiting; both are bridged here, so that nothing flickers back.
 */

/** @import { Session } from "./session.js" */
/** @import { Command, Docs, Outcome, Refusal } from "./types.js" */

/**
 * @template V
 * @typedef {{value: V, id?: string, seq?: number}} Intent `seq` once the server took it; `id` for one of before a reload
 */

/** @template V */
export class Intents {
  /** @type {Map<string, Intent<V>>} */
  #intents = new Map();
  /** @type {Map<string, Refusal>} */
  #refusals = new Map();
  #session;
  #redraw;
  #doc;

  /**
   * @param {Session} session
   * @param {() => void} redraw called after every change
   * @param {(command: Command) => [key: string, value: V] | null} restore what a waiting command of before a reload means
   * @param {() => keyof Docs} [doc] the document that shows what comes of it
   */
  constructor(session, redraw, restore, doc = () => "me") {
    this.#session = session;
    this.#redraw = redraw;
    this.#doc = doc;
    for (const command of session.pending()) {
      const meant = restore(command);
      if (meant) this.#intents.set(meant[0], { value: meant[1], id: command.id });
    }
    session.onRefused((command, why) => {
      const meant = restore(command);
      if (meant) this.#refusals.set(meant[0], why);
    });
    session.onPending(() => this.#forgetRestored());
  }

  /**
   * Do something about `key`, and show `value` for it until the documents do.
   *
   * @param {string} key
   * @param {V} value
   * @param {string} what
   * @param {Record<string, unknown>} fields
   * @returns {Promise<Outcome | null>} null when it was refused; why is in `refusal(key)`
   */
  async run(key, value, what, fields) {
    /** @type {Intent<V>} */
    const intent = { value };
    this.#intents.set(key, intent);
    this.#refusals.delete(key);
    const outcome = this.#session.send(what, fields);
    this.#redraw();
    try {
      const { seq } = await outcome;
      intent.seq = seq;
      return await outcome;
    } catch (error) {
      // Where something else was done about it since, that one's outcome is what matters.
      if (this.#intents.get(key) === intent) {
        this.#intents.delete(key);
        this.#refusals.set(key, /** @type {Refusal} */ (error));
      }
      return null;
    } finally {
      this.#redraw();
    }
  }

  /**
   * What to show for `key`, where `shown` is what the own document says.
   *
   * @param {string} key
   * @param {V} shown
   * @returns {{value: V, waiting: boolean}} `waiting` until the server took it
   */
  get(key, shown) {
    const intent = this.#intents.get(key);
    if (!intent) return { value: shown, waiting: false };
    if (intent.seq === undefined) return { value: intent.value, waiting: true };
    const caughtUp = JSON.stringify(shown) === JSON.stringify(intent.value);
    if (caughtUp || this.#session.store.seqOf(this.#doc()) >= intent.seq) {
      this.#intents.delete(key);
      return { value: shown, waiting: false };
    }
    return { value: intent.value, waiting: false };
  }

  /** Why the last thing done about `key` was refused. @param {string} key @returns {Refusal | null} */
  refusal(key) {
    return this.#refusals.get(key) ?? null;
  }

  #forgetRestored() {
    const waiting = new Set(this.#session.pending().map(({ id }) => id));
    for (const [key, { id }] of this.#intents) {
      if (id !== undefined && !waiting.has(id)) {
        this.#intents.delete(key);
        this.#redraw();
      }
    }
  }
}
