import assert from "node:assert/strict";
import { test } from "node:test";

import { columnsFor, densityOf, readRooms, shared } from "../../static/js/panels/screen/map.js";
import { pagesOf, stays } from "../../static/js/panels/screen/pages.js";

const NOW = 1_700_000_000_000;

test("rooms stand in as many columns as make their tiles largest, and all are there", () => {
  assert.deepEqual([1, 4, 7, 9, 30, 100].map((rooms) => columnsFor(rooms, 1280, 525)), [1, 2, 4, 3, 6, 12]);
  assert.equal(columnsFor(30, 1080, 1646), 3);
  assert.equal(columnsFor(0, 1280, 525), 1);
  assert.equal(columnsFor(5, 0, 0), 1, "before the frame has a size");
});

test("the more rooms there are, the less is said of each", () => {
  assert.deepEqual([2, 9, 20, 30, 100].map(densityOf), ["xl", "l", "m", "s", "xs"]);
});

test("what all rooms are about is said once", () => {
  const rooms = [{ number: 1, task: "a" }, { number: 2, task: "a" }];
  assert.equal(shared(rooms, (room) => room.task), "a");
  assert.equal(shared(rooms, (room) => room.number), null);
  assert.equal(shared([], (room) => room.task), null);
});

/** @param {number} left @param {number} [total] */
const running = (left, total = 1_200_000) => ({ clock: { state: "running", ends: NOW + left, left: null, total } });

test("the clock of the rooms warns at five minutes and at one, and a countdown to the closing comes before it", () => {
  assert.deepEqual(readRooms(running(301_000), NOW), { left: 301_000, mood: "calm", word: "left" });
  assert.equal(readRooms(running(300_000), NOW)?.word, "five");
  assert.equal(readRooms(running(300_000, 480_000), NOW)?.word, "left", "a short round has one warning");
  assert.equal(readRooms(running(60_000), NOW)?.word, "soon");
  assert.equal(readRooms(running(-5_000), NOW)?.word, "over");
  assert.deepEqual(readRooms({ ...running(-5_000), closing: NOW + 40_000 }, NOW), { left: 40_000, mood: "soon", word: "closing" });
  assert.equal(readRooms({ ...running(1), closing: NOW - 1 }, NOW)?.left, 0);
  assert.equal(readRooms({ clock: { state: "idle", total: 0 } }, NOW), null);
});

/** @param {string} id @param {string} kind @param {string} words @param {number} at */
const note = (id, kind, words = "Sign late.", at = 1) => ({ id, kind, words, round: 1, at });

test("notes stand by kind in the order of the report, then as written, few of them large", () => {
  const [page, ...more] = pagesOf([note("c", "open"), note("b", "works", "Two", 2), note("a", "works", "One", 1)]);
  assert.deepEqual(page?.groups.map(({ kind, notes }) => [kind, notes.map(({ id }) => id)]), [["works", ["a", "b"]], ["open", ["c"]]]);
  assert.equal(page?.large, true);
  assert.deepEqual(more, []);
  assert.deepEqual(pagesOf([]), []);
});

test("many notes go on pages, none twice and none left out, and a tall screen takes more", () => {
  const notes = Array.from({ length: 40 }, (_, i) => note(`n${i}`, i % 2 ? "works" : "lesson", "x".repeat(10 + i * 5), i));
  const pages = pagesOf(notes);
  const ids = pages.flatMap(({ groups }) => groups.flatMap((group) => group.notes.map(({ id }) => id)));
  assert.deepEqual([...ids].sort(), notes.map(({ id }) => id).sort());
  assert.ok(pages.length > pagesOf(notes, "tall").length);
  assert.ok(pages.every(({ large }) => !large));
});

test("a note longer than a page has one for itself, and stands for as long as it takes to be read", () => {
  const pages = pagesOf([note("a", "works"), note("b", "works", "x".repeat(2000), 2), note("c", "works", "Three", 3)]);
  assert.deepEqual(pages.map(({ groups }) => groups[0]?.notes.map(({ id }) => id)), [["a"], ["b"], ["c"]]);
  assert.equal(stays(pages[0]), 12_000);
  assert.equal(stays(pages[1]), 120_000);
});
