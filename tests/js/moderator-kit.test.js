import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";

import { loadTexts, t } from "../../static/js/lib/texts.js";
import { Drafts } from "../../static/js/panels/moderator/kit/drafts.js";
import { shortcut } from "../../static/js/panels/moderator/kit/keypress.js";
import { inLanguages, leftBehind } from "../../static/js/panels/moderator/kit/languages.js";
import { lengthOf } from "../../static/js/panels/moderator/kit/length.js";
import { settle } from "../../static/js/panels/moderator/kit/steady.js";
import { Tools } from "../../static/js/panels/moderator/kit/tools.js";
import { dotted, isolate } from "../../static/js/lib/isolate.js";
import { elsewhere, zoneName } from "../../static/js/panels/moderator/kit/zone.js";

before(() =>
  loadTexts("en", async () =>
    JSON.parse(readFileSync(new URL("../../static/locales/en.json", import.meta.url), "utf8")),
  ),
);

/** @param {string} key @param {object} [more] */
const press = (key, more = {}) => ({ key, code: "", ...more });
const button = { tagName: "BUTTON" };

test("a key is a shortcut, capital or not, unless somebody types", () => {
  assert.equal(shortcut(press("n"), button), "n");
  assert.equal(shortcut(press("N"), null), "n");
  assert.equal(shortcut(press("?"), { tagName: "INPUT", type: "checkbox" }), "?");
  for (const target of [
    { tagName: "TEXTAREA" },
    { tagName: "SELECT" },
    { tagName: "INPUT", type: "search" },
    { tagName: "DIV", isContentEditable: true },
  ]) {
    assert.equal(shortcut(press("n"), target), null);
  }
});

test("the browser's own shortcuts, repeats and compositions stay what they are", () => {
  for (const more of [
    { ctrlKey: true },
    { metaKey: true },
    { altKey: true },
    { repeat: true },
    { isComposing: true },
    { defaultPrevented: true },
  ]) {
    assert.equal(shortcut(press("n", more), button), null);
  }
  assert.equal(shortcut(press("Enter"), button), null);
});

test("on a keyboard of another script the place of the key counts", () => {
  assert.equal(shortcut(press("ى", { code: "KeyN" }), button), "n");
  assert.equal(shortcut(press("١", { code: "Digit1" }), button), "1");
  assert.equal(shortcut(press("ø", { code: "Semicolon" }), button), null);
});

test("without a hand near, a list is as it should be", () => {
  assert.deepEqual(settle(["a", "b"], ["b", "c"], false), { order: ["b", "c"], gone: new Set() });
});

test("under a hand nothing moves: what left stays as a shell, what is new goes to the end", () => {
  const { order, gone } = settle(["a", "b", "c"], ["d", "c", "a"], true);
  assert.deepEqual(order, ["a", "b", "c", "d"]);
  assert.deepEqual(gone, new Set(["b"]));
});

test("an empty list has nothing to hold", () => {
  assert.deepEqual(settle([], ["a"], true).order, ["a"]);
});

/** @returns {Storage} */
function storage() {
  const kept = new Map();
  return /** @type {any} */ ({
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
    removeItem: (/** @type {string} */ key) => kept.delete(key),
  });
}

test("a draft is kept per session until it is dropped", () => {
  const place = storage();
  const drafts = new Drafts(place, "s1");
  drafts.write("poll", { prompt: "Why?" });
  assert.deepEqual(new Drafts(place, "s1").read("poll"), { prompt: "Why?" });
  assert.equal(new Drafts(place, "s2").read("poll"), null);
  drafts.drop("poll");
  assert.equal(drafts.read("poll"), null);
});

test("a browser that keeps nothing costs the draft, not the form", () => {
  const full = /** @type {any} */ ({
    getItem: () => "{broken",
    setItem: () => {
      throw new Error("full");
    },
    removeItem: () => {
      throw new Error("no");
    },
  });
  const drafts = new Drafts(full, "s");
  drafts.write("poll", 1);
  drafts.drop("poll");
  assert.equal(drafts.read("poll"), null);
  assert.equal(new Drafts(null, "s").read("poll"), null);
});

test("words of the interface reach the session in each language that has them", async () => {
  /** @type {Record<string, Record<string, unknown>>} */
  const catalogues = { en: { yes: "Yes" }, fr: { yes: "Oui" }, ar: {} };
  const load = async (/** @type {string} */ lang) => {
    const found = catalogues[lang];
    if (!found) throw new Error("not there");
    return found;
  };
  assert.deepEqual(await inLanguages("yes", ["fr", "en", "ar", "sw"], load), { fr: "Oui", en: "Yes" });
});

test("a name inside a sentence keeps its own direction", () => {
  assert.equal(isolate("ليلى"), "\u2068ليلى\u2069");
  assert.equal(isolate(""), "");
  assert.equal(dotted(["ليلى", "", "Diaspora", "0:05"]), "\u2068ليلى\u2069 · \u2068Diaspora\u2069 · \u20680:05\u2069");
});

test("times are the session's, and its zone is named where the reader's clock differs", () => {
  const now = Date.UTC(2026, 5, 6, 12);
  const { tools } = setUp(async () => ({}));
  tools.store.docs.stage = /** @type {any} */ ({ session: { timezone: "Africa/Nairobi" } });
  assert.equal(tools.timeOf(now), "15:00");
  assert.equal(elsewhere(now, "Africa/Nairobi", "Europe/Paris"), true);
  assert.equal(elsewhere(now, "Africa/Nairobi", "Asia/Riyadh"), false, "another name for the same hour");
  assert.equal(zoneName(now, "Africa/Dar_es_Salaam", "en"), isolate("Africa/Dar es Salaam (GMT+3)"));
  assert.equal(zoneName(now, "UTC", "en"), isolate("UTC"));
});

test("proposed words stay behind when another language gets words of its own", () => {
  const proposed = { en: "Do you agree?", fr: "D’accord ?", de: "Einverstanden?" };
  assert.deepEqual(leftBehind(proposed, proposed), []);
  assert.deepEqual(leftBehind(proposed, { ...proposed, en: "Shall we stop?" }), ["fr", "de"]);
  assert.deepEqual(leftBehind(proposed, { en: "Shall we stop?", fr: "On arrête ?", de: "Einverstanden?" }), ["de"]);
  assert.deepEqual(leftBehind(proposed, { fr: "D’accord ?", de: "Einverstanden?" }), [], "an empty language asks nothing");
  assert.deepEqual(leftBehind(proposed, { ...proposed, en: "You agree?" }, new Set(["fr"])), ["de"]);
});

test("a text is as long as the server counts it, and warns before it is too long", () => {
  assert.deepEqual(lengthOf("  four ", 5), { n: 4, near: true, over: false });
  assert.deepEqual(lengthOf("😀😀😀", 10), { n: 3, near: false, over: false });
  assert.deepEqual(lengthOf("a".repeat(2001), 2000), { n: 2001, near: true, over: true });
});

/** A control outside any page: what it is told goes to the snackbar. */
class Control {
  /** @type {Map<string, string>} */
  attributes = new Map();
  isConnected = true;
  clicks = 0;
  getAttribute(/** @type {string} */ name) {
    return this.attributes.get(name) ?? null;
  }
  setAttribute(/** @type {string} */ name, /** @type {string} */ value) {
    this.attributes.set(name, value);
  }
  removeAttribute(/** @type {string} */ name) {
    this.attributes.delete(name);
  }
  closest() {
    return null;
  }
  click() {
    this.clicks += 1;
  }
}

/** @param {(what: string, fields?: object) => Promise<any>} answer */
function setUp(answer) {
  /** @type {[string, object?][]} */
  const sent = [];
  /** @type {{words: string, way?: {run: () => void}}[]} */
  const said = [];
  let now = 0;
  const session = {
    boot: { session: "s" },
    store: { now: () => now, docs: {} },
    send: (/** @type {string} */ what, /** @type {object} */ fields) => {
      sent.push(fields === undefined ? [what] : [what, fields]);
      return answer(what, fields);
    },
  };
  const snackbar = { show: (/** @type {string} */ words, /** @type {any} */ way) => said.push({ words, way }) };
  const tools = new Tools(/** @type {any} */ (session), /** @type {any} */ (snackbar), null, ["en"]);
  const control = /** @type {HTMLElement & Control} */ (/** @type {unknown} */ (new Control()));
  return { tools, sent, said, control, later: (/** @type {number} */ ms) => (now += ms) };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a control is busy until its command is answered, and a second press sends nothing", async () => {
  /** @type {(outcome: object) => void} */
  let answer = () => {};
  const { tools, sent, control } = setUp(() => new Promise((resolve) => (answer = resolve)));
  const first = tools.act(control, "clock.pause");
  assert.equal(control.getAttribute("aria-busy"), "true");
  assert.equal(await tools.act(control, "clock.pause"), null);
  answer({ done: "1", seq: 4 });
  assert.deepEqual(await first, { done: "1", seq: 4 });
  assert.equal(control.getAttribute("aria-busy"), null);
  assert.deepEqual(sent, [["clock.pause"]]);
});

test("a stale step is explained calmly, any other refusal in its own words, and nothing follows it", async () => {
  const { tools, sent, said, control } = setUp(async (what) => {
    throw what === "agenda.next" ? { code: "stale", message: "" } : { code: "unheard", message: "As the server says." };
  });
  assert.equal(await tools.steps(control, [["agenda.next", { current: null }], ["poll.open"]], { said: "done" }), null);
  await tools.act(control, "poll.open");
  assert.deepEqual(
    said.map(({ words }) => words),
    [t("moderator.stale.agenda.next"), "As the server says."],
  );
  assert.deepEqual(
    sent.map(([what]) => what),
    ["agenda.next", "poll.open"],
  );
  assert.equal(control.getAttribute("aria-busy"), null);
});

test("undo sends the way back, in order and once, with what the command made", async () => {
  const { tools, sent, said, control } = setUp(async () => ({ done: "1", seq: 1, made: "p7" }));
  await tools.act(
    control,
    "poll.rerun",
    { poll: "p1" },
    {
      said: "A draft.",
      undo: ({ made }) => [
        ["poll.close", { poll: made }],
        ["poll.drop", { poll: made }],
      ],
    },
  );
  tools.undo();
  await settled();
  tools.undo();
  assert.deepEqual(sent.slice(1), [
    ["poll.close", { poll: "p7" }],
    ["poll.drop", { poll: "p7" }],
  ]);
  assert.equal(said.at(-1)?.words, t("moderator.undo.nothing"));
});

test("what cannot be undone clears the way back of the step before", async () => {
  const { tools, sent, said, control } = setUp(async () => ({ done: "1", seq: 1 }));
  await tools.act(control, "clock.pause", {}, { said: "Paused.", undo: [["clock.resume"]] });
  await tools.act(control, "question.merge", {}, { said: "Merged." });
  tools.undo();
  assert.equal(said.at(-1)?.words, t("moderator.undo.nothing"));
  assert.equal(sent.length, 2);
});

test("after a minute a key no longer takes back what nobody remembers", async () => {
  const { tools, sent, control, later } = setUp(async () => ({ done: "1", seq: 1 }));
  await tools.act(control, "clock.pause", {}, { said: "Paused.", undo: [["clock.resume"]] });
  later(60_001);
  tools.undo();
  assert.equal(sent.length, 1);
});

test("an undo that is refused says why", async () => {
  const { tools, said, control } = setUp(async (what) => {
    if (what === "speaker.return") throw { code: "unheard", message: "The hand is up." };
    return { done: "1", seq: 1 };
  });
  await tools.act(control, "speaker.next", {}, { said: "Next.", undo: [["speaker.return"], ["speaker.call"]] });
  said.at(-1)?.way?.run();
  await settled();
  assert.equal(said.at(-1)?.words, t("moderator.undo.refused", { why: "The hand is up." }));
});

test("a key presses its button, and says so where there is none to press", () => {
  const { tools, said, control } = setUp(async () => ({}));
  /** @type {any} */
  let target = control;
  tools.press("n", "next question", () => target);
  tools.shortcuts.get("n")?.run();
  assert.equal(control.clicks, 1);
  target = null;
  tools.shortcuts.get("n")?.run();
  assert.equal(said.at(-1)?.words, t("moderator.keys.nothing", { what: "next question" }));
});
