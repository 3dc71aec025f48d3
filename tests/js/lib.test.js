import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { letter } from "../../static/js/lib/marks.js";
import { queueLength } from "../../static/js/lib/queue.js";
import { loadTexts, pick, pickWithLanguage, readTexts, refusal, t } from "../../static/js/lib/texts.js";
import { clockLeft, formatClock, formatDay, formatSpent, formatTime, formatUnsigned } from "../../static/js/lib/time.js";
import { rowsOf } from "../../static/js/panels/results.js";

/** @param {any} catalogue @param {string} [lang] */
const load = (catalogue, lang = "en") => loadTexts(lang, async () => catalogue);

test("a clock counts down in whole seconds and goes on below nothing", () => {
  const shown = { 754_000: "12:34", 60_000: "1:00", 59_001: "1:00", 1: "0:01", 0: "0:00", [-12_000]: "-0:12", 3_723_000: "1:02:03" };
  for (const [ms, text] of Object.entries(shown)) assert.equal(formatClock(Number(ms)), text);
});

test("a countdown beside a word has no sign", () => {
  for (const [ms, text] of Object.entries({ 12_000: "0:12", [-12_000]: "0:12", [-500]: "0:00" })) assert.equal(formatUnsigned(Number(ms)), text);
});

test("time that was spent counts the seconds that are over", () => {
  for (const [ms, text] of Object.entries({ [-300]: "0:00", 999: "0:00", 1_999: "0:01", 60_000: "1:00" })) {
    assert.equal(formatSpent(Number(ms)), text);
  }
});

test("a time is shown in its zone", () => {
  const june = Date.UTC(2026, 5, 6, 12, 5);
  assert.equal(formatTime(june, "Europe/Paris", "fr"), "14:05");
  assert.equal(formatTime(june, "Africa/Nairobi", "fr"), "15:05");
});

test("a date is written in one way, with the zone as people call it", () => {
  const start = Date.UTC(2027, 1, 18, 14, 0);
  for (const lang of ["en", "en-GB", "en-US"]) {
    assert.match(formatDay(start, "Europe/Paris", lang), /^18 February 2027(,| at) 15:00 CET$/, lang);
    assert.match(formatDay(start, "America/New_York", lang), /^18 February 2027(,| at) 09:00 EST$/, lang);
  }
  assert.match(formatDay(start, "Africa/Addis_Ababa", "en"), /17:00 GMT\+3$/);
  assert.match(formatDay(start, "Europe/Paris", "fr"), /^18 février 2027 à 15:00 UTC\+1$/);
});

test("what is left on the clock: running, paused, not started, without time", () => {
  assert.equal(clockLeft({ state: "running", ends: 10_000, total: 60_000 }, 4_000), 6_000);
  assert.equal(clockLeft({ state: "paused", left: 5_000, total: 60_000 }, 4_000), 5_000);
  assert.equal(clockLeft({ state: "idle", total: 60_000 }, 4_000), 60_000);
  assert.equal(clockLeft({ state: "idle", total: 0 }, 4_000), null);
});

test("a message is filled, counted in the language's plural, and never breaks", async () => {
  await load({ hi: "Hello {name}", n: { one: "{n} vote", other: "{n} votes" } });
  assert.equal(t("hi", { name: "<b>" }), "Hello <b>");
  assert.equal(t("hi"), "Hello {name}");
  assert.equal(t("n", { n: 1 }), "1 vote");
  assert.equal(t("n", { n: 1_200 }), "1,200 votes");
  assert.equal(t("missing.key"), "missing.key");
  await load({ n: { one: "{n} voix", other: "{n} voix (pl.)" } }, "fr");
  assert.equal(t("n", { n: 0 }), "0 voix");
});

test("a text is read in the reader's language, then the session's, then any", async () => {
  await load({});
  readTexts("fr-CA", ["en", "ar"]);
  assert.equal(pick({ en: "Hello", fr: "Bonjour" }), "Bonjour");
  assert.equal(pick({ ar: "مرحبا", en: "Hello" }), "Hello");
  assert.deepEqual(pickWithLanguage({ sw: "Habari" }), { text: "Habari", lang: "sw" });
  assert.equal(pick({}), "");
  assert.equal(pick(null), "");
});

test("a refusal speaks the catalogue, else the server's words", async () => {
  await load({ "refusal.poll.closed": "Too late", "common.failed": "No" });
  assert.equal(refusal({ code: "poll.closed", message: "closed" }), "Too late");
  assert.equal(refusal({ code: "new.code", message: "Something new" }), "Something new");
  assert.equal(refusal(new TypeError("")), "No");
});

test("options have letters, however many", () => {
  assert.deepEqual([0, 1, 25, 26, 27].map(letter), ["A", "B", "Z", "AA", "AB"]);
});

test("shares are of the ballots, and of nothing there is no share", () => {
  const poll = /** @type {any} */ ({ order: ["a", "b"], results: { counts: { a: 3 }, ballots: 4 } });
  assert.deepEqual(rowsOf(poll).map(({ id, count, share }) => [id, count, share]), [["a", 3, 0.75], ["b", 0, 0]]);
  assert.deepEqual(rowsOf({ ...poll, results: { counts: {}, ballots: 0 } }).map((row) => row.share), [0, 0]);
});

test("who waits is counted with those behind the head of the queue, and before any document nobody is", () => {
  const speakers = /** @type {any} */ ({ waiting: ["a", "b"], more: 40 });
  assert.deepEqual([queueLength(speakers), queueLength(undefined)], [42, 0]);
});

test("the sample documents have what the browser's types promise", () => {
  const docs = JSON.parse(readFileSync(new URL("../samples/documents.json", import.meta.url), "utf8"));
  assert.deepEqual(Object.keys(docs).sort(), ["desk", "me", "record", "stage"]);
  for (const id of docs.stage.speakers.waiting) assert.ok(docs.stage.speakers.hands[id], `hand of ${id}`);
  assert.equal(queueLength(docs.stage.speakers), Object.keys(docs.desk.hands).length);
  for (const segment of docs.stage.agenda.order) assert.ok(docs.stage.agenda.segments[segment]);
});
