/**
 * Commands that the server has not answered yet.
 *
 * They lie in the storage of the browser tab, so a reload loses none; they keep their id, so sending one again is
 * harmless. Whoever sent a command in this page waits for its promise; after a reload nobody does: `onChange` tells that it
 * was answered, `onRefused` that it was refused. What is of this moment only (`keep: false`) is not kept at all: it is
 * gone with the connection that it was sent over.
 */

/** @import { Command, Frame, Outcome, Refusal } from "./types.js" */
/** @typedef {{resolve: (outcome: Outcome) => void, reject: (refusal: Refusal) => void}} Waiter */
/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Store */

/** The code with which a command that is not kept is given up. */
export const LOST = "lost";

export class Outbox {
  /** @type {Map<string, Command>} in the order in which they were given */
  #commands = new Map();
  /** What is of this moment only: never stored, never sent again. @type {Set<string>} */
  #fleeting = new Set();
  /** @type {Map<string, Waiter>} */
  #waiters = new Map();
  /** @type {Set<() => void>} */
  #listeners = new Set();
  /** @type {Set<(command: Command, refusal: Refusal) => void>} */
  #unawaited = new Set();
  #storage;
  #key;
  #newId;

  /**
   * @param {Store | null} storage null where the browser keeps nothing
   * @param {string} key under which this page keeps its commands
   * @param {() => string} newId
   */
  constructor(storage, key, newId) {
    this.#storage = storage;
    this.#key = key;
    this.#newId = newId;
    for (const command of this.#read()) this.#commands.set(command.id, command);
  }

  /**
   * Keep a command until it is answered; one that is not kept waits for its answer only while the connection lives.
   *
   * @param {string} what the command's `do`
   * @param {Record<string, unknown>} fields
   * @param {{keep?: boolean}} [options]
   * @returns {{command: Command, outcome: Promise<Outcome>}} the promise rejects with a refusal
   */
  add(what, fields, { keep = true } = {}) {
    const command = { ...fields, id: this.#newId(), do: what };
    /** @type {Promise<Outcome>} */
    const outcome = new Promise((resolve, reject) => this.#waiters.set(command.id, { resolve, reject }));
    if (!keep) {
      this.#fleeting.add(command.id);
      return { command, outcome };
    }
    this.#commands.set(command.id, command);
    this.#changed();
    return { command, outcome };
  }

  /** All that is kept and waits, oldest first. @returns {Command[]} */
  pending() {
    return [...this.#commands.values()];
  }

  /** The connection is lost, and with it what was of that moment. */
  lose() {
    const lost = [...this.#fleeting];
    this.#fleeting.clear();
    for (const id of lost) this.#release(id)?.reject({ code: LOST, message: "" });
  }

  /** Whether this command is kept and still waits. @param {string} id @returns {boolean} */
  has(id) {
    return this.#commands.has(id);
  }

  /**
   * Take the server's answer to a command; any other frame, and an answer to what does not wait here, changes nothing.
   *
   * @param {Frame} frame
   */
  settle(frame) {
    const id = frame.done ?? frame.refused;
    if (id === undefined) return;
    const command = this.#commands.get(id);
    if (!command && !this.#fleeting.delete(id)) return;
    const { code = "failed", message = "", fields } = frame;
    const refusal = { code, message, ...(fields && { fields }) };
    const waiter = this.#release(id);
    if (command) {
      this.#commands.delete(id);
      if (frame.refused !== undefined && !waiter) this.#unawaited.forEach((fn) => fn(command, refusal));
      this.#changed();
    }
    if (frame.done === undefined) waiter?.reject(refusal);
    else waiter?.resolve({ done: id, seq: frame.seq ?? 0, ...(frame.made !== undefined && { made: frame.made }) });
  }

  /** Give everything up: the connection is over for good. @param {Refusal} refusal */
  drop(refusal) {
    const waiters = [...this.#waiters.values()];
    this.#waiters.clear();
    this.#fleeting.clear();
    this.#commands.clear();
    this.#changed();
    for (const waiter of waiters) waiter.reject(refusal);
  }

  /** Call `fn` whenever a command was added or answered. @param {() => void} fn @returns {() => void} stops it */
  onChange(fn) {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  /**
   * Call `fn` when a command of before a reload was refused, for which nobody waits in this page.
   *
   * @param {(command: Command, refusal: Refusal) => void} fn
   * @returns {() => void} stops it
   */
  onRefused(fn) {
    this.#unawaited.add(fn);
    return () => this.#unawaited.delete(fn);
  }

  /** @param {string} id @returns {Waiter | undefined} who waited for it, and does no longer */
  #release(id) {
    const waiter = this.#waiters.get(id);
    this.#waiters.delete(id);
    return waiter;
  }

  #changed() {
    try {
      if (this.#commands.size) this.#storage?.setItem(this.#key, JSON.stringify(this.pending()));
      else this.#storage?.removeItem(this.#key);
    } catch {
      // A full or forbidden storage costs the safety of a reload, not the command.
    }
    for (const fn of this.#listeners) fn();
  }

  /** @returns {Command[]} */
  #read() {
    try {
      const kept = JSON.parse(this.#storage?.getItem(this.#key) ?? "[]");
      return Array.isArray(kept) ? kept.filter((one) => typeof one?.id === "string" && typeof one?.do === "string") : [];
    } catch {
      return [];
    }
  }
}
