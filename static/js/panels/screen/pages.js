/**
 * The notes of a room on pages that are read from the back of a hall: by kind, in the order of the report, as many on a page
 * as can be read. Pure.
 */

import { KINDS } from "../../lib/record.js";
import { widthOf } from "./scene.js";

/** @import { NoteKind } from "../../live/types.js" */
/** @typedef {{id: string, kind: NoteKind, words: string, round: number, at: number}} Shown */
/** @typedef {{large: boolean, groups: {kind: NoteKind, notes: Shown[]}[]}} Page `large`: there is room for large type */

/** Letters of a line and lines of a page, on a screen that is wide and on one that is tall; fewer where the type is large. */
const SIZES = {
  wide: { line: 70, lines: 12, large: { line: 46, lines: 7 } },
  tall: { line: 44, lines: 26, large: { line: 30, lines: 16 } },
};

/** Lines that the name of a kind takes, and the space after a note. */
const HEAD = 1.2;
const SPACE = 0.4;

/** How long a page stands at least, and how long a letter takes to be read, in milliseconds. */
const STAYS = 12_000;
const LETTER = 60;

/**
 * All notes, none cut and none twice; a page is full before the next begins, and no page is empty. A note that is longer
 * than a page has one for itself.
 *
 * @param {readonly Shown[]} notes in any order
 * @param {"wide"|"tall"} [shape] of the screen
 * @returns {Page[]}
 */
export function pagesOf(notes, shape = "wide") {
  const { line, lines, large: larger } = SIZES[shape];
  const ordered = [...notes].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.at - b.at || (a.id < b.id ? -1 : 1));
  /** @type {Shown[][]} */
  const pages = [];
  for (const note of ordered) {
    const page = pages.at(-1);
    if (page && height([...page, note], line) <= lines) page.push(note);
    else pages.push([note]);
  }
  const large = pages.length === 1 && height(ordered, larger.line) <= larger.lines;
  return pages.map((page) => ({ large, groups: grouped(page) }));
}

/**
 * How long a page stands before the next one comes.
 *
 * @param {Page|undefined} page
 * @returns {number} milliseconds
 */
export function stays(page) {
  const letters = page?.groups.flatMap(({ notes }) => notes).reduce((sum, { words }) => sum + widthOf(words), 0) ?? 0;
  return Math.max(STAYS, letters * LETTER);
}

/** @param {readonly Shown[]} notes of one page @param {number} line @returns {number} lines that they take */
function height(notes, line) {
  const kinds = new Set(notes.map(({ kind }) => kind)).size;
  return notes.reduce((sum, { words }) => sum + SPACE + linesOf(words, line), kinds * HEAD);
}

/** @param {string} words @param {number} line */
function linesOf(words, line) {
  return words.split("\n").reduce((sum, part) => sum + Math.max(1, Math.ceil(widthOf(part) / line)), 0);
}

/** @param {readonly Shown[]} notes in the order of their kinds */
function grouped(notes) {
  /** @type {Page["groups"]} */
  const groups = [];
  for (const note of notes) {
    const last = groups.at(-1);
    if (last?.kind === note.kind) last.notes.push(note);
    else groups.push({ kind: note.kind, notes: [note] });
  }
  return groups;
}
