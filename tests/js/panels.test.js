import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";

import { loadTexts } from "../../static/js/lib/texts.js";
import { Intents } from "../../static/js/live/intents.js";
import { onStage } from "../../static/js/lib/agenda.js";
import { changes } from "../../static/js/panels/aloud.js";
import { evenRows } from "../../static/js/panels/ballot.js";
import { lengthOf, partRemarks, remarksOf } from "../../static/js/panels/preview.js";

const samples = JSON.parse(readFileSync(new URL("../samples/documents.json", import.meta.url), "utf8"));
const english = JSON.parse(readFileSync(new URL("../../static/locales/en.json", import.meta.url), "utf8"));

beforeEach(() => loadTexts("en", async () => english));

/** The sample stage with a change. @param {(stage: any) => void} change */
function after(change) {
  const stage = structuredClone(samples.stage);
  change(stage);
  return stage;
}

test("the question on stage has its place among all", () => {
  const now = onStage(samples.stage.agenda);
  assert.deepEqual([now?.id, now?.place, now?.total], ["q2", 2, 5]);
  assert.equal(onStage({ ...samples.stage.agenda, current: null }), null);
  assert.equal(onStage(undefined), null);
});

for (const [what, change, said] of /** @type {[string, (stage: any) => void, string[]][]} */ ([
  ["nothing of note", (stage) => (stage.presence.online = 59), []],
  ["a new question on stage", (stage) => (stage.agenda.current = "q4"), ["New question on stage: Who carries the risk when a joint project fails?"]],
  ["a poll that closes", (stage) => (stage.polls.v1.state = "closed"), ["The poll is closed: Which step costs your organisation the most time?"]],
  ["a poll that opens", (stage) => (stage.polls.v9 = { state: "open", prompt: { en: "Lunch?" } }), ["A poll is open: Lunch?"]],
  ["results", (stage) => (stage.polls.v4.state = "published"), ["Results are published: Shall we continue five minutes longer?"]],
  ["being next", (stage) => stage.speakers.waiting.shift(), ["You are next to speak"]],
  ["having the floor", (stage) => (stage.speakers.current.person = "p1"), ["You have the floor"]],
  ["an announcement", (stage) => (stage.announcement = { text: { en: "Lunch is served." }, at: 1 }), ["Lunch is served."]],
  ["the end", (stage) => (stage.session.state = "ended"), ["The session is over. Thank you for taking part."]],
])) {
  test(`what is said aloud: ${what}`, () => {
    assert.deepEqual(changes(after(change), samples.stage, "p1"), said);
  });
}

test("the points of a scale stand in rows that are as even as they can be", () => {
  const rows = [1, 5, 6, 11, 12].map((n) => Object.values(evenRows(n)).join(" "));
  assert.deepEqual(rows, ["1 1", "5 5", "3 6", "4 11", "4 6"]);
});

test("the places of a refused agenda become lines where they are lines", () => {
  assert.deepEqual(remarksOf({ "line 3, column 2": "No list", "segments[0].title": "Missing", agenda: "Empty" }), [
    { line: 3, message: "No list" },
    { line: null, message: "segments[0].title: Missing" },
    { line: null, message: "Empty" },
  ]);
});

test("a planned time is said to the second", () => {
  assert.deepEqual([600, 90, 15, 0].map(lengthOf), ["10 min", "1 min 30 s", "15 s", "no clock"]);
});

test("what was merely left out stands apart from what has to be decided", () => {
  const remarks = ["prose", "heading", "navigation", "zone_city", "untranslated", "list_item"].map((code) => ({ code, message: code }));
  const { decide, leftOut } = partRemarks(remarks);
  assert.deepEqual(decide.map(({ code }) => code), ["heading", "zone_city", "untranslated"]);
  assert.deepEqual(leftOut.map(({ code }) => code), ["prose", "navigation", "list_item"]);
});

/** A session whose commands are answered by hand. */
function quiet() {
  /** @type {{resolve: (outcome: any) => void, reject: (refusal: any) => void}[]} */
  const sent = [];
  let seq = 0;
  const session = /** @type {any} */ ({
    store: { seqOf: () => seq },
    pending: () => [],
    onPending: () => () => {},
    onRefused: () => () => {},
    send: () => new Promise((resolve, reject) => sent.push({ resolve, reject })),
  });
  return { session, sent, reach: (/** @type {number} */ to) => (seq = to) };
}

test("what was sent is shown until the own document has caught up, also when the answer comes first", async () => {
  const { session, sent, reach } = quiet();
  let drawn = 0;
  const intents = new Intents(session, () => drawn++, () => null);
  const run = intents.run("v1", "b", "ballot.cast", {});
  assert.deepEqual(intents.get("v1", "a"), { value: "b", waiting: true });
  sent[0]?.resolve({ done: "x", seq: 7 });
  await run;
  assert.deepEqual(intents.get("v1", "a"), { value: "b", waiting: false }, "the document still shows the one before");
  reach(7);
  assert.deepEqual(intents.get("v1", "c"), { value: "c", waiting: false }, "another tab was quicker: the document is right");
  assert.equal(drawn, 2);
});

test("a refusal takes back what was shown, and is kept until the next try", async () => {
  const { session, sent } = quiet();
  const intents = new Intents(session, () => {}, () => null);
  const run = intents.run("v1", "b", "ballot.cast", {});
  sent[0]?.reject({ code: "poll.closed", message: "" });
  assert.equal(await run, null);
  assert.deepEqual(intents.get("v1", "a"), { value: "a", waiting: false });
  assert.equal(intents.refusal("v1")?.code, "poll.closed");
  void intents.run("v1", "c", "ballot.cast", {});
  assert.equal(intents.refusal("v1"), null);
});

test("a refused first try does not take back the second", async () => {
  const { session, sent } = quiet();
  const intents = new Intents(session, () => {}, () => null);
  const first = intents.run("v1", "b", "ballot.cast", {});
  void intents.run("v1", "c", "ballot.cast", {});
  sent[0]?.reject({ code: "slow", message: "" });
  await first;
  assert.deepEqual(intents.get("v1", "a"), { value: "c", waiting: true });
  assert.equal(intents.refusal("v1"), null);
});

test("commands of before a reload are shown as waiting until they are answered", () => {
  const { session } = quiet();
  let pending = [{ id: "1", do: "ballot.cast", poll: "v1", answer: ["a"] }, { id: "2", do: "react" }];
  let tell = () => {};
  session.pending = () => pending;
  session.onPending = (/** @type {() => void} */ fn) => (tell = fn);
  const intents = new Intents(session, () => {}, (command) =>
    command.do === "ballot.cast" ? [String(command.poll), String(command.answer)] : null,
  );
  assert.deepEqual(intents.get("v1", ""), { value: "a", waiting: true });
  pending = [];
  tell();
  assert.deepEqual(intents.get("v1", ""), { value: "", waiting: false });
});
