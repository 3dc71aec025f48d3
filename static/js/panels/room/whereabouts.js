/** Where one is, and wants to be: in the own room, in another that one picks, or in the plenary. */

import { refusal } from "../../lib/texts.js";
import { Intents } from "../../live/intents.js";

/** @import { Session } from "../../live/session.js" */

const HALL = "";
const KEY = "place";
/** Refusals of somebody who was moved meanwhile, or is in the plenary already: the page says so by itself. */
const MOVED = new Set(["stale", "room.none"]);

export class Whereabouts {
  #session;
  /** @type {Intents<string>} */
  #intents;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    this.#intents = new Intents(session, () => this.#listeners.forEach((fn) => fn()), (command) => {
      if (command.do === "room.leave") return [KEY, HALL];
      if (command.do === "room.enter") return [KEY, session.store.docs.me?.seat ?? HALL];
      return command.do === "room.choose" ? [KEY, String(command.room)] : null;
    });
  }

  /** Call `fn` after each change of what one asked for. @param {() => void} fn */
  onChange(fn) {
    this.#listeners.add(fn);
  }

  /** Whether one is on the way somewhere. @returns {boolean} */
  waiting() {
    return this.#intents.get(KEY, this.#session.store.docs.me?.room ?? HALL).waiting;
  }

  /** Why the last step was refused, in words; empty where it was not. @returns {string} */
  problem() {
    const why = this.#intents.refusal(KEY);
    return why && !MOVED.has(why.code) && !this.waiting() ? refusal(why) : "";
  }

  /** To the plenary; the seat stays one's own. */
  leave() {
    this.#send(HALL, "room.leave", { room: this.#session.store.docs.me?.room });
  }

  /** Back to the own room. */
  enter() {
    this.#send(this.#session.store.docs.me?.seat ?? HALL, "room.enter", {});
  }

  /** To a room, where people choose. @param {string} room */
  go(room) {
    if (room === this.#session.store.docs.me?.seat) this.enter();
    else this.#send(room, "room.choose", { room });
  }

  /** @param {string} to @param {string} what @param {Record<string, unknown>} fields */
  #send(to, what, fields) {
    if (!this.waiting()) void this.#intents.run(KEY, to, what, fields);
  }
}
