import assert from "node:assert/strict";
import { test } from "node:test";

import { Counted } from "../../static/js/live/counted.js";
import { Store } from "../../static/js/live/store.js";
import { Clock } from "./fakes.js";

/** A question with one vote, of somebody else. */
function hall() {
  const docs = /** @type {any} */ ({ stage: { votes: 1 }, me: { voted: {} } });
  const store = new Store({ at: "e:1", seq: 1, now: 0, docs }, () => 0);
  const clock = new Clock();
  let drawn = 0;
  const counted = new Counted(store, (me) => me?.voted, () => drawn++, clock.setTimeout);
  return {
    clock,
    drawn: () => drawn,
    mine: (/** @type {number} */ seq, /** @type {true | null} */ on) =>
      store.apply({ doc: "me", at: `e:1~${seq}`, seq, now: 0, patch: { voted: { q: on } } }),
    all: (/** @type {number} */ seq, /** @type {number} */ votes) => store.apply({ doc: "stage", at: `e:${seq}`, seq, now: 0, patch: { votes } }),
    /** What the owner of the vote reads. */
    read: () => Number(/** @type {any} */ (store.docs.stage).votes) + Number(store.docs.me?.voted.q === true) - Number(counted.value?.q === true),
  };
}

test("a vote is counted once, before and after the stage has it", () => {
  const { mine, all, read } = hall();
  mine(5, true);
  assert.equal(read(), 2);
  all(4, 2);
  assert.equal(read(), 3, "somebody else was quicker");
  all(5, 3);
  assert.equal(read(), 3);
  mine(6, null);
  assert.equal(read(), 2);
  mine(7, true);
  assert.equal(read(), 3, "taken back and given again before anybody saw it");
  all(6, 2);
  assert.equal(read(), 3);
  all(7, 3);
  assert.equal(read(), 3);
});

test("a count that stays as it was is not waited for", () => {
  const { mine, read, clock, drawn } = hall();
  mine(5, true);
  clock.advance(3_000);
  assert.deepEqual([read(), drawn()], [1, 1], "somebody took theirs back in the same moment");
});
