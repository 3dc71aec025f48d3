/**
 * The documents of this reader, as the server last gave them, and the server's time.
 *
 * Rules: documents are never changed in place; `seen` is the position that the last frame named, which is a new one only where
 * that frame is the last of those that lead to it. Of the rooms at most one outlives a change of `me`: the one that the person
 * is in. Its document is also heard of as `room`, whichever room that is, so that a reader need not follow the person from room
 * to room.
 */

import { mergePatch } from "./patch.js";

/** @import { Boot, Docs, Frame, Room, RoomDoc, Seen } from "./types.js" */

export class Store {
  /** @type {Partial<Docs>} */
  docs;
  /** The last entry that the documents show. @type {number} */
  seq;
  /** @type {Map<string, number>} the last entry that each document shows, where it came by a frame */
  #seqs = new Map();
  /** @type {string | undefined} the position to name to the server; empty while what is held is of none */
  seen;
  /** @type {number} server time minus local time, ms */
  #offset;
  #local;
  /** What is to be drawn once the documents that change together are all here. @type {Set<() => void>} */
  #together = new Set();
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
    if (frame.now !== undefined) this.#setTime(frame.now);
    if (this.seen !== "") this.#drawTogether();
  }

  /** The document of the room that this person is in, once it is here. @returns {Room | undefined} */
  get room() {
    return roomOf(this.docs);
  }

  /**
   * Call `fn` after each change of a document, with the new one (undefined when it is gone) and the one before.
   *
   * @template {keyof Seen} K
   * @param {K} name
   * @param {(doc: Seen[K] | undefined, before: Seen[K] | undefined) => void} fn
   * @returns {() => void} stops it
   */
  on(name, fn) {
    const listeners = this.#listeners.get(name) ?? new Set();
    listeners.add(fn);
    this.#listeners.set(name, listeners);
    return () => listeners.delete(fn);
  }

  /**
   * Call `render` now, and once per turn of the event loop in which any of the documents changed. Where several documents
   * change together it is called once all of them are here: in between, one may say what another does not know yet.
   *
   * @param {readonly (keyof Seen)[]} names
   * @param {() => void} render
   * @returns {() => void} stops it
   */
  watch(names, render) {
    let waiting = false;
    let stopped = false;
    const draw = () => {
      waiting = false;
      if (!stopped) render();
    };
    const later = () => {
      if (waiting) return;
      waiting = true;
      if (this.seen === "") this.#together.add(draw);
      else queueMicrotask(draw);
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
    this.#setTime(welcome.now);
    this.docs = leaveOtherRooms(this.docs);
    const names = new Set([...Object.keys(before), ...Object.keys(this.docs)]);
    for (const name of names) this.#seqs.set(name, welcome.seq);
    this.#tell(names, before);
  }

  /** @param {string} name @param {Frame} frame */
  #document(name, frame) {
    const before = this.docs;
    const key = /** @type {keyof Docs} */ (name);
    const rest = { ...before };
    if (frame.gone) delete rest[key];
    else rest[key] = /** @type {any} */ ("full" in frame ? frame.full : mergePatch(before[key], frame.patch));
    // A room's document may come before `me` says that one is there: only a change of `me` shows which one is over.
    this.docs = key === "me" ? leaveOtherRooms(rest) : rest;
    if (frame.seq !== undefined) {
      this.seq = frame.seq;
      this.#seqs.set(name, frame.seq);
    }
    this.seen = frame.at ?? this.seen;
    this.#tell(new Set([...Object.keys(before), name]), before);
  }

  #drawTogether() {
    for (const draw of this.#together) queueMicrotask(draw);
    this.#together.clear();
  }

  /** @param {number} now */
  #setTime(now) {
    const offset = now - this.#local();
    // A frame can only be late, never early: the least delayed frame knows the time best. A jump is another clock.
    if (offset > this.#offset || this.#offset - offset > 2_000) this.#offset = offset;
  }

  /**
   * Tell of each of these documents that changed, and of the person's room.
   *
   * @param {Iterable<string>} names
   * @param {Partial<Docs>} before
   */
  #tell(names, before) {
    for (const name of names) {
      const key = /** @type {keyof Docs} */ (name);
      this.#call(name, this.docs[key], before[key]);
    }
    this.#call("room", roomOf(this.docs), roomOf(before));
  }

  /** @param {string} name @param {unknown} doc @param {unknown} before */
  #call(name, doc, before) {
    if (doc === before) return;
    for (const fn of this.#listeners.get(name) ?? []) {
      try {
        fn(doc, before);
      } catch (error) {
        // The mistake of one panel is reported like any other, and costs neither the other panels nor the connection.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

/** @param {Partial<Docs>} docs @returns {Room | undefined} the document of the room that the person is in */
function roomOf(docs) {
  const id = docs.me?.room;
  return id == null ? undefined : docs[`room/${id}`];
}

/** The documents without those of rooms in which the person is not. @param {Partial<Docs>} docs @returns {Partial<Docs>} */
function leaveOtherRooms(docs) {
  const own = `room/${docs.me?.room}`;
  const over = /** @type {RoomDoc[]} */ (Object.keys(docs)).filter((name) => name.startsWith("room/") && name !== own);
  if (!over.length) return docs;
  const rest = { ...docs };
  for (const name of over) delete rest[name];
  return rest;
}
