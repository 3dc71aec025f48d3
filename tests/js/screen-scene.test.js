import assert from "node:assert/strict";
import { test } from "node:test";

import { CLOSED_STAYS, blank, choose, readClock, readTurn, recall, sizeOf } from "../../static/js/panels/screen/scene.js";

const NOW = 1_700_000_000_000;

function stage({ state = "live", current = "q1", speaker = false, polls = {}, rooms = {} } = {}) {
  return {
    session: { state },
    agenda: { order: [], segments: {}, current },
    speakers: { current: speaker ? { person: "p", since: speaker === true ? NOW : speaker } : null },
    polls,
    rooms,
  };
}

function poll(state, question = "q1", opened = NOW) {
  return { state, question, opened };
}

/** Lets a screen see the stages one after the other, a second apart, and returns what it shows in the end. */
function watch(...stages) {
  let memory = blank();
  stages.forEach((seen, index) => { memory = recall(memory, seen, NOW + index * 1000); });
  return choose(stages.at(-1), memory);
}

test("the guiding question is shown when nothing else claims the screen", () => {
  assert.deepEqual(watch(stage()), { scene: "question", poll: null });
});

test("the hall gathers before the session opens and when no question is on stage", () => {
  assert.equal(watch(stage({ state: "lobby", current: null })).scene, "gather");
  assert.equal(watch(stage({ current: null })).scene, "gather");
});

test("whoever has the floor comes before the question", () => {
  assert.equal(watch(stage({ speaker: true })).scene, "speaker");
});

test("an open poll comes before the speaker", () => {
  assert.deepEqual(watch(stage({ speaker: true, polls: { p1: poll("open") } })), { scene: "poll", poll: "p1" });
});

test("of two open polls the one opened last is shown", () => {
  const polls = { p1: poll("open", "q1", NOW + 5), p2: poll("open", "q1", NOW) };
  assert.equal(watch(stage({ polls })).poll, "p1");
});

test("a published poll stays until the next guiding question", () => {
  const open = stage({ polls: { p1: poll("open") } });
  const published = stage({ polls: { p1: poll("published") } });
  assert.deepEqual(watch(open, published), { scene: "poll", poll: "p1" });
  const next = stage({ current: "q2", polls: { p1: poll("published") } });
  assert.equal(watch(open, published, next).scene, "question");
});

test("results give way to whoever gets the floor, and come back only when they are published again", () => {
  const speaks = NOW + 5_000;
  const open = stage({ polls: { p1: poll("open") } });
  const published = stage({ polls: { p1: poll("published") } });
  const turn = stage({ speaker: speaks, polls: { p1: poll("published") } });
  assert.equal(watch(open, published, turn).scene, "speaker");
  assert.equal(watch(open, published, turn, published).scene, "question", "the turn is over");
  const hidden = stage({ speaker: speaks, polls: { p1: poll("closed") } });
  assert.equal(watch(open, published, turn, hidden, turn).scene, "poll");
  assert.equal(watch(open, published, turn, hidden, turn, stage({ speaker: speaks + 1, polls: turn.polls })).scene, "speaker");
  const another = stage({ speaker: speaks, polls: { ...turn.polls, p2: poll("open", "q1", NOW + 9_000) } });
  assert.deepEqual(watch(open, published, turn, another), { scene: "poll", poll: "p2" });
  const elsewhere = stage({ current: "q2", polls: published.polls });
  assert.equal(watch(open, published, elsewhere, published).scene, "question", "back at a question whose results were seen");
});

test("results that are published while somebody speaks are shown", () => {
  const open = stage({ speaker: NOW - 5_000, polls: { p1: poll("open") } });
  const published = stage({ speaker: NOW - 5_000, polls: { p1: poll("published") } });
  assert.equal(watch(open, published).scene, "poll");
  assert.equal(watch(published).scene, "poll", "a screen switched on late judges by when the poll was opened");
  assert.equal(watch(stage({ speaker: NOW + 5_000, polls: published.polls })).scene, "speaker");
});

test("an old poll that is published under a later question is fresh again", () => {
  const closed = stage({ current: "q2", polls: { p1: poll("closed", "q1") } });
  const published = stage({ current: "q2", polls: { p1: poll("published", "q1") } });
  assert.equal(watch(closed, published).poll, "p1");
});

test("a poll that is hidden or dropped leaves the screen", () => {
  const published = stage({ polls: { p1: poll("published") } });
  assert.equal(watch(published, stage({ polls: { p1: poll("closed") } })).scene, "question");
  assert.equal(watch(published, stage()).scene, "question");
});

test("a poll that was just closed waits for its results, but not for ever", () => {
  const closed = stage({ polls: { p1: poll("closed") } });
  let memory = recall(recall(blank(), stage({ polls: { p1: poll("open") } }), NOW), closed, NOW);
  assert.equal(choose(closed, memory).poll, "p1");
  memory = recall(memory, closed, NOW + CLOSED_STAYS - 1);
  assert.equal(choose(closed, memory).poll, "p1");
  memory = recall(memory, closed, NOW + CLOSED_STAYS);
  assert.equal(choose(closed, memory).scene, "question");
});

test("a screen switched on late shows the published poll of this question only", () => {
  assert.equal(watch(stage({ polls: { p1: poll("published", "q1") } })).poll, "p1");
  assert.equal(watch(stage({ polls: { p1: poll("published", "q0"), p2: poll("closed", "q1") } })).scene, "question");
});

test("the end of the session comes before everything", () => {
  assert.equal(watch(stage({ state: "ended", speaker: true, polls: { p1: poll("open") } })).scene, "ended");
});

const OPEN = { open: { plan: "b1", round: 1 } };
const SECOND = { open: { plan: "b1", round: 2 } };

test("open rooms come before the speaker and before the session begins, an open poll of the hall before them", () => {
  assert.deepEqual(watch(stage({ speaker: true, rooms: OPEN })), { scene: "rooms", poll: null });
  assert.equal(watch(stage({ state: "lobby", current: null, rooms: OPEN })).scene, "rooms");
  assert.equal(watch(stage({ rooms: OPEN, polls: { p1: poll("open") } })).scene, "poll");
  assert.equal(watch(stage({ state: "ended", rooms: OPEN })).scene, "ended");
});

test("notes that were put on the screen come before everything, also after the end", () => {
  const rooms = { ...OPEN, shown: { plan: "b1", room: "r1" } };
  assert.deepEqual(watch(stage({ rooms, polls: { p1: poll("open") } })), { scene: "shown", poll: null });
  assert.equal(watch(stage({ state: "ended", rooms })).scene, "shown");
});

test("results give way to rooms that open and to their next round, not to the way back into the hall", () => {
  const polls = { p1: poll("published") };
  assert.equal(watch(stage({ polls }), stage({ polls, rooms: OPEN })).scene, "rooms");
  assert.equal(watch(stage({ polls, rooms: OPEN })).scene, "rooms", "a screen switched on late");
  const asked = stage({ rooms: OPEN, polls: { p1: poll("closed") } });
  const published = stage({ rooms: OPEN, polls });
  assert.equal(watch(asked, published).scene, "poll");
  assert.equal(watch(asked, published, stage({ rooms: SECOND, polls })).scene, "rooms");
  assert.equal(watch(asked, published, stage({ polls })).scene, "poll");
});

test("a clock warns in its last minute and counts on when it is over", () => {
  const running = { state: "running", ends: NOW + 61_000, left: null, total: 600_000 };
  assert.deepEqual(readClock(running, NOW), { left: 61_000, mood: "calm", paused: false });
  assert.equal(readClock(running, NOW + 1000)?.mood, "soon");
  assert.deepEqual(readClock(running, NOW + 73_000), { left: -12_000, mood: "over", paused: false });
});

test("a clock of less than two minutes has no last minute, one that was shortened has", () => {
  const short = { state: "running", ends: NOW + 50_000, left: null, total: 110_000 };
  assert.equal(readClock(short, NOW)?.mood, "calm");
  assert.equal(readClock(short, NOW + 60_000)?.mood, "over");
  assert.equal(readClock({ ...short, total: 50_000 }, NOW, 600_000)?.mood, "soon");
});

test("a paused clock stands still and an idle one is not shown", () => {
  const paused = { state: "paused", ends: null, left: 30_000, total: 600_000 };
  assert.deepEqual(readClock(paused, NOW), { left: 30_000, mood: "soon", paused: true });
  assert.equal(readClock({ state: "idle", ends: null, left: null, total: 0 }, NOW), null);
});

test("a turn counts down where turns are limited and up where they are not", () => {
  assert.deepEqual(readTurn(NOW, 0, NOW + 95_000), { ms: 95_000, mood: "calm" });
  assert.deepEqual(readTurn(NOW, 120, NOW + 95_000), { ms: 25_000, mood: "soon" });
  assert.deepEqual(readTurn(NOW, 120, NOW + 132_000), { ms: -12_000, mood: "over" });
  assert.equal(readTurn(NOW, 0, NOW - 500).ms, 0, "a clock that runs a little behind shows no negative time");
});

test("longer texts are set smaller, and wide scripts count double", () => {
  assert.deepEqual([10, 60, 120, 200, 400].map((n) => sizeOf("x".repeat(n))), ["s", "m", "l", "xl", "xxl"]);
  assert.equal(sizeOf("問".repeat(30)), "m");
});
