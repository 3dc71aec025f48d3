import assert from "node:assert/strict";
import { test } from "node:test";

import { Keep, LOST, NO_QUESTION, emptyDraft, finished, goesOn, reconcile, withText } from "../../static/js/panels/record/draft.js";
import { withPending } from "../../static/js/panels/record/pending.js";

const GIVEN = { kind: "works", text: "Water", about: null, question: "q1" };

test("the first word binds a note to the question on stage, whatever comes on stage while it is written", () => {
  let draft = withText(emptyDraft(), "W", "q1");
  draft = withText(draft, "Wa", "q2");
  assert.equal(draft.question, "q1");
  assert.equal(finished({ ...draft, kind: "works" }, "q2")?.question, "q1");
});

test("an emptied field follows the stage again", () => {
  const draft = withText(withText(emptyDraft(), "Wa", "q1"), "", "q2");
  assert.equal(draft.question, null);
  assert.equal(withText(draft, "X", "q2").question, "q2");
});

test("a question chosen before the first word stays", () => {
  assert.equal(withText({ ...emptyDraft(), question: "q9" }, "W", "q1").question, "q9");
});

test("a note of no question stays so, whatever is on stage", () => {
  const draft = withText({ ...emptyDraft(), kind: "works", question: NO_QUESTION }, "Water", "q1");
  assert.deepEqual(finished(draft, "q2"), { ...GIVEN, question: null });
});

test("a key that follows a letter at once makes a word of it, unless a note may begin with it", () => {
  for (const key of ["i", "é", "'", "’", "-", "/", "2", ".", "и", "م", "人"]) assert.equal(goesOn(key, 500), true, key);
  for (const key of ["N", "É", " ", "“", "«", "(", "Enter", "Backspace", "Dead", "F1"]) assert.equal(goesOn(key, 100), false, key);
  assert.equal(goesOn("i", 501), false);
});

test("a note needs a kind and words, and loses the blanks around them", () => {
  assert.equal(finished({ ...emptyDraft(), text: "Water" }, "q1"), null);
  assert.equal(finished({ ...emptyDraft(), kind: "works", text: " \n" }, "q1"), null);
  assert.deepEqual(finished({ ...emptyDraft(), kind: "works", text: " Water\n" }, "q1"), GIVEN);
});

test("a note of a room goes to the room, under the question that is discussed there", () => {
  const draft = withText({ ...emptyDraft(), kind: "works", room: "r3" }, "Water", "q2");
  assert.deepEqual(finished(draft, "q2"), { ...GIVEN, question: "q2", room: "r3" });
  assert.equal(finished(withText({ ...emptyDraft(), kind: "works", room: "r3" }, "Water", NO_QUESTION), NO_QUESTION)?.question, null);
});

/** @returns {Storage & {map: Map<string, string>}} */
function storage() {
  const map = new Map();
  return /** @type {any} */ ({
    map,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => map.set(key, value),
    removeItem: (key) => map.delete(key),
  });
}

test("a draft survives a reload, and null forgets it", () => {
  const tab = storage();
  new Keep(tab, "draft").write({ text: "Water" });
  assert.deepEqual(new Keep(tab, "draft").read(null), { text: "Water" });
  new Keep(tab, "draft").write(null);
  assert.equal(tab.map.size, 0);
});

test("a browser that keeps nothing, or kept nonsense, gives what was asked for otherwise", () => {
  const full = { getItem() { throw new Error("denied"); }, setItem() { throw new Error("full"); }, removeItem() {} };
  const keep = new Keep(full, "draft");
  keep.write("x");
  assert.equal(keep.read("otherwise"), "otherwise");
  const tab = storage();
  tab.setItem("draft", "{");
  assert.equal(new Keep(tab, "draft").read("otherwise"), "otherwise");
  assert.equal(new Keep(null, "draft").read("otherwise"), "otherwise");
});

const none = () => false;
const all = () => true;

test("a note that is on its way, or whose answer is awaited, is kept as it is", () => {
  const kept = [{ ...GIVEN, key: "1", back: null }];
  assert.deepEqual(reconcile(kept, new Set(["1"]), none, none), kept);
  assert.deepEqual(reconcile(kept, new Set(), all, none), kept);
});

test("a note that stands in the record is done with; one that nobody knows comes back", () => {
  const kept = [{ ...GIVEN, key: "1", back: null }];
  assert.deepEqual(reconcile(kept, new Set(), none, all), []);
  const lost = reconcile(kept, new Set(), none, none);
  assert.deepEqual(lost, [{ ...GIVEN, key: "1", back: LOST }]);
  assert.equal(reconcile(lost, new Set(), none, none)[0], lost[0]);
  assert.deepEqual(reconcile(lost, new Set(), none, all), [], "it turned up after all");
});

test("a note that was refused stays until somebody decides", () => {
  const kept = [{ ...GIVEN, key: "1", back: "too long" }];
  assert.deepEqual(reconcile(kept, new Set(), none, all), kept);
});

const NOTE = { ...GIVEN, text: { en: "Water" }, person: "r", name: "R", at: 1, seq: 1, edited: false };

test("a change that the server has not answered is shown, and known as waiting", () => {
  const { notes, waiting, dropped } = withPending({ n1: NOTE, n2: NOTE }, [
    { id: "1", do: "note.edit", note: "n1", text: "Wells" },
    { id: "2", do: "note.edit", note: "n1", kind: "lesson", question: "q2" },
    { id: "3", do: "note.drop", note: "n2" },
    { id: "4", do: "note.edit", note: "gone", text: "…" },
    { id: "5", do: "react", kind: "clap" },
  ]);
  assert.deepEqual(notes.n1, { ...NOTE, kind: "lesson", question: "q2", text: { "": "Wells" } });
  assert.deepEqual(notes.n2, NOTE);
  assert.deepEqual([...waiting], ["n1"]);
  assert.deepEqual([...dropped], ["n2"]);
});

test("nothing pending leaves the record as it is", () => {
  assert.deepEqual(withPending({ n1: NOTE }, []), { notes: { n1: NOTE }, waiting: new Set(), dropped: new Set() });
});
