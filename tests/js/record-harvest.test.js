import assert from "node:assert/strict";
import { test } from "node:test";

import { ALL, NONE, allNotes, fateOf, harvest } from "../../static/js/panels/record/harvest-model.js";

/** @param {string} room @param {number} round @param {number} seq @param {object} [more] */
const note = (room, round, seq, more = {}) => ({
  kind: "works", text: { en: `${seq}` }, person: "p", name: "P", group: null, room, round, question: "q1", at: seq, seq, edited: false,
  lifted: null, ...more,
});

/** @param {object} [more] */
const plan = (more = {}) => ({
  name: null, made: 1, dropped: false, rotate: "people", round: 2, rounds: 3, order: ["r1", "r2"],
  rooms: { r1: { number: 1, name: null, questions: ["q1", "q1", "q1"] }, r2: { number: 2, name: { en: "Wells" }, questions: ["q1", "q2", "q1"] } },
  notes: { b: note("r1", 1, 9), a: note("r1", 1, 5), c: note("r2", 2, 7, { kind: "open", question: "q2" }), d: note("r2", 1, 6, { question: null }) },
  handovers: { h: { room: "r2", round: 1, text: { en: "Go on." }, name: "H", at: 8 } },
  ...more,
});

/** @param {import("../../static/js/panels/record/harvest-model.js").Plan|undefined} found */
const ids = (found) => found?.rows.map(({ id, cells }) => [id, cells.map(({ notes }) => notes.map((line) => line.id).join(""))]);

test("notes stand at their table in their round, as they were written, with the handovers", () => {
  const [found] = harvest({ b1: plan() });
  assert.deepEqual(ids(found), [["r1", ["ab", ""]], ["r2", ["d", "c"]]]);
  assert.deepEqual(found?.rows.map(({ question, all }) => [question, all]), [["q1", 2], [null, 2]]);
  assert.deepEqual(found?.rows[1]?.cells[0]?.handovers.map(({ name }) => name), ["H"]);
});

test("the newest plan comes first, one that never began and says nothing is left out, a dropped one stays", () => {
  const plans = { old: plan(), idle: plan({ made: 5, round: 0, notes: {}, handovers: {} }), dropped: plan({ made: 3, dropped: true, round: 0 }) };
  assert.deepEqual(harvest(plans).map(({ id, dropped }) => [id, dropped]), [["dropped", true], ["old", false]]);
});

test("a plan that is open has a place for its rounds to come, one that is over none", () => {
  assert.equal(harvest({ b1: plan() }, { open: "b1" })[0]?.rounds, 3);
  assert.equal(harvest({ b1: plan() })[0]?.rounds, 2);
  assert.equal(harvest({ b1: plan({ round: 0 }) })[0]?.rounds, 2, "its notes were written in two");
});

test("a filter leaves the rooms in which something is left", () => {
  const by = (/** @type {object} */ filter) => ids(harvest({ b1: plan() }, { filter: { ...ALL, ...filter } })[0]);
  assert.deepEqual(by({ kind: "open" }), [["r2", ["", "c"]]]);
  assert.deepEqual(by({ question: "q1" }), [["r1", ["ab", ""]], ["r2", ["", ""]]], "the handover was on this question");
  assert.deepEqual(by({ question: NONE }), [["r2", ["d", ""]]]);
  assert.deepEqual(by({ room: "r1" }), [["r1", ["ab", ""]]]);
  assert.deepEqual(by({ kind: "quote" }), undefined);
});

test("notes that came while somebody reads wait, and are counted where they will stand", () => {
  const [found] = harvest({ b1: plan() }, { held: new Set(["b"]) });
  assert.deepEqual(ids(found)?.[0], ["r1", ["a", ""]]);
  assert.deepEqual(found?.rows[0]?.cells.map(({ waiting, all }) => [waiting, all]), [[1, 2], [0, 0]]);
  assert.equal(allNotes({ b1: plan() }).length, 4);
});

test("a note is lifted once, on its way while nobody answered, and free again when what it became was dropped", () => {
  const free = note("r1", 1, 1);
  const lifted = note("r1", 1, 1, { lifted: "n1" });
  const record = /** @type {any} */ ({ n1: {} });
  assert.equal(fateOf("a", free, record, []), "free");
  assert.equal(fateOf("a", free, record, [{ id: "1", do: "note.lift", note: "a" }]), "lifting");
  assert.equal(fateOf("b", free, record, [{ id: "1", do: "note.lift", note: "a" }]), "free");
  assert.equal(fateOf("a", lifted, record, []), "lifted");
  assert.equal(fateOf("a", lifted, record, [{ id: "1", do: "note.drop", note: "n1" }]), "undoing");
  assert.equal(fateOf("a", lifted, {}, []), "free");
});
