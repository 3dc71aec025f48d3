import assert from "node:assert/strict";
import { test } from "node:test";

import { roomLeft } from "../../static/js/lib/time.js";
import { BegunNotes } from "../../static/js/panels/room/begun.js";
import { choices, earlierGroups, handsOver, linesOf, linesWaiting, peopleOf, sheetRows, standing, stayOf, warning } from "../../static/js/panels/room/model.js";
import { askedRooms } from "../../static/js/panels/results-rooms.js";
import { FakeStorage } from "./fakes.js";

const MINUTE = 60_000;

/** @param {any} [more] @returns {any} */
function room(more = {}) {
  return {
    room: { id: "t1", plan: "b1", number: 1, host: "p2", round: 2, rounds: 3, rotate: "people", assign: "mixed" },
    clock: { state: "running", ends: 100, total: 60 },
    people: { p1: { name: "Awa", host: false }, p2: { name: "Ben", group: "g1", host: true } },
    notes: {}, earlier: { notes: {}, handovers: {} }, messages: {}, polls: {},
    ...more,
  };
}

/** @param {string} person @param {number} at @returns {any} */
function note(person, at, more = {}) {
  return { kind: "works", text: { en: `${person} at ${at}` }, person, name: person, round: 2, at, edited: false, ...more };
}

test("a clock warns of five minutes and of the last one, a short round of the last one alone", () => {
  const at = (/** @type {number | null} */ left, total = 10 * MINUTE) => warning(left, total);
  assert.deepEqual([10 * MINUTE, 5 * MINUTE + 1, 5 * MINUTE, MINUTE + 1, MINUTE, 1, 0, -1, null].map((left) => at(left)), [0, 0, 5, 5, 1, 1, 0, 0, 0]);
  assert.deepEqual([4 * MINUTE, MINUTE].map((left) => at(left, 4 * MINUTE)), [0, 1]);
});

test("while the rooms close their clock is that of the closing, and never below nothing", () => {
  assert.equal(roomLeft({ state: "running", ends: 90_000, total: 1, closing: 30_000 }, 10_000), 20_000);
  assert.equal(roomLeft({ state: "running", ends: 90_000, total: 1, closing: 30_000 }, 31_000), 0);
  assert.equal(roomLeft({ state: "running", ends: 90_000, total: 1 }, 10_000), 80_000);
});

test("the sheet has the newest note first, with what waits to be sent before all", () => {
  const doc = room({ notes: { n1: note("p1", 1), n2: note("p2", 2) } });
  const pending = /** @type {any[]} */ ([
    { id: "c1", do: "note.write", kind: "lesson", text: "One", room: "t1", round: 2 },
    { id: "c2", do: "note.write", kind: "open", text: "Two", room: "t1", round: 2 },
    { id: "c3", do: "note.write", kind: "open", text: "Of another room", room: "t9", round: 2 },
    { id: "c4", do: "note.write", kind: "open", text: "Of the round before", room: "t1", round: 1 },
  ]);
  const rows = sheetRows(doc, "p1", pending, []);
  assert.deepEqual(rows.map(({ key, state, mayChange }) => [key, state, mayChange]), [
    ["c2", "waiting", false], ["c1", "waiting", false], ["n2", "saved", false], ["n1", "saved", true],
  ]);
});

test("a note that was taken stands on the sheet before the document shows it, and once", () => {
  const sent = [{ id: "n1", kind: /** @type {const} */ ("lesson"), text: "One", room: "t1", round: 2 }];
  assert.deepEqual(sheetRows(room(), "p1", [], sent).map(({ key }) => key), ["n1"]);
  assert.deepEqual(sheetRows(room(), "p1", [], sent.map((one) => ({ ...one, round: 1 }))), []);
  assert.deepEqual(sheetRows(room({ notes: { n1: note("p1", 1) } }), "p1", [], sent).map(({ key, state }) => [key, state]), [["n1", "saved"]]);
});

test("a change shows at once, a note that is being dropped says so, and a host may change all", () => {
  const doc = room({ notes: { n1: note("p1", 1), n2: note("p2", 2) } });
  const pending = /** @type {any[]} */ ([
    { id: "c1", do: "note.edit", note: "n1", text: "First" },
    { id: "c2", do: "note.edit", note: "n1", kind: "fails" },
    { id: "c3", do: "note.drop", note: "n2" },
  ]);
  const [second, first] = sheetRows(doc, "p2", pending, []);
  assert.deepEqual([first?.kind, first?.text, first?.state, first?.mayChange], ["fails", { "": "First" }, "waiting", true]);
  assert.equal(second?.state, "dropping");
});

test("what earlier groups left stands by round and room, the latest first, with the lines they hand over", () => {
  const left = (/** @type {number} */ round, /** @type {string} */ where) => ({ room: where, number: Number(where.slice(1)), round });
  const groups = earlierGroups({
    notes: {
      a: { ...note("p3", 1), ...left(1, "t1") },
      b: { ...note("p4", 2, { kind: "fails" }), ...left(2, "t2") },
      c: { ...note("p4", 3), ...left(2, "t2"), from: { en: "Harbour" } },
    },
    handovers: { "t2.2": { ...left(2, "t2"), from: { en: "Harbour" }, text: { en: "Go on." }, name: "Chi", at: 4 } },
  });
  assert.deepEqual(groups.map(({ key, notes, handover }) => [key, notes.map(([id]) => id), handover?.name]), [
    ["2.t2", ["c", "b"], "Chi"], ["1.t1", ["a"], undefined],
  ]);
});

test("the host stands first among the people, then oneself", () => {
  const people = { p1: { name: "Zoé", host: false }, p2: { name: "Ben", host: true }, p3: { name: "Awa", host: false } };
  assert.deepEqual(peopleOf(people, "p1").map(({ name }) => name), ["Ben", "Zoé", "Awa"]);
});

test("the host leaves lines for the next group, in a room without one there anybody, in the last round nobody", () => {
  const of = (/** @type {object} */ more) => room({ room: { ...room().room, ...more }, people: { p1: { name: "Awa", host: false }, p2: { name: "Ben", host: true } } });
  assert.deepEqual([handsOver(of({}), "p1"), handsOver(of({}), "p2")], [false, true]);
  assert.equal(handsOver({ ...of({}), people: { p1: { name: "Awa", host: false } } }, "p1"), true);
  assert.deepEqual([of({ host: null }), of({ host: undefined })].map((doc) => handsOver(doc, "p1")), [true, true]);
  assert.equal(handsOver(of({ round: 3 }), "p2"), false);
});

test("lines that wait to be sent are those of this stay, the newest", () => {
  const lines = (/** @type {string} */ text, /** @type {number} */ round) => ({ id: text, do: "room.handover", text, room: "t1", round });
  assert.equal(linesWaiting(room(), [lines("One", 2), lines("Two", 2), lines("Before", 1)]), "Two");
  assert.equal(linesWaiting(room(), [lines("Before", 1)]), null);
});

test("a handover has as many lines as are written, blank ones at its end apart", () => {
  assert.deepEqual(["", "One", "One\nTwo\n\n", "1\n2\n3\n4"].map(linesOf), [0, 1, 2, 4]);
});

test("who is in the plenary reads what there is to do about the rooms", () => {
  const open = (more = {}) => /** @type {any} */ ({ assign: "mixed", order: ["t1", "t2"], rooms: { t1: { closed: false }, t2: { closed: true } }, ...more });
  assert.equal(standing(open(), "t1"), "back");
  assert.equal(standing(open(), "t2"), "closed");
  assert.equal(standing(open(), null), "away");
  assert.equal(standing(open({ assign: "chosen" }), null), "choose");
  assert.equal(standing(open({ assign: "chosen", closing: 5 }), null), "away");
  assert.deepEqual(choices(open()), ["t1"]);
});

test("what is begun in one stay is offered in the next, also after a reload", () => {
  const storage = new FakeStorage();
  const words = (/** @type {string} */ text) => ({ kind: null, text, where: "Table 1", why: null });
  const begun = new BegunNotes(storage, "k");
  begun.put(stayOf(room()), words("Half a thou"));
  begun.put("edit.n1", words("Changed"));
  begun.put("t3.1", words("  "));
  const elsewhere = (/** @type {BegunNotes} */ from, /** @type {string[]} */ here) => from.elsewhere((key) => here.includes(key)).map(([key]) => key);
  const again = new BegunNotes(storage, "k");
  assert.equal(again.get("t1.2")?.text, "Half a thou");
  assert.deepEqual(elsewhere(again, ["t1.2", "edit.n1"]), []);
  assert.deepEqual(elsewhere(again, ["t2.3"]), ["t1.2", "edit.n1"]);
  again.put("t1.2", null);
  again.put("edit.n1", null);
  assert.equal(storage.items.size, 0);
});

test("words that were not taken come back, and the same ones once", () => {
  const begun = new BegunNotes(null, "k");
  const words = (/** @type {string} */ text) => ({ kind: null, text, where: "", why: "This room is closed." });
  for (const text of ["One", "One", "Two"]) begun.giveBack(words(text));
  assert.deepEqual(begun.elsewhere(() => false).map(([, { text }]) => text), ["One", "Two"]);
});

test("results by room stand in the order of the rooms, each with the poll as it was answered there", () => {
  const result = (/** @type {number} */ n) => ({ counts: { a: n }, ballots: n });
  const poll = /** @type {any} */ ({ order: ["a"], results: { ...result(5), rooms: { x: { number: 2, ...result(2) }, y: { number: 1, ...result(3) } } } });
  assert.deepEqual(askedRooms(poll).map(({ id, room, poll: { results } }) => [id, room.number, results?.ballots]), [["y", 1, 3], ["x", 2, 2]]);
  assert.deepEqual(askedRooms(/** @type {any} */ ({ order: ["a"], results: result(6) })), []);
});
