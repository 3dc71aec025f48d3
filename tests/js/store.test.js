import assert from "node:assert/strict";
import { test } from "node:test";

import { Store } from "../../static/js/live/store.js";

/** @param {any} [docs] */
function store(docs = { stage: { a: 1, deep: { b: 2 } }, me: { name: "Awa" } }, local = () => 1_000) {
  return new Store({ at: "e:1", seq: 1, now: 5_000, docs }, local);
}

test("a patch changes its document and leaves the others alone", () => {
  const it = store();
  const { me } = it.docs;
  it.apply({ doc: "stage", at: "e:2", seq: 2, now: 5_000, patch: { deep: { b: 3 } } });
  assert.deepEqual(it.docs.stage, { a: 1, deep: { b: 3 } });
  assert.equal(it.docs.me, me);
  assert.equal(it.seq, 2);
});

test("a full document replaces, and a document that is gone is gone", () => {
  const it = store();
  it.apply({ doc: "stage", at: "e:2", seq: 2, full: { only: true } });
  it.apply({ doc: "me", gone: true });
  assert.deepEqual(it.docs, { stage: { only: true } });
});

test("patches one by one give the whole document", () => {
  const patched = store({ stage: { items: {} } });
  const steps = [{ items: { a: { n: 1 } } }, { items: { b: { n: 1 } } }, { items: { a: null, b: { n: 2 } } }];
  steps.forEach((patch, index) => patched.apply({ doc: "stage", at: `e:${index + 2}`, seq: index + 2, patch }));
  const whole = store({});
  whole.apply({ doc: "stage", at: "e:4", seq: 4, full: { items: { b: { n: 2 } } } });
  assert.deepEqual(patched.docs, whole.docs);
});

test("a welcome that kept continuity leaves out what is held; one that did not replaces everything", () => {
  const it = store();
  it.apply({ welcome: /** @type {any} */ ({ at: "e:5", seq: 5, now: 5_000, resumed: true, docs: { me: { name: "Lin" } } }) });
  assert.deepEqual(it.docs, { stage: { a: 1, deep: { b: 2 } }, me: { name: "Lin" } });
  it.apply({ welcome: /** @type {any} */ ({ at: "f:1", seq: 1, now: 5_000, resumed: false, docs: { me: { name: "Ada" } } }) });
  assert.deepEqual(it.docs, { me: { name: "Ada" } });
  assert.equal(it.seen, "f:1");
});

test("the position to go on from is the one that the last frame named", () => {
  const it = store();
  it.apply({ doc: "me", at: "e:1", seq: 2, patch: { name: "B" } });
  assert.equal(it.seen, "e:1");
  it.apply({ doc: "stage", at: "", seq: 2, patch: { a: 2 } });
  assert.equal(it.seen, "");
  it.apply({ doc: "desk", at: "e:2", seq: 2, patch: { b: 2 } });
  assert.equal(it.seen, "e:2");
  it.apply({ doc: "room/a", gone: true });
  it.apply({ pong: 1, now: 5_000 });
  assert.equal(it.seen, "e:2");
});

test("who comes back gets patches after a welcome without the documents, and is at the new position with the last", () => {
  const it = store({ stage: { a: 1, polls: { p: { n: 1 }, q: {} } }, desk: { b: 1 }, me: { name: "Awa" } });
  /** @type {any[]} */
  const heard = [];
  it.on("stage", (doc) => heard.push(doc));
  it.apply({ welcome: /** @type {any} */ ({ at: "e:1", seq: 9, now: 5_000, resumed: true, docs: { me: { name: "Lin" } } }) });
  assert.deepEqual([it.seen, it.docs.stage?.polls, heard.length], ["e:1", { p: { n: 1 }, q: {} }, 0]);
  it.apply({ doc: "stage", at: "", seq: 9, now: 5_000, patch: { polls: { p: { n: 8 }, q: null } } });
  it.apply({ doc: "desk", at: "e:9", seq: 9, now: 5_000, patch: { b: 2 } });
  assert.deepEqual(it.docs, { stage: { a: 1, polls: { p: { n: 8 } } }, desk: { b: 2 }, me: { name: "Lin" } });
  assert.deepEqual([it.seen, it.seq, heard.length], ["e:9", 9, 1]);
});

test("listeners hear of their own document, and only when it changed", () => {
  const it = store();
  /** @type {any[]} */
  const heard = [];
  const off = it.on("me", (doc, before) => heard.push([doc, before]));
  it.apply({ doc: "stage", at: "e:2", seq: 2, patch: { a: 2 } });
  it.apply({ doc: "me", at: "e:2", seq: 2, patch: { name: "Lin" } });
  it.apply({ welcome: /** @type {any} */ ({ at: "e:3", seq: 3, now: 5_000, resumed: true, docs: {} }) });
  off();
  it.apply({ doc: "me", at: "e:4", seq: 4, patch: { name: "Ada" } });
  assert.deepEqual(heard, [[{ name: "Lin" }, { name: "Awa" }]]);
});

test("several changes in one turn are drawn once", async () => {
  const it = store();
  let drawn = 0;
  const stop = it.watch(["stage", "me"], () => drawn++);
  assert.equal(drawn, 1);
  it.apply({ doc: "stage", at: "e:2", seq: 2, patch: { a: 2 } });
  it.apply({ doc: "me", at: "e:2", seq: 2, patch: { name: "Lin" } });
  await Promise.resolve();
  assert.equal(drawn, 2);
  it.apply({ doc: "me", at: "e:3", seq: 3, patch: { name: "Ada" } });
  stop();
  await Promise.resolve();
  assert.equal(drawn, 2);
});

test("the server's time is taken from the least delayed frame", () => {
  let local = 1_000;
  const it = store({}, () => local);
  assert.equal(it.now(), 5_000);
  local = 2_000;
  it.apply({ pong: 1, now: 5_900 });
  assert.equal(it.now(), 6_000, "a late frame does not set the clock back");
  it.apply({ pong: 2, now: 6_300 });
  assert.equal(it.now(), 6_300, "an earlier one sets it forward");
});

test("a device whose clock was changed is corrected", () => {
  let local = 1_000;
  const it = store({}, () => local);
  local = 3_601_000;
  it.apply({ pong: 1, now: 6_000 });
  assert.equal(it.now(), 6_000);
});

/** @param {string | null} where @param {string[]} held */
function inRoom(where, ...held) {
  return store({ stage: {}, me: { room: where }, ...Object.fromEntries(held.map((id) => [`room/${id}`, { room: { id } }])) });
}

test("of the rooms the one stays in which the person is, in whatever order the documents come", () => {
  for (const order of [["me", "full", "gone"], ["gone", "me", "full"], ["full", "me", "gone"]]) {
    const it = inRoom("a", "a");
    const frames = /** @type {Record<string, any>} */ ({
      me: { doc: "me", at: "e:2", seq: 2, patch: { room: "b" } },
      full: { doc: "room/b", at: "e:2", seq: 2, full: { room: { id: "b" } } },
      gone: { doc: "room/a", gone: true },
    });
    for (const one of order) it.apply(frames[one]);
    assert.deepEqual(it.docs, { stage: {}, me: { room: "b" }, "room/b": { room: { id: "b" } } }, order.join());
    assert.equal(it.room?.room.id, "b");
  }
});

test("who leaves the rooms holds none, also where a resumed welcome says so", () => {
  const it = inRoom("a", "a");
  it.apply({ doc: "me", at: "e:2", seq: 2, patch: { room: null } });
  assert.deepEqual(it.docs, { stage: {}, me: {} });
  assert.equal(it.room, undefined);
  const back = inRoom("a", "a");
  back.apply({ welcome: /** @type {any} */ ({ at: "e:5", seq: 5, now: 5_000, resumed: true, docs: { me: { room: null } } }) });
  assert.deepEqual(back.docs, { stage: {}, me: { room: null } });
});

test("one who listens for the room hears of it from room to room, once for each change", () => {
  const it = inRoom("a", "a");
  /** @type {any[]} */
  const heard = [];
  it.on("room", (room, before) => heard.push([room?.room.id, before?.room.id]));
  it.apply({ doc: "room/a", at: "e:2", seq: 2, patch: { help: { since: 1 } } });
  it.apply({ doc: "room/b", at: "e:3", seq: 3, full: { room: { id: "b" } } });
  it.apply({ doc: "me", at: "e:3", seq: 3, patch: { room: "b" } });
  it.apply({ doc: "room/a", gone: true });
  it.apply({ doc: "stage", at: "e:4", seq: 4, patch: { a: 1 } });
  assert.deepEqual(heard, [["a", "a"], ["b", "a"]]);
});

test("what changes together is drawn together, also after a loss in between", async () => {
  const it = store({ stage: { live: [] }, desk: { pending: ["q"] }, me: {} });
  /** @type {any[]} */
  const drawn = [];
  it.watch(["stage", "desk"], () => drawn.push([it.docs.stage, it.docs.desk]));
  it.apply({ doc: "stage", at: "", seq: 2, now: 5_000, patch: { live: ["q"] } });
  await Promise.resolve();
  assert.equal(drawn.length, 1);
  it.apply({ doc: "desk", at: "e:2", seq: 2, now: 5_000, patch: { pending: [] } });
  await Promise.resolve();
  assert.deepEqual(drawn.slice(1), [[{ live: ["q"] }, { pending: [] }]]);
  it.apply({ doc: "stage", at: "", seq: 3, now: 5_000, patch: { live: [] } });
  it.apply({ welcome: /** @type {any} */ ({ at: "e:4", seq: 4, now: 5_000, resumed: false, docs: { stage: { live: [] }, desk: { pending: [] } } }) });
  await Promise.resolve();
  assert.equal(drawn.length, 3);
});
