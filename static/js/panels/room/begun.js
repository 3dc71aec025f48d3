/**
 * Words that somebody began and that are nowhere else: the note being typed in each stay in a room, the lines for the next
 * group, changes of notes being typed, what was not taken. They lie in the storage of the tab. Pure: the storage is an argument.
 *
 * @import { NoteKind } from "../../live/types.js"
 * @typedef {{kind: NoteKind|null, text: string, where: string, why: string|null}} Begun `where` names the room and the round,
 *   `why` says why it came back
 * @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Store
 */

export class BegunNotes {
  /** @type {Map<string, Begun>} */
  #all;
  #storage;
  #key;

  /** @param {Store | null} storage null where the browser keeps nothing @param {string} key */
  constructor(storage, key) {
    this.#storage = storage;
    this.#key = key;
    this.#all = new Map(Object.entries(this.#read()));
  }

  /** @param {string} key @returns {Begun | null} */
  get(key) {
    return this.#all.get(key) ?? null;
  }

  /** Keep under `key`; null, and a text of blanks alone, forget. @param {string} key @param {Begun | null} begun */
  put(key, begun) {
    if (begun?.text.trim()) this.#all.set(key, begun);
    else if (!this.#all.delete(key)) return;
    this.#write();
  }

  /**
   * Words that were not taken. The same ones come back once.
   *
   * @param {Begun} begun
   */
  giveBack(begun) {
    for (let n = 1; ; n += 1) {
      const kept = this.#all.get(`back.${n}`);
      if (kept && kept.text !== begun.text) continue;
      return this.put(`back.${n}`, begun);
    }
  }

  /**
   * What can be taken up again: all but what stands in a field here.
   *
   * @param {(key: string) => boolean} isHere
   * @returns {[string, Begun][]}
   */
  elsewhere(isHere) {
    return [...this.#all].filter(([key]) => !isHere(key));
  }

  /** @returns {Record<string, Begun>} */
  #read() {
    try {
      return JSON.parse(this.#storage?.getItem(this.#key) ?? "{}") ?? {};
    } catch {
      return {};
    }
  }

  #write() {
    try {
      if (this.#all.size) this.#storage?.setItem(this.#key, JSON.stringify(Object.fromEntries(this.#all)));
      else this.#storage?.removeItem(this.#key);
    } catch {
      // A full or forbidden storage costs the safety of a reload, not the note.
    }
  }
}
