/**
 * What a breakout room shows, worked out from its document and from what waits to be sent. Pure: no page, no clock, no
 * catalogue.
 *
 * @import { Command, NoteKind, OpenRooms, Room, RoomNote, Left, Stage, Text } from "../../live/types.js"
 * @typedef {"saved"|"waiting"|"dropping"} RowState
 * @typedef {{key: string, kind: NoteKind, text: Text, name: string, group: string|null, at: number|null, edited: boolean,
 *   own: boolean, mayChange: boolean, state: RowState}} Row `at` null: the server does not have it yet
 * @typedef {{key: string, round: number, number: number, from: Text|null,
 *   handover: {text: Text, name: string}|null, notes: [string, RoomNote & Left][]}} Group what one group left
 * @typedef {{kind: NoteKind|null, text: string}} Words
 * @typedef {Words & {id: string, room: string, round: number}} Sent a note that the server took; `id` is the one it gave it
 */

/** The kinds of notes in the order in which a report gives them. */
export const KINDS = /** @type {readonly NoteKind[]} */ (["works", "fails", "lesson", "recommendation", "quote", "open"]);

/** How many lines a handover may have. */
export const HANDOVER_LINES = 3;

const MINUTE = 60_000;

/**
 * Of how few minutes the clock of a round warns. One that is short from its beginning warns of its last minute alone.
 *
 * @param {number | null} left ms
 * @param {number} total ms of the round
 * @returns {0 | 1 | 5} 0 while there is nothing to say
 */
export function warning(left, total) {
  if (left === null || left <= 0 || left > 5 * MINUTE) return 0;
  if (left <= MINUTE) return 1;
  return total > 5 * MINUTE ? 5 : 0;
}

/** How a time that is left is said in whole minutes. @param {number} left ms @returns {number} */
export function minutesOf(left) {
  return Math.ceil(left / MINUTE);
}

/** What tells one stay from the next: the same room in another round is another stay. @param {Room} room @returns {string} */
export function stayOf({ room }) {
  return `${room.id}.${room.round}`;
}

/**
 * The sheet of a room, newest first, as it will be once everything that was done here has reached the server.
 *
 * @param {Room} room
 * @param {string} person who reads
 * @param {readonly Command[]} pending commands that the server has not answered, oldest first
 * @param {readonly Sent[]} sent notes that it took, also those that the document does not show yet
 * @returns {Row[]}
 */
export function sheetRows(room, person, pending, sent) {
  const { id: where, round, host } = room.room;
  const hosting = host === person;
  const rows = Object.entries(room.notes).map(([key, note]) => {
    const changes = pending.filter((command) => command.note === key);
    const edits = changes.filter((command) => command.do === "note.edit");
    const dropping = changes.some((command) => command.do === "note.drop");
    const { kind = note.kind, text } = /** @type {Partial<{kind: NoteKind, text: string}>} */ (Object.assign({}, ...edits));
    return {
      key, kind, text: text === undefined ? note.text : { "": text }, name: note.name, group: note.group ?? null, at: note.at, edited: note.edited,
      own: note.person === person, mayChange: hosting || note.person === person,
      state: /** @type {RowState} */ (dropping ? "dropping" : edits.length ? "waiting" : "saved"),
    };
  });
  rows.sort((a, b) => b.at - a.at);
  const coming = [
    ...sent.filter((note) => note.room === where && note.round === round && !(note.id in room.notes)).map(({ id, kind, text }) => ({ key: id, kind, text })),
    ...pending
      .filter((command) => command.do === "note.write" && command.room === where && command.round === round)
      .map(({ id, kind, text }) => ({ key: id, kind, text })),
  ].map(({ key, kind, text }) => ({
    key, kind: /** @type {NoteKind} */ (kind), text: { "": String(text) }, name: "", group: null, at: null, edited: false,
    own: true, mayChange: false, state: /** @type {RowState} */ ("waiting"),
  }));
  return [...coming.reverse(), ...rows];
}

/**
 * What earlier groups left, the latest round first; what they hand over comes with their notes.
 *
 * @param {Room["earlier"]} earlier
 * @returns {Group[]}
 */
export function earlierGroups({ notes, handovers }) {
  /** @type {Map<string, Group>} */
  const groups = new Map();
  const groupOf = (/** @type {Left & {round: number}} */ { room, round, number, from }) => {
    const key = `${round}.${room}`;
    const group = groups.get(key) ?? { key, round, number, from: from ?? null, handover: null, notes: [] };
    groups.set(key, group);
    return group;
  };
  for (const left of Object.values(handovers)) groupOf(left).handover = { text: left.text, name: left.name };
  for (const [id, note] of Object.entries(notes)) groupOf(note).notes.push([id, note]);
  for (const group of groups.values()) group.notes.sort(([, a], [, b]) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.at - b.at);
  return [...groups.values()].sort((a, b) => b.round - a.round || a.number - b.number);
}

/**
 * Who is in a room: the host first, then oneself, then by name.
 *
 * @param {Room["people"]} people
 * @param {string} person who reads
 * @returns {{id: string, name: string, group: string|null, host: boolean}[]}
 */
export function peopleOf(people, person) {
  return Object.entries(people)
    .map(([id, { name, group, host }]) => ({ id, name, group: group ?? null, host }))
    .sort((a, b) => Number(b.host) - Number(a.host) || Number(b.id === person) - Number(a.id === person) || a.name.localeCompare(b.name));
}

/**
 * Whether somebody in a room leaves the lines for the next group: its host, in a room without one anybody, and nobody in the
 * last round.
 *
 * @param {Room} room @param {string} person @returns {boolean}
 */
export function handsOver({ room, people }, person) {
  const hostless = room.host == null || !(room.host in people);
  return room.round < room.rounds && (hostless || room.host === person);
}

/** The lines of this stay that wait to be sent, the newest; null where none do. @param {Room} room @param {readonly Command[]} pending */
export function linesWaiting({ room }, pending) {
  const last = pending.findLast((command) => command.do === "room.handover" && command.room === room.id && command.round === room.round);
  return last ? String(last.text) : null;
}

/** How many lines a text has, blank ones at its end apart. @param {string} text @returns {number} */
export function linesOf(text) {
  const said = text.trimEnd();
  return said === "" ? 0 : said.split("\n").length;
}

/**
 * What somebody in the plenary is told of the rooms.
 *
 * @param {OpenRooms} open
 * @param {string | null} seat the room one belongs to
 * @returns {"back"|"closed"|"choose"|"away"} one can go back to the own room; it has been closed; one may pick a room; people are away
 */
export function standing(open, seat) {
  if (seat !== null && open.rooms[seat]) return open.rooms[seat].closed ? "closed" : "back";
  return open.assign === "chosen" && open.closing == null ? "choose" : "away";
}

/** The rooms that can be picked, in their order. @param {OpenRooms} open @returns {string[]} */
export function choices(open) {
  return open.order.filter((id) => open.rooms[id] && !open.rooms[id].closed);
}

/** The words of a guiding question. @param {Pick<Stage, "agenda">} stage @param {string | null | undefined} id @returns {Text | null} */
export function questionOf({ agenda }, id) {
  if (id == null) return null;
  const segment = Object.values(agenda.segments).find(({ questions }) => id in questions);
  return segment?.questions[id]?.text ?? null;
}
