import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";

import { loadTexts, readTexts } from "../../static/js/lib/texts.js";
import { lineInWords, speakerIn } from "../../static/js/panels/record/lines.js";

const STAGE = { session: { groups: { youth: { en: "Youth", fr: "Jeunesse" } } } };
const QUESTIONS = [{ id: "q1", number: 1, segment: "s", text: { en: "Why?" } }];

before(async () => {
  const file = new URL("../../static/locales/en.json", import.meta.url);
  await loadTexts("en", async () => JSON.parse(await readFile(file, "utf-8")));
  readTexts("en", ["en"]);
});

/** @param {object} line */
const words = (line) => lineInWords({ at: 1, seq: 1, question: null, ...line }, QUESTIONS, STAGE);

test("a step of the agenda names the question by number, and says when the clock took it", () => {
  assert.deepEqual(words({ what: "agenda.went", question: "q1", auto: false }), { sign: "§", text: "Question 1 on stage", detail: "Why?" });
  assert.match(words({ what: "agenda.went", question: "q1", auto: true }).text, /by the clock/);
});

test("a question that left the agenda is still a step", () => {
  assert.equal(words({ what: "agenda.went", question: "gone" }).text, "Another guiding question on stage");
});

test("a turn names the person with the group, and its length in whole seconds", () => {
  const turn = { name: "Léa", group: "youth", person: "p" };
  assert.equal(words({ what: "speaker.started", ...turn }).text, "Léa (Youth) takes the floor");
  assert.equal(words({ what: "speaker.finished", ...turn, ms: 64_900 }).text, "Léa (Youth) spoke for 1:04");
});

test("an anonymous question has no name, an answer stands with its question", () => {
  assert.deepEqual(words({ what: "question.approved", name: null, text: { en: "How?" } }),
    { sign: "?", text: "Question from an anonymous person", detail: "How?" });
  assert.deepEqual(words({ what: "question.answered", text: { en: "How?" }, answer: { en: "So." } }),
    { sign: "✓", text: "Answered: How?", detail: "So." });
});

test("every kind of line that the protocol names has words of its own", () => {
  const kinds = ["session.opened", "session.closed", "agenda.went", "speaker.started", "speaker.finished", "question.approved",
    "question.answered", "poll.opened", "poll.closed", "poll.published", "announced",
    "rooms.opened", "rooms.rotated", "rooms.closed", "note.lifted"];
  for (const what of kinds) {
    const { text, sign } = words({ what, name: /^(rooms|note)/.test(what) ? { en: "A" } : "A", number: 3, round: 2, text: { en: "T" }, question: "q1", ms: 0 });
    assert.ok(text && !text.includes("rapporteur.") && !text.includes("{"), `${what}: ${text}`);
    assert.notEqual(sign, "·", what);
  }
});

test("what happens in rooms names the plan, the round, and the room without a name by its number", () => {
  assert.deepEqual(words({ what: "rooms.opened", name: { en: "World café" }, round: 1 }), { sign: "⊞", text: "Breakout rooms opened", detail: "World café" });
  assert.equal(words({ what: "rooms.rotated", round: 2, auto: false }).text, "Round 2 in the rooms");
  assert.equal(words({ what: "rooms.rotated", round: 2, auto: true }).text, "Round 2 in the rooms, by the clock");
  const lifted = words({ what: "note.lifted", note: "n1", text: { en: "Sign late." }, room: "r3", number: 3, round: 2 });
  assert.deepEqual([lifted.text.replace(/[\u2068\u2069]/g, ""), lifted.detail], ["Note lifted from Table 3, round 2", "Sign late."]);
});

test("a line of a later version is shown by its name rather than hidden", () => {
  assert.deepEqual(words({ what: "room.closed", text: { en: "Room 3" } }), { sign: "·", text: "room.closed", detail: "Room 3" });
});

test("only a turn has somebody to quote", () => {
  assert.equal(speakerIn({ at: 1, seq: 1, question: null, what: "speaker.started", name: "Léa" }), "Léa");
  assert.equal(speakerIn({ at: 1, seq: 1, question: null, what: "question.approved", name: "Léa" }), null);
  assert.equal(speakerIn(undefined), null);
});
