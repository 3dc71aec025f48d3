/**
 * What the record says, worked out from its documents alone: the kinds of notes, the order of the feed, which notes
 * belong together, and what a guiding question still lacks. Pure: no page, no clock, no catalogue.
 *
 * @import { Agenda, FeedLine, Note, NoteKind, Text } from "../live/types.js"
 * @typedef {{id: string, number: number, segment: string, text: Text}} Guiding
 */

/** The kinds of notes in the order in which a report gives them. */
export const KINDS = /** @type {readonly NoteKind[]} */ (["works", "fails", "lesson", "recommendation", "quote", "open"]);

/** The key that picks each kind; the same in every language, so that hands need not learn twice. */
export const KEY_OF_KIND = /** @type {Readonly<Record<NoteKind, string>>} */ ({
  works: "w", fails: "f", lesson: "l", recommendation: "r", quote: "q", open: "o",
});

/**
 * The kind that `key` (as a keyboard event names it) picks, or null. Capitals pick nothing: a note begins with one.
 * @param {string} key
 * @returns {NoteKind|null}
 */
export function kindOfKey(key) {
  return KINDS.find((kind) => KEY_OF_KIND[kind] === key) ?? null;
}

/**
 * Orders feed keys: by entry, then by the place within it (`"41" < "41.1" < "41.10" < "42"`).
 * @param {string} a
 * @param {string} b
 * @returns {number}
 */
export function compareFeedKeys(a, b) {
  const [entryA = 0, partA = 0] = a.split(".").map(Number);
  const [entryB = 0, partB = 0] = b.split(".").map(Number);
  return entryA - entryB || partA - partB;
}

/**
 * The guiding questions of all segments in the order of the agenda, numbered from 1 throughout.
 * @param {Pick<Agenda, "order"|"segments">} agenda
 * @returns {Guiding[]}
 */
export function guidingQuestions(agenda) {
  const found = [];
  for (const segment of agenda.order) {
    for (const id of agenda.segments[segment]?.order ?? []) {
      const question = agenda.segments[segment]?.questions[id];
      if (question) found.push({ id, number: found.length + 1, segment, text: question.text });
    }
  }
  return found;
}

/**
 * The notes of each guiding question, in the order of the agenda; then those of no question (or of one that is no
 * longer on the agenda) under null. Inside: by kind as in the report, then as they were written.
 * @param {Record<string, Note>} notes
 * @param {Guiding[]} questions
 * @returns {{question: Guiding|null, notes: [string, Note][]}[]}
 */
export function groupNotes(notes, questions) {
  /** @type {Map<string|null, [string, Note][]>} */
  const by = new Map(questions.map((question) => [question.id, []]));
  const loose = /** @type {[string, Note][]} */ ([]);
  for (const pair of Object.entries(notes)) (by.get(pair[1].question ?? null) ?? loose).push(pair);
  for (const list of [...by.values(), loose]) {
    list.sort(([, a], [, b]) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.seq - b.seq || a.at - b.at);
  }
  const groups = questions.map((question) => ({
    question: /** @type {Guiding|null} */ (question), notes: by.get(question.id) ?? [],
  }));
  if (loose.length > 0) groups.push({ question: null, notes: loose });
  return groups;
}

/**
 * How many notes of each kind a list holds.
 * @param {[string, Note][]} notes
 * @returns {Record<NoteKind, number>}
 */
export function countKinds(notes) {
  const counts = { works: 0, fails: 0, lesson: 0, recommendation: 0, quote: 0, open: 0 };
  for (const [, note] of notes) counts[note.kind] += 1;
  return counts;
}
