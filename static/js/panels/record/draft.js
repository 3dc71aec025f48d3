/**
 * The note that is being written, and those that were given to the server and not yet confirmed. Both lie in the storage
 * of the tab, so that neither a reload nor a refusal loses a word. Pure: the storage is an argument, nothing is shown.
 *
 * @import { NoteKind } from "../../live/types.js"
 * @typedef {{kind: NoteKind|null, text: string, about: string|null, question: string|null, room: string|null}} Draft
 *   `question` null: whatever is on stage or in the room, until the first word chooses it for good; NO_QUESTION: none, as was
 *   chosen; `room` null: the plenary
 * @typedef {{kind: NoteKind, text: string, about: string|null, question: string|null, room?: string|null}} Given
 * @typedef {Given & {key: string, back: string|null}} Kept `back` is the reason for which it came back, null on its way
 * @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Store
 */

/** Stands in a draft for the choice that the note belongs to no guiding question; no id is empty. */
export const NO_QUESTION = "";

/** How soon the next key has to follow a letter for the two to be one word, ms. */
const ONE_WORD = 500;

/**
 * Whether a key makes a word of the letter before it, which picked a kind: it follows at once, and it is nothing that a
 * note begins with. Pure.
 *
 * @param {string} key as a keyboard event names it
 * @param {number} after ms since the letter
 * @returns {boolean}
 */
export function goesOn(key, after) {
  return after <= ONE_WORD && [...key].length === 1 && !/[\p{Lu}\p{Lt}\p{Ps}\p{Pi}\s"¿¡]/u.test(key);
}

/** @returns {Draft} */
export function emptyDraft() {
  return { kind: null, text: "", about: null, question: null, room: null };
}

/**
 * The draft with other text. The first word fixes the question the note belongs to; an emptied field frees it again.
 *
 * @param {Draft} draft
 * @param {string} text
 * @param {string|null} onStage the question there, where the note is written: on stage, or in the room
 * @returns {Draft}
 */
export function withText(draft, text, onStage) {
  if (text.trim() === "") return { ...draft, text, question: draft.text.trim() === "" ? draft.question : null };
  return { ...draft, text, question: draft.question ?? onStage };
}

/**
 * What Enter gives to the server, or null where something is missing.
 *
 * @param {Draft} draft
 * @param {string|null} onStage
 * @returns {Given|null}
 */
export function finished({ kind, text, about, question, room }, onStage) {
  const words = text.trim();
  if (kind === null || words === "") return null;
  const own = question ?? onStage;
  return { kind, text: words, about, question: own === NO_QUESTION ? null : own, ...(room && { room }) };
}

/** Keeps one value as JSON under a key, and forgives a browser that keeps nothing. @template T */
export class Keep {
  #storage;
  #key;

  /**
   * @param {Store|null} storage
   * @param {string} key
   */
  constructor(storage, key) {
    this.#storage = storage;
    this.#key = key;
  }

  /**
   * @param {T} otherwise
   * @returns {T}
   */
  read(otherwise) {
    try {
      return JSON.parse(this.#storage?.getItem(this.#key) ?? "null") ?? otherwise;
    } catch {
      return otherwise;
    }
  }

  /** @param {T|null} value null forgets */
  write(value) {
    try {
      if (value === null) this.#storage?.removeItem(this.#key);
      else this.#storage?.setItem(this.#key, JSON.stringify(value));
    } catch {
      // A full or forbidden storage costs the safety of a reload, not the note.
    }
  }
}

/** The reason of a note that came back because nothing is known of it; it goes when it turns up in the record. */
export const LOST = "lost";

/**
 * The notes that were given and are not confirmed, after a look at what still waits and at what the record holds. One
 * that neither waits nor stands in the record has been lost on its way: it comes back instead of vanishing.
 *
 * @param {readonly Kept[]} kept
 * @param {ReadonlySet<string>} mine keys whose answer this page itself awaits
 * @param {(note: Given) => boolean} waiting whether a command for it is still unanswered
 * @param {(note: Given) => boolean} recorded
 * @returns {Kept[]}
 */
export function reconcile(kept, mine, waiting, recorded) {
  return kept.flatMap((note) => {
    if (note.back !== null && note.back !== LOST) return [note];
    if (mine.has(note.key) || waiting(note)) return [note];
    if (recorded(note)) return [];
    return [note.back === LOST ? note : { ...note, back: LOST }];
  });
}
