import assert from "node:assert/strict";
import { test } from "node:test";

import { KEY_OF_KIND, KINDS, compareFeedKeys, countKinds, groupNotes, guidingQuestions, kindOfKey } from "../../static/js/lib/record.js";

const AGENDA = {
  order: ["s1", "s2"],
  segments: {
    s2: { title: { en: "Second" }, order: ["q3"], questions: { q3: { text: { en: "Three?" }, seconds: 0 } } },
    s1: {
      title: { en: "First" }, order: ["q2", "q1"],
      questions: { q1: { text: { en: "One?" }, seconds: 0 }, q2: { text: { en: "Two?" }, seconds: 60 } },
    },
  },
};

function note(kind, question, seq) {
  return { kind, question, seq, at: seq, text: { en: "…" }, person: "r", name: "R", about: null, edited: false };
}

test("every kind has a key of its own, and a capital letter picks none", () => {
  assert.equal(new Set(KINDS.map((kind) => KEY_OF_KIND[kind])).size, KINDS.length);
  for (const kind of KINDS) assert.equal(kindOfKey(KEY_OF_KIND[kind]), kind);
  assert.equal(kindOfKey("W"), null);
  assert.equal(kindOfKey("Enter"), null);
});

test("feed lines sort by entry and then by their place within it, as numbers", () => {
  assert.deepEqual(["42", "9", "41.10", "41", "41.2"].sort(compareFeedKeys), ["9", "41", "41.2", "41.10", "42"]);
});

test("guiding questions are numbered through all segments in the order of the agenda", () => {
  assert.deepEqual(guidingQuestions(AGENDA).map(({ id, number, segment }) => [id, number, segment]),
    [["q2", 1, "s1"], ["q1", 2, "s1"], ["q3", 3, "s2"]]);
});

test("notes stand under their question, by kind and then as written", () => {
  const notes = { n1: note("lesson", "q1", 5), n2: note("works", "q1", 9), n3: note("works", "q1", 7), n4: note("open", "q3", 1) };
  const groups = groupNotes(notes, guidingQuestions(AGENDA));
  assert.deepEqual(groups.map(({ question, notes: list }) => [question?.id, list.map(([id]) => id)]),
    [["q2", []], ["q1", ["n3", "n2", "n1"]], ["q3", ["n4"]]]);
});

test("notes without a question, or of one that left the agenda, are not lost", () => {
  const notes = { n1: note("works", null, 1), n2: note("works", "gone", 2) };
  const last = groupNotes(notes, guidingQuestions(AGENDA)).at(-1);
  assert.equal(last?.question, null);
  assert.deepEqual(last?.notes.map(([id]) => id), ["n1", "n2"]);
});

test("coverage counts every kind, with zero for those that are missing", () => {
  assert.deepEqual(countKinds([["a", note("works", "q1", 1)], ["b", note("works", "q1", 2)], ["c", note("open", "q1", 3)]]),
    { works: 2, fails: 0, lesson: 0, recommendation: 0, quote: 0, open: 1 });
});
