import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";

import {
  guidingQuestions,
  mainAction,
  moveOf,
  neighbour,
  placeOf,
  rotation,
} from "../../static/js/panels/moderator/kit/agenda-model.js";
import {
  emptyForm,
  formOf,
  pollActions,
  pollFields,
  pollOrder,
  pollToToggle,
  undoOpening,
} from "../../static/js/panels/moderator/kit/poll-model.js";
import { heldOrder, shownOrder } from "../../static/js/panels/moderator/kit/question-model.js";
import { everybodySees } from "../../static/js/panels/moderator/kit/stage-model.js";
import { after, dropped, inOrder, stepped } from "../../static/js/panels/moderator/kit/queue-model.js";
import { blank, recall } from "../../static/js/lib/scene.js";
import { loadTexts } from "../../static/js/lib/texts.js";
import { waiting } from "../../static/js/panels/moderator/kit/waiting.js";

const read = (/** @type {string} */ path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const samples = () => read("../samples/documents.json");
before(() => loadTexts("en", async () => read("../../static/locales/en.json")));
const { agenda } = samples().stage;

/** @param {object} session @param {object} changes of the agenda */
const stage = (session, changes = {}) => {
  const doc = samples().stage;
  return { ...doc, session: { ...doc.session, ...session }, agenda: { ...doc.agenda, ...changes } };
};

test("guiding questions come in the order of the segments", () => {
  assert.deepEqual(
    guidingQuestions(agenda).map(({ id, segment }) => `${segment}/${id}`),
    ["g1/q1", "g1/q2", "g2/q3", "g2/q4", "g3/q5"],
  );
});

test("the neighbour crosses segments and ends at the edges", () => {
  assert.equal(neighbour(agenda, "q2", 1)?.id, "q3");
  assert.equal(neighbour(agenda, "q3", -1)?.id, "q2");
  assert.equal(neighbour(agenda, "q5", 1), null);
  assert.equal(neighbour(agenda, "q1", -1), null);
  assert.equal(neighbour(agenda, undefined, 1)?.id, "q1");
  assert.equal(neighbour(agenda, null, -1), null);
});

test("the main action follows the state of the session", () => {
  assert.equal(mainAction(stage({ state: "lobby" })).action, "open");
  assert.equal(mainAction(stage({ state: "live" }, { current: undefined })).action, "first");
  assert.deepEqual([mainAction(stage({})).action, mainAction(stage({})).question?.id], ["next", "q3"]);
  assert.equal(mainAction(stage({}, { current: "q5" })).action, "close");
  assert.equal(mainAction(stage({ state: "ended" })).action, "report");
});

test("the rotation says what happens next, and when only if it is known", () => {
  const key = (/** @type {object} */ session, /** @type {object} */ changes) => rotation(stage(session, changes)).key;
  assert.deepEqual(rotation(stage({})), { key: "at", at: agenda.clock.ends });
  assert.equal(key({}, { auto: false }), "off");
  assert.equal(key({ state: "lobby" }, {}), "lobby");
  assert.equal(key({}, { current: "q5" }), "last");
  assert.equal(key({}, { clock: { state: "paused", left: 1, total: 2 } }), "paused");
  assert.equal(key({}, { clock: { state: "idle", total: 0 } }), "untimed");
});

test("moving a question up or down stays in its segment until the edge, then goes over", () => {
  assert.deepEqual(moveOf(agenda, "q2", -1), { item: "q2", before: "q1", segment: "g1" });
  assert.deepEqual(moveOf(agenda, "q1", 1), { item: "q1", before: null, segment: "g1" });
  assert.deepEqual(moveOf(agenda, "q2", 1), { item: "q2", before: "q3", segment: "g2" });
  assert.deepEqual(moveOf(agenda, "q3", -1), { item: "q3", before: null, segment: "g1" });
  assert.equal(moveOf(agenda, "q1", -1), null);
  assert.equal(moveOf(agenda, "q5", 1), null);
});

test("moving a segment keeps the others in order", () => {
  assert.deepEqual(moveOf(agenda, "g1", 1), { item: "g1", before: "g3" });
  assert.deepEqual(moveOf(agenda, "g3", -1), { item: "g3", before: "g2" });
  assert.equal(moveOf(agenda, "g1", -1), null);
  assert.equal(moveOf(agenda, "unknown", 1), null);
});

test("the place of an item is the command that puts it back", () => {
  assert.deepEqual(placeOf(agenda, "q1"), { item: "q1", before: "q2", segment: "g1" });
  assert.deepEqual(placeOf(agenda, "q2"), { item: "q2", before: null, segment: "g1" });
  assert.deepEqual(placeOf(agenda, "g2"), { item: "g2", before: "g3" });
});

test("the desk's hands stand in the order of their ranks, which is that of the stage", () => {
  const { desk, stage: now } = samples();
  const order = inOrder(desk.hands);
  assert.deepEqual(order.slice(0, now.speakers.waiting.length), now.speakers.waiting);
  assert.equal(inOrder(desk.hands), order, "sorted once");
  const first = { ...desk.hands, last: { kind: "speak", at: 0, why: "returned", rank: -4294967296 } };
  assert.deepEqual(inOrder(first), ["last", ...order]);
});

test("a hand steps past its neighbour, and not past the ends", () => {
  const queue = ["a", "b", "c"];
  assert.equal(stepped(queue, "b", -1), "a");
  assert.equal(stepped(queue, "b", 1), null);
  assert.equal(stepped(queue, "a", 1), "c");
  assert.equal(stepped(queue, "a", -1), undefined);
  assert.equal(stepped(queue, "c", 1), undefined);
  assert.equal(stepped(queue, "gone", 1), undefined);
  assert.equal(after(queue, "c"), null);
});

test("a dropped hand takes the place of the one it was dropped on", () => {
  const queue = ["a", "b", "c", "d"];
  /** @param {string} person @param {string} over */
  const result = (person, over) => {
    const before = dropped(queue, person, over);
    if (before === undefined) return queue.join("");
    const rest = queue.filter((other) => other !== person);
    rest.splice(before === null ? rest.length : rest.indexOf(before), 0, person);
    return rest.join("");
  };
  assert.equal(result("d", "a"), "dabc");
  assert.equal(result("a", "c"), "bcad");
  assert.equal(result("a", "d"), "bcda");
  assert.equal(result("b", "b"), "abcd");
});

test("live questions: the pinned one, then votes, then age", () => {
  assert.deepEqual(shownOrder(samples().stage.questions, "live"), ["k3", "k1", "k2", "k5"]);
  assert.deepEqual(shownOrder(samples().stage.questions, "answered"), ["k4"]);
});

test("what waits for a decision: who waited longest first", () => {
  const at = (/** @type {number} */ when, state = "pending") => ({ text: {}, state, at: when });
  const held = /** @type {any} */ ({ x: at(3), y: at(1), z: at(2, "declined") });
  assert.deepEqual(heldOrder(held, "pending"), ["y", "x"]);
  assert.deepEqual(heldOrder(held, "declined"), ["z"]);
});

/** @param {string} state @param {number} [opened] */
const poll = (state, opened) =>
  /** @type {any} */ ({ state, opened, kind: "single", order: ["a", "b"], options: {}, min: 1, max: 1 });

test("polls: open, then what waits to be published, drafts, the newest published", () => {
  const polls = {
    p1: poll("published", 1),
    p2: poll("draft"),
    p3: poll("closed", 2),
    p4: poll("open", 3),
    p5: poll("published", 4),
  };
  assert.deepEqual(pollOrder(polls), ["p4", "p3", "p2", "p5", "p1"]);
});

test("one key opens or closes a poll only where there is no choice", () => {
  assert.deepEqual(pollToToggle({ p: poll("draft"), q: poll("closed", 1) }), { poll: "p", action: "open" });
  assert.deepEqual(pollToToggle({ p: poll("draft"), q: poll("open", 1) }), { poll: "q", action: "close" });
  assert.equal(pollToToggle({ p: poll("draft"), q: poll("draft") }), null);
  assert.equal(pollToToggle({ p: poll("open", 1), q: poll("open", 2) }), null);
});

test("an open poll can only be closed; nothing is dropped while people vote", () => {
  assert.deepEqual(pollActions("open"), ["close"]);
  assert.ok(pollActions("closed").includes("reopen"));
});

test("the opening of a poll with live results is taken back with its results", () => {
  assert.deepEqual(undoOpening("p"), [["poll.close", { poll: "p" }]]);
  assert.deepEqual(
    undoOpening("p", "live").map(([what]) => what),
    ["poll.close", "poll.hide"],
  );
  assert.ok(pollActions("published").includes("hide"));
});

const filled = {
  ...emptyForm(),
  prompt: { en: " Why? ", fr: " " },
  options: [{ en: "yes" }, { en: " no " }, { en: "" }],
};

test("a form becomes a command without blanks and empty languages", () => {
  assert.deepEqual(pollFields(filled), {
    fields: {
      kind: "single",
      prompt: { en: "Why?" },
      options: [{ en: "yes" }, { en: "no" }],
      settings: { visibility: "published" },
    },
  });
});

test("several answers carry their bounds; empty means all", () => {
  const result = pollFields({ ...filled, kind: "multiple", live: true });
  assert.deepEqual("fields" in result && result.fields.settings, { min: 1, max: 2, visibility: "live" });
  for (const bounds of [{ min: "0" }, { min: "2", max: "1" }, { max: "3" }, { min: "1.5" }]) {
    assert.deepEqual(pollFields({ ...filled, kind: "multiple", ...bounds }), { wrong: "range", field: "min" });
  }
});

test("a scale has numbers and ends, and no options", () => {
  const result = pollFields({ ...filled, kind: "scale", from: "0", to: "10", low: { en: "never" } });
  assert.deepEqual("fields" in result && result.fields, {
    kind: "scale",
    prompt: { en: "Why?" },
    settings: { from: 0, to: 10, low: { en: "never" }, visibility: "published" },
  });
  assert.deepEqual(pollFields({ ...filled, kind: "scale", from: "1", to: "1" }), { wrong: "scale", field: "to" });
  assert.deepEqual(pollFields({ ...filled, kind: "scale", from: "0", to: "11" }), { wrong: "scale", field: "to" });
});

test("what is missing is named with its field", () => {
  assert.deepEqual(pollFields({ ...filled, prompt: {} }), { wrong: "prompt", field: "prompt" });
  assert.deepEqual(pollFields({ ...filled, options: [{ en: "yes" }, {}] }), { wrong: "options", field: "options" });
  assert.deepEqual(pollFields({ ...filled, options: [{ en: "yes" }, { en: "yes" }] }), {
    wrong: "same",
    field: "options",
  });
});

test("a draft that is edited without a change says the same again", () => {
  for (const draft of Object.values(samples().desk.polls)) {
    const result = pollFields(formOf(/** @type {any} */ (draft)));
    assert.ok("fields" in result, JSON.stringify(result));
    const { kind, prompt, order, options, min, max, low, high } = /** @type {any} */ (draft);
    assert.equal(result.fields.kind, kind);
    assert.deepEqual(result.fields.prompt, prompt);
    const { settings } = result.fields;
    if (kind === "scale") {
      assert.deepEqual(
        [settings.from, settings.to, settings.low ?? null, settings.high ?? null],
        [Number(order[0]), Number(order.at(-1)), low ?? null, high ?? null],
      );
    } else {
      assert.deepEqual(
        result.fields.options,
        order.map((/** @type {string} */ id) => options[id]),
      );
      if (kind === "multiple") assert.deepEqual([settings.min, settings.max], [min, max]);
    }
  }
});

test("the counts: pending questions and hands, closed polls, a time that is up", () => {
  const { stage: now, desk } = samples();
  const pending = Object.values(desk.questions).filter(
    (/** @type {any} */ question) => question.state === "pending",
  ).length;
  const closed = Object.values(desk.polls).filter((/** @type {any} */ one) => one.state === "closed").length;
  const ends = now.agenda.clock.ends;
  assert.deepEqual(waiting({ stage: now, desk }, ends - 1), {
    run: 0,
    stage: closed,
    people: pending + 3,
    questions: pending,
    hands: 3,
    help: 0,
  });
  const many = { ...now, speakers: { ...now.speakers, more: 70 } };
  assert.equal(waiting({ stage: many, desk }, ends - 1).hands, 73, "also those behind the head of the queue");
  assert.equal(waiting({ stage: now, desk }, ends).run, 0, "the rotation takes care of it");
  assert.equal(waiting({ stage: { ...now, agenda: { ...now.agenda, auto: false } }, desk }, ends).run, 1);
});

test("after the end only results can still wait", () => {
  const { stage: now, desk } = samples();
  const counts = waiting({ stage: { ...now, session: { ...now.session, state: "ended" } }, desk }, Infinity);
  assert.deepEqual([counts.run, counts.people], [0, 0]);
});

/** What everybody sees of the sample with these changes, after its stages came one after the other. */
const seen = (/** @type {any[]} */ ...stages) => {
  let memory = blank();
  stages.forEach((one, index) => (memory = recall(memory, one, index)));
  const { main, beside } = everybodySees(stages.at(-1), memory, stages.length);
  return [main.key, ...beside.map(({ key }) => key)];
};
/** A stage with nothing on it but the question. @param {object} more */
const bare = (more) => ({
  ...stage({}),
  speakers: { ...samples().stage.speakers, current: null },
  questions: { open: true, moderated: true, items: {} },
  announcement: null,
  polls: {},
  ...more,
});
const speaking = { ...samples().stage.speakers, current: { person: "x", name: "Ada", since: 0, kind: "speak" } };

test("what everybody sees begins with what the screen shows", () => {
  const [one, two] = [poll("open", 1), poll("open", 2)];
  assert.deepEqual(seen(bare({})), ["question"]);
  assert.deepEqual(seen(bare({ speakers: speaking })), ["speaker", "question"]);
  assert.deepEqual(seen(bare({ speakers: speaking, polls: { one, two } })), ["poll-two", "poll-one", "speaker", "question"]);
});

test("results of an earlier question are not what everybody sees", () => {
  const current = samples().stage.agenda.current;
  const old = { ...poll("published", 1), question: "an earlier one", results: {} };
  assert.deepEqual(seen(bare({ polls: { old } })), ["question"]);
  assert.deepEqual(seen(bare({ polls: { old, new: { ...old, question: current } } })), ["poll-new", "question"]);
  const open = { ...poll("open", 1), question: "an earlier one" };
  assert.deepEqual(seen(bare({ polls: { open } }), bare({ polls: { open: old } })), ["poll-open", "question"], "just published");
});

test("open rooms and notes on the screen are what everybody sees, whatever stood there before", () => {
  const clock = { state: "running", total: 600_000, ends: 90_000 };
  const open = { plan: "b", name: { en: "Café" }, round: 1, rounds: 3, clock, order: ["k"], rooms: {} };
  const shown = { plan: "b", room: "k", number: 2, notes: {} };
  assert.deepEqual(seen(bare({ speakers: speaking, rooms: { open } })), ["rooms", "speaker", "question"]);
  assert.deepEqual(seen(bare({ rooms: { open, shown } })), ["shown", "rooms", "question"]);
  const { main } = everybodySees(bare({ rooms: { open } }), blank(), 0);
  assert.deepEqual([main.words, main.more], [{ en: "Café" }, "Round 1 of 3 · 1:30"]);
  const closing = everybodySees(bare({ rooms: { open: { ...open, name: null, closing: 20_000 } } }), blank(), 0);
  assert.deepEqual([closing.main.words, closing.main.more], ["1 room, round 1 of 3", "0:20"]);
});

test("an announcement whose time is over and a session that has ended show nothing any more", () => {
  const announcement = { text: { en: "Lunch" }, at: 0, until: 5 };
  assert.deepEqual(seen(bare({ announcement })), ["question", "announcement"]);
  assert.deepEqual(seen(bare({ announcement: { ...announcement, until: 1 } })), ["question"]);
  const ended = { ...samples().stage.session, state: "ended" };
  assert.deepEqual(seen(bare({ session: ended, speakers: speaking, polls: { p: poll("published", 1) } })), ["ended"]);
});
