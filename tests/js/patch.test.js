import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { mergePatch } from "../../static/js/live/patch.js";

/** The same samples that the Python tests read. */
const samples = JSON.parse(readFileSync(new URL("../samples/patches.json", import.meta.url), "utf8"));

for (const { why, old, patch, new: expected } of samples) {
  test(`old + patch = new: ${why}`, () => {
    const before = structuredClone(old);
    assert.deepEqual(mergePatch(old, patch), expected);
    assert.deepEqual(old, before, "the old document is untouched");
  });
}

test("what the patch does not touch stays the same object", () => {
  const old = { a: { deep: 1 }, b: { deep: 2 } };
  const merged = /** @type {any} */ (mergePatch(old, { b: { deep: 3 } }));
  assert.equal(merged.a, old.a);
  assert.notEqual(merged.b, old.b);
});

test("a key called __proto__ changes no prototype", () => {
  const merged = mergePatch({}, JSON.parse('{"__proto__": {"polluted": true}}'));
  assert.equal(Object.getPrototypeOf(merged), Object.prototype);
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
});
