/**
 * The documents of this reader, as the server last gave them, and the server's time.
 *
 * Rules: documents are never changed in place; `seen` names only a position whose documents have all arrived.
 */

import { mergePatch } from "./patch.js";

/** @import { Boot, Docs, Frame } from "./types.js" */

export class Store {
  /** @type {Partial<Docs>} */
  docs;
  /** The last entry that the documents show. @type {number} */
  seq;
  /** @type {Map<string, number>} the last entry that each document shows, where it came by a frame */
  #seqs = new Map();
  /** @type {string | undefined} the position that may be named to the server as held in full */
  seen;
  /** @type {string | undefined} the position of documents that are still arriving */
  #arriving;
  /** @type {number} server time minus local time, ms */
  #offset;
  #local;
  /** @type {Map<string, Set<(doc: any, before: any) => void>>} */
  #listeners = new Map();

  /**
   * @param {Pick<Boot, "at" | "seq" | "now" | "docs">} boot what the page was rendered from
   * @param {() => number} [local] the local clock, ms
   */
  constructor(boot, local = Date.now) {
    this.docs = boot.docs;
    this.seq = boot.seq;
    this.seen = boot.at;
    this.#local = local;
    this.#offset = boot.now - local();
  }

  /** Server time, ms. @returns {number} */
  now() {
    return this.#local() + this.#offset;
  }

  /**
   * The last entry that this document was told to show; other documents may be ahead while frames arrive.
   *
   * @param {keyof Docs} name
   * @returns {number}
   */
  seqOf(name) {
    return this.#seqs.get(name) ?? 0;
  }

  /**
   * Take a frame from the server. A frame without documents only corrects the time.
   *
   * @param {Frame} frame
   */
  apply(frame) {
    if (frame.welcome) this.#welcome(frame.welcome);
    else if (frame.doc !== undefined) this.#document(frame.doc, frame);
    else if (frame.pong !== undefined) this.#settle(undefined);
    if (frame.now !== undefined) this.#setTime(frame.now);
  }

  /**
   * Call `fn` after each change of a document, with the new one (undefined when it is gone) and the one before.
   *
   * @template {keyof Docs} K
   * @param {K} name
   * @param {(doc: Docs[K] | undefined, before: Docs[K] | undefined) => void} fn
   * @returns {() => void} stops it
   */
  on(name, fn) {
    const listeners = this.#listeners.get(name) ?? new Set();
    listeners.add(fn);
    this.#listeners.set(name, listeners);
    return () => listeners.delete(fn);
  }

  /**
   * Call `render` now, and once per turn of the event loop in which any of the documents changed.
   *
   * @param {readonly (keyof Docs)[]} names
   * @param {() => void} render
   * @returns {() => void} stops it
   */
  watch(names, render) {
    let waiting = false;
    let stopped = false;
    const later = () => {
      if (waiting) return;
      waiting = true;
      queueMicrotask(() => {
        waiting = false;
        if (!stopped) render();
      });
    };
    const offs = names.map((name) => this.on(name, later));
    render();
    return () => {
      stopped = true;
      for (const off of offs) off();
    };
  }

  /** @param {import("./types.js").Welcome} welcome */
  #welcome(welcome) {
    const before = this.docs;
    this.docs = welcome.resumed ? { ...before, ...welcome.docs } : welcome.docs;
    this.seq = welcome.seq;
    this.seen = welcome.at;
    this.#arriving = undefined;
    this.#setTime(welcome.now);
    for (const name of new Set([...Object.keys(before), ...Object.keys(this.docs)])) {
      this.#seqs.set(name, welcome.seq);
      this.#tell(name, before);
    }
  }

  /** @param {string} name @param {Frame} frame */
  #document(name, frame) {
    const before = this.docs;
    const key = /** @type {keyof Docs} */ (name);
    const rest = { ...before };
    if (frame.gone) delete rest[key];
    else rest[key] = /** @type {any} */ ("full" in frame ? frame.full : mergePatch(before[key], frame.patch));
    this.docs = rest;
    if (frame.seq !== undefined) {
      this.seq = frame.seq;
      this.#seqs.set(name, frame.seq);
    }
    this.#settle(frame.at);
    this.#tell(name, before);
  }

  /**
   * Documents that changed together arrive one after the other under the same position. The connection may break between
   * them, so a position counts as held only when something else follows it.
   *
   * @param {string | undefined} at
   */
  #settle(at) {
    if (at === this.#arriving) return;
    if (this.#arriving !== undefined) this.seen = this.#arriving;
    this.#arriving = at;
  }

  /** @param {number} now */
  #setTime(now) {
    const offset = now - this.#local();
    // A frame can only be late, never early: the least delayed frame knows the time best. A jump is another clock.
    if (offset > this.#offset || this.#offset - offset > 2_000) this.#offset = offset;
  }

  /** @param {string} name @param {Partial<Docs>} before */
  #tell(name, before) {
    const key = /** @type {keyof Docs} */ (name);
    if (this.docs[key] === before[key]) return;
    for (const fn of this.#listeners.get(name) ?? []) {
      try {
        fn(this.docs[key], before[key]);
      } catch (error) {
        // The mistake of one panel is reported like any other, and costs neither the other panels nor the connection.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
