/**
 * What breakout rooms wrote, as table x round: worked out from `record.rooms` alone. Pure: no page, no clock, no catalogue.
 *
 * @import { Command, KeptNote, KeptRooms, Note, NoteKind, Text } from "../../live/types.js"
 * @typedef {{question: string|null, kind: NoteKind|null, room: string|null}} Filter null: all; `question` may be NONE
 * @typedef {{id: string, note: KeptNote}} Line
 * @typedef {{id: string, text: Text, name: string, at: number}} Handover
 * @typedef {{round: number, question: string|null, notes: Line[], handovers: Handover[], waiting: number, all: number}} Cell
 *   `waiting`: notes that came while somebody reads; `all`: notes there are, whatever the filter
 * @typedef {{id: string, number: number, name: Text|null, question: string|null, cells: Cell[], all: number}} Row
 *   `question`: where it is the same in all rounds
 * @typedef {{id: string, name: Text|null, made: number, dropped: boolean, open: boolean, rounds: number, rows: Row[], notes: number}} Plan
 * @typedef {"free"|"lifting"|"lifted"|"undoing"} Fate of a note
 */

/** Stands in a filter for the notes of no guiding question; no id is empty. */
export const NONE = "";

/** @type {Filter} */
export const ALL = { question: null, kind: null, room: null };

/**
 * Every plan of which something was written or that has begun, the newest first. Under a filter only rooms in which something
 * is left, and plans with such rooms.
 *
 * @param {Record<string, KeptRooms>} plans
 * @param {{filter?: Filter, held?: ReadonlySet<string>, open?: string|null}} [how] `held`: notes that are not shown yet;
 *   `open`: the plan whose rooms are open
 * @returns {Plan[]}
 */
export function harvest(plans, { filter = ALL, held = new Set(), open = null } = {}) {
  const narrow = filter.question !== null || filter.kind !== null || filter.room !== null;
  return Object.entries(plans)
    .filter(([, plan]) => plan.round > 0 || hasWords(plan))
    .sort(([, a], [, b]) => b.made - a.made)
    .map(([id, plan]) => planOf(id, plan, { filter, held, open: id === open, narrow }))
    .filter(({ rows }) => !narrow || rows.length > 0);
}

/** @param {Record<string, KeptRooms>} plans @returns {[string, KeptNote][]} the notes of all plans by id */
export function allNotes(plans) {
  return Object.values(plans).flatMap(({ notes }) => Object.entries(notes));
}

/**
 * What became of a note of a room. A lifted note that was dropped again frees it.
 *
 * @param {string} id
 * @param {KeptNote} note
 * @param {Record<string, Note>} notes of the session's record
 * @param {readonly Command[]} pending commands that the server has not answered
 * @returns {Fate}
 */
export function fateOf(id, note, notes, pending) {
  if (note.lifted != null && notes[note.lifted]) {
    return pending.some((command) => command.do === "note.drop" && command.note === note.lifted) ? "undoing" : "lifted";
  }
  return pending.some((command) => command.do === "note.lift" && command.note === id) ? "lifting" : "free";
}

/** @param {KeptRooms} plan */
function hasWords({ notes, handovers }) {
  return Object.keys(notes).length + Object.keys(handovers).length > 0;
}

/**
 * @param {string} id
 * @param {KeptRooms} plan
 * @param {{filter: Filter, held: ReadonlySet<string>, open: boolean, narrow: boolean}} how
 * @returns {Plan}
 */
function planOf(id, plan, { filter, held, open, narrow }) {
  /** @type {Map<string, Line[]>} notes by room and round: there can be a thousand in two hundred cells */
  const sheets = new Map();
  for (const [key, note] of Object.entries(plan.notes)) {
    const place = `${note.room} ${note.round}`;
    const sheet = sheets.get(place);
    if (sheet) sheet.push({ id: key, note });
    else sheets.set(place, [{ id: key, note }]);
  }
  const written = [...Object.values(plan.notes), ...Object.values(plan.handovers)].map(({ round }) => round);
  // A plan that goes on has a place for the rounds to come, so that none appears under a reader.
  const rounds = open ? plan.rounds : Math.max(plan.round, 1, ...written);
  const rows = plan.order.flatMap((key) => {
    const room = plan.rooms[key];
    if (!room || (filter.room !== null && filter.room !== key)) return [];
    const cells = Array.from({ length: rounds }, (_, index) => cellOf(plan, key, index + 1, sheets.get(`${key} ${index + 1}`) ?? [], { filter, held }));
    const left = cells.some(({ notes, handovers, waiting }) => notes.length + handovers.length + waiting > 0);
    if (narrow && filter.room === null && !left) return [];
    const [first = null, ...others] = cells.map(({ question }) => question);
    return [{
      id: key, number: room.number, name: room.name ?? null, cells,
      question: others.every((other) => other === first) ? first : null,
      all: cells.reduce((sum, { all }) => sum + all, 0),
    }];
  });
  const { name = null, made, dropped } = plan;
  return { id, name, made, dropped, open, rounds, rows, notes: Object.keys(plan.notes).length };
}

/**
 * @param {KeptRooms} plan
 * @param {string} room
 * @param {number} round
 * @param {readonly Line[]} here the notes of that room in that round
 * @param {{filter: Filter, held: ReadonlySet<string>}} how
 * @returns {Cell}
 */
function cellOf(plan, room, round, here, { filter, held }) {
  const question = plan.rooms[room]?.questions[round - 1] ?? null;
  const wanted = here.filter(({ note }) => (filter.kind === null || note.kind === filter.kind) && asked(filter, note.question));
  const handovers = filter.kind !== null || !asked(filter, question) ? []
    : Object.entries(plan.handovers).filter(([, handover]) => handover.room === room && handover.round === round);
  return {
    round, question, all: here.length,
    notes: wanted.filter(({ id }) => !held.has(id)).sort((a, b) => a.note.seq - b.note.seq),
    handovers: handovers.map(([id, { text, name, at }]) => ({ id, text, name, at })).sort((a, b) => a.at - b.at),
    waiting: wanted.filter(({ id }) => held.has(id)).length,
  };
}

/** @param {Filter} filter @param {string|null|undefined} question */
function asked(filter, question) {
  return filter.question === null || filter.question === (question ?? NONE);
}
