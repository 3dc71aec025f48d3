import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";

import { loadTexts, t } from "../../static/js/lib/texts.js";
import { hallMix, mixOf, offMix, qualityLines } from "../../static/js/panels/moderator/kit/rooms-mix.js";
import {
  closedAhead,
  currentPlan,
  mainStep,
  openPlan,
  peopleHere,
  planOrder,
  roundNow,
  seatMap,
  seatsIn,
  unseated,
} from "../../static/js/panels/moderator/kit/rooms-model.js";
import { wrongsOf } from "../../static/js/panels/moderator/kit/rooms-refusals.js";
import {
  closesByItself,
  helpQueue,
  isQuiet,
  pressing,
  ownRotation,
  QUIET,
  roundBegan,
  warningDue,
} from "../../static/js/panels/moderator/kit/rooms-watch.js";
import { changeOf } from "../../static/js/panels/moderator/kit/text-change.js";
import {
  asked,
  emptyPlan,
  emptyTopic,
  outcome,
  planFields,
  restored,
  segmentNow,
  split,
  usualRooms,
  withQuestions,
} from "../../static/js/panels/moderator/kit/rooms-form-model.js";
import { closedWords } from "../../static/js/panels/moderator/kit/rooms-words.js";
import { placeName, placesOf } from "../../static/js/panels/moderator/kit/rooms-where.js";
import { waiting } from "../../static/js/panels/moderator/kit/waiting.js";

const read = (/** @type {string} */ path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const { stage, desk } = read("../samples/documents.json");
before(() => loadTexts("en", async () => read("../../static/locales/en.json")));

/** @param {object} [more] */
const room = (more = {}) => ({ number: 1, closed: false, notes: 0, ...more });
/** A plan of two rooms and two rounds. @param {object} [more] @returns {any} */
const plan = (more = {}) => ({
  state: "ready",
  assign: "mixed",
  rotate: "people",
  auto: false,
  seconds: 600,
  round: 0,
  rounds: 2,
  made: 1,
  clock: { state: "idle", total: 0 },
  order: ["k1", "k2"],
  rooms: { k1: room(), k2: room({ number: 2 }) },
  seats: { 1: { k1: ["a", "b"], k2: ["c", "d"] }, 2: { k1: ["c", "b"], k2: ["a", "d"] } },
  away: {},
  messages: {},
  ...more,
});
/** @param {string} name @param {string | undefined} group @param {object} [more] @returns {any} */
const person = (name, group, more = {}) => ({
  name,
  group,
  role: "participant",
  here: true,
  link: false,
  removed: false,
  ...more,
});
const people = {
  a: person("Ada", "diaspora"),
  b: person("Ben", "public"),
  c: person("Cleo", "diaspora"),
  d: person("Dan", undefined, { here: false }),
  e: person("Eve", "public"),
  f: person("Flo", "public", { here: false }),
  g: person("Gus", "public", { role: "moderator" }),
  h: person("Hal", "public", { removed: true }),
};

test("the open plan is the one that is steered, then the chosen one, then the newest that waits", () => {
  const plans = {
    x: plan({ made: 1 }),
    y: plan({ made: 3, state: "closed" }),
    z: plan({ made: 2 }),
    w: plan({ state: "closing", made: 0 }),
  };
  assert.deepEqual(planOrder(plans), ["w", "z", "x", "y"]);
  assert.equal(openPlan(plans), "w");
  assert.equal(currentPlan(plans, "y"), "w");
  const { w, ...rest } = plans;
  assert.deepEqual([currentPlan(rest, "y"), currentPlan(rest, "gone"), currentPlan(rest)], ["y", "z", "z"]);
  assert.deepEqual([openPlan(rest), currentPlan({}), currentPlan(undefined)], [null, null, null]);
});

test("the main step: rotate until the last round, then call back", () => {
  /** @param {object} more */
  const step = (more) => mainStep(plan(more));
  assert.deepEqual(
    [
      step({ state: "planning" }),
      step({}),
      step({ state: "open", round: 1 }),
      step({ state: "open", round: 2 }),
      step({ state: "closing", round: 1 }),
      step({ state: "closed" }),
    ],
    ["wait", "open", "rotate", "recall", "close", "reopen"],
  );
});

test("people of a closed room go to the others with the next round, where it is people who move and a room is open", () => {
  /** @param {object} more @param {object} [other] */
  const ahead = (more, other = {}) => {
    const rooms = { k1: room({ closed: true }), k2: room({ number: 2, ...other }) };
    return closedAhead(plan({ state: "open", round: 1, rooms, ...more }));
  };
  assert.deepEqual(ahead({}), { rooms: ["k1"], to: "people" });
  assert.deepEqual(ahead({ rotate: "questions" }), { rooms: ["k1"], to: "questions" });
  assert.deepEqual(ahead({ assign: "chosen" }), { rooms: ["k1"], to: "questions" });
  assert.deepEqual(ahead({}, { closed: true }), { rooms: ["k1", "k2"], to: "questions" });
  assert.deepEqual(ahead({ round: 2 }).rooms, [], "no round comes");
  assert.deepEqual(ahead({ seats: {} }).rooms, [], "nobody is led there");
  const rooms = { k1: room({ closed: true, number: 7 }), k2: room() };
  assert.equal(
    closedWords(plan({ state: "open", round: 1, rooms })),
    "\u2068Table 7\u2069 is closed: its people go to the other rooms.",
  );
});

test("a host sits first, and every seat is found in its round", () => {
  const hosted = plan({ rooms: { k1: room({ host: "b" }), k2: room({ number: 2, host: "a" }) } });
  assert.deepEqual(seatsIn(hosted, "k1", 1), ["b", "a"]);
  assert.deepEqual(seatsIn(hosted, "k2", 1), ["c", "d"], "a host who sits elsewhere in this round is not added");
  assert.deepEqual(seatsIn(hosted, "k2", 3), []);
  assert.equal(seatMap(hosted, 2).get("a"), "k2");
  assert.equal(roundNow(hosted), 1);
});

test("without a place is who is here, takes part and sits nowhere", () => {
  assert.deepEqual(peopleHere(people, "en"), ["a", "b", "c", "e"]);
  assert.deepEqual(unseated(plan(), 1, people, "en"), ["e"]);
  assert.deepEqual(unseated(plan(), 3, people, "en"), ["a", "b", "c", "e"]);
});

test("a room is measured by its share of the hall, and one person is no fault", () => {
  assert.deepEqual(hallMix(plan(), 1, people), { diaspora: 2, public: 2, none: 1 });
  assert.deepEqual(mixOf(people, ["a", "d"]), { diaspora: 1, none: 1 });
  assert.deepEqual(offMix({ x: 4, y: 1 }, { x: 10, y: 10 }), { x: 2, y: -1 });
  assert.deepEqual(offMix({ x: 3, y: 2 }, { x: 10, y: 10 }), {});
  assert.deepEqual(offMix({ x: 3, y: 1 }, { x: 4, y: 4 }), {}, "exactly one person off");
  assert.deepEqual(offMix({}, { x: 4 }), {});
});

test("who waited longest for help comes first, and rooms to which somebody goes last", () => {
  const rooms = {
    k1: room({ help: { since: 5, person: "a", name: "Ada" } }),
    k2: room({ number: 2, help: { since: 1, person: "c", name: "Cleo", coming: { person: "m", name: "Mo" } } }),
  };
  const queue = helpQueue({ x: plan({ state: "open", round: 1, rooms }), y: plan({ state: "closed", rooms }) });
  assert.deepEqual(
    queue.map(({ plan: id, room: where, coming }) => [id, where, coming]),
    [
      ["x", "k1", null],
      ["x", "k2", "Mo"],
    ],
  );
  const counts = waiting({ stage, desk: { ...desk, rooms: { x: plan({ state: "open", rooms }) } } }, 0);
  assert.equal(counts.help, 2);
  assert.equal(counts.stage, waiting({ stage, desk }, 0).stage + 2);
});

test("a room is quiet when nobody has written for a while in a round that goes on", () => {
  const open = plan({ state: "open", round: 1 });
  const feed = /** @type {any} */ ({
    1: { what: "rooms.opened", plan: "x", at: 100 },
    2: { what: "rooms.rotated", plan: "x", at: 500 },
    3: { what: "rooms.rotated", plan: "y", at: 900 },
    4: { what: "announced", at: 950 },
  });
  assert.equal(roundBegan(feed, "x"), 500);
  assert.equal(roundBegan({}, "x"), null);
  assert.equal(isQuiet(open, room(), 500, 500 + QUIET), true);
  assert.equal(isQuiet(open, room({ last: 600 }), 500, 500 + QUIET), false);
  assert.equal(
    isQuiet(open, room({ last: 400 }), 500, 499 + QUIET),
    false,
    "notes of an earlier round count for nothing",
  );
  assert.equal(isQuiet(open, room({ closed: true }), 500, 1e9), false);
  assert.equal(isQuiet(open, room(), null, 1e9), false);
  assert.equal(isQuiet(plan({ state: "closing" }), room(), 500, 1e9), false);
});

test("the clock warns once at five minutes and once at one", () => {
  assert.equal(warningDue(300_001, 300_000), 5);
  assert.equal(warningDue(300_000, 299_000), null);
  assert.equal(warningDue(61_000, 59_000), 1);
  assert.equal(warningDue(400_000, 30_000), 1, "a clock that was cut short says the shorter time alone");
  assert.equal(warningDue(null, 59_000), null);
  assert.equal(warningDue(1_000, 0), null);
  assert.equal(warningDue(30_000, 400_000), null, "extended");
});

test("what a plan is worth is said in words of people and rooms", () => {
  const quality = { smallest: 5, largest: 6, repeats: 0, again: 12, most: 2, bound: 8, mix: 0.68 };
  /** @param {object} more @param {number} [groups] */
  const words = (more, groups = 3) =>
    qualityLines(plan({ quality, ...more }), groups).map(({ key, vars }) => t(`moderator.rooms.quality.${key}`, vars));
  assert.deepEqual(words({}), [
    "5 to 6 people in a room.",
    "Nobody comes to a room twice.",
    "12 pairs meet twice (no plan has fewer than 8).",
    "Each room is within 1 person of the hall’s mix.",
  ]);
  assert.deepEqual(words({ quality: { ...quality, largest: 5, again: 8, most: 3, repeats: 1, mix: 0 } }).slice(0, 4), [
    "5 people in each room.",
    "Once, somebody comes to a room again.",
    "8 pairs meet more than once, up to 3 times; no plan has fewer.",
    "Each room has exactly the hall’s mix.",
  ]);
  assert.deepEqual(words({ quality: { ...quality, again: 0 } })[2], "No two people meet twice.");
  assert.deepEqual(words({ quality: { ...quality, bound: undefined } })[2], "12 pairs meet twice.");
  assert.deepEqual(words({ rounds: 1 }, 1), ["5 to 6 people in a room."]);
  assert.deepEqual(words({ rotate: "questions" }, 1), ["5 to 6 people in a room."]);
  assert.deepEqual(words({ quality: undefined }), []);
});

test("rooms are as even as can be, and nobody sits alone", () => {
  assert.deepEqual(split(18, { size: 10 }), { rooms: 2, small: 9, large: 9 });
  assert.deepEqual(split(22, { rooms: 4 }), { rooms: 4, small: 5, large: 6 });
  assert.deepEqual(split(5, { rooms: 4 }), { rooms: 2, small: 2, large: 3 });
  assert.deepEqual(split(5, { rooms: 4, byHand: true }).rooms, 4);
  assert.deepEqual(split(3, { size: 2 }), { rooms: 1, small: 3, large: 3 });
  assert.deepEqual([0, 3, 7, 22, 40, 300].map(usualRooms), [4, 2, 3, 4, 4, 38]);
});

test("without a word the form makes four mixed rooms", () => {
  const made = planFields(emptyPlan(22), 22);
  assert.deepEqual(made, {
    fields: { assign: "mixed", rooms: 4, rotate: "people", rounds: 1, seconds: 900, auto: false },
  });
  assert.deepEqual(outcome({ ...emptyPlan(22), by: "size", size: "7" }, 22), { rooms: 4, small: 5, large: 6 });
});

test("each way of assigning sends what it needs and nothing else", () => {
  /** @param {object} more */
  const fields = (more) => {
    const found = planFields({ ...emptyPlan(22), rounds: "3", ...more }, 22);
    return "fields" in found ? found.fields : found.wrongs;
  };
  assert.deepEqual(fields({ assign: "again", from: "b1" }), { assign: "again", from: "b1", seconds: 900, auto: false });
  assert.deepEqual(fields({ assign: "chosen", places: "6" }), {
    assign: "chosen",
    rooms: 4,
    rotate: "questions",
    rounds: 3,
    places: 6,
    seconds: 900,
    auto: false,
  });
  assert.equal(fields({ assign: "manual", rounds: "1", rotate: "questions" }).rotate, "people");
  assert.equal(fields({ assign: "manual" }).rotate, "questions", "whoever is placed by hand stays");
  assert.equal(fields({ by: "size", size: "6" }).size, 6);
  const topics = [{ ...emptyTopic(), host: "a" }, emptyTopic()];
  assert.deepEqual(
    [fields({ by: "size", size: "6", topics }).size, fields({ by: "size", size: "6", topics }).rooms],
    [undefined, 4],
  );
  assert.deepEqual(fields({ topics, name: { en: "Café" } }).topics, [{ host: "a" }]);
});

test("all that is wrong is named with its place", () => {
  /** @param {object} more */
  const wrongs = (more) => {
    const found = planFields({ ...emptyPlan(22), ...more }, 22);
    return "wrongs" in found ? found.wrongs.map(({ place, wrong }) => `${place} ${wrong}`) : [];
  };
  const host = { ...emptyTopic(), host: "a" };
  assert.deepEqual(wrongs({ rooms: "" }), ["rooms rooms"]);
  assert.deepEqual(wrongs({ by: "size", size: "1" }), ["size size"]);
  assert.deepEqual(wrongs({ assign: "chosen", places: "0" }), ["places places"]);
  assert.deepEqual(wrongs({ assign: "again", rooms: "" }), ["from from"]);
  assert.deepEqual(wrongs({ rounds: "13", minutes: "-1" }), ["rounds rounds", "minutes minutes"]);
  assert.deepEqual(wrongs({ minutes: "", auto: true }), ["minutes minutes.auto"]);
  assert.deepEqual(wrongs({ topics: [host, host] }), ["topics host"]);
  assert.deepEqual(wrongs({ rooms: "1", topics: [host, host] }), [], "what is not shown is not wrong");
});

test("one press gives each room a guiding question of the segment", () => {
  const { agenda } = stage;
  assert.equal(segmentNow(agenda), "g1");
  assert.equal(segmentNow({ ...agenda, current: undefined }), "g1");
  const form = withQuestions({ ...emptyPlan(22), topics: [{ ...emptyTopic(), host: "a" }] }, agenda, "g2");
  assert.deepEqual(
    [form.rooms, form.topics.map(({ question, host }) => [question, host])],
    [
      "2",
      [
        ["q3", "a"],
        ["q4", ""],
      ],
    ],
  );
  assert.equal(asked(form), 2);
});

test("a draft of the form is taken up where it makes sense", () => {
  const form = emptyPlan(22);
  assert.deepEqual(restored(form, null), form);
  assert.deepEqual(restored(form, { rooms: "7", topics: [{ question: "q1" }] }), {
    ...form,
    rooms: "7",
    topics: [{ ...emptyTopic(), question: "q1" }],
  });
  assert.deepEqual(restored(form, { topics: "none" }).topics, []);
});

test("a poll opens in the hall, and in rooms that are open", () => {
  const rooms = { k1: room({ name: { en: "Oak" } }), k2: room({ number: 2, closed: true }) };
  const open = { ...desk, rooms: { x: plan({ state: "open", rooms }) } };
  assert.deepEqual(placesOf({ ...desk, rooms: { x: plan() } }), ["hall"]);
  assert.deepEqual(placesOf(open), ["hall", "rooms", "k1"]);
  assert.deepEqual(
    ["rooms", "k1", "k2", "gone"].map((where) => placeName(open, where)),
    ["In all rooms side by side", "Oak", "Table 2", "In a room"],
  );
});

test("a round began by itself where the newest line of its plan says so", () => {
  /** @param {number} seq @param {string} what @param {object} [more] */
  const line = (seq, what, more = {}) => ({ seq, what, at: 1_000 * seq, plan: "x", ...more });
  const opened = line(1, "rooms.opened", { round: 1 });
  const own = line(2, "rooms.rotated", { round: 2, auto: true });
  const hand = line(3, "rooms.rotated", { round: 3, auto: false });
  assert.equal(ownRotation({ opened }, "x"), null);
  assert.deepEqual(ownRotation({ own, opened }, "x"), { round: 2, at: 2_000 });
  assert.equal(ownRotation({ own, hand, opened }, "x"), null);
  assert.equal(ownRotation({ own }, "y"), null);
  assert.equal(ownRotation(undefined, "x"), null);
});

test("rooms close by themselves where the countdown began at the end of the clock", () => {
  const clock = { state: "running", ends: 100_000, total: 60_000 };
  const closing = plan({ state: "closing", auto: true, clock, closing: 160_250 });
  assert.equal(closesByItself(closing), true);
  assert.equal(closesByItself({ ...closing, closing: 130_000 }), false, "somebody called them back, or cut it short");
  assert.equal(closesByItself({ ...closing, auto: false }), false);
  assert.equal(closesByItself(plan({ auto: true, clock })), false);
});

test("a text that was emptied is taken away, one that says the same is left alone", () => {
  assert.equal(changeOf({ en: "Oak", fr: "Chêne" }, { fr: "Chêne", en: "Oak" }), undefined);
  assert.equal(changeOf(null, {}), undefined);
  assert.equal(changeOf({ en: "Oak" }, {}), null);
  assert.deepEqual(changeOf({ en: "Oak", fr: "Chêne" }, { en: "Oak" }), { en: "Oak" });
  assert.deepEqual(changeOf(undefined, { en: "Oak" }), { en: "Oak" });
});

test("what the server found wrong stands beside a field of the form, in the reader's words", () => {
  const catalogue = read("../../static/locales/en.json");
  /** @param {string} what @param {object} refused */
  const said = (what, refused) => {
    const wrongs = wrongsOf(what, refused);
    for (const { wrong } of wrongs) assert.ok(catalogue[`moderator.rooms.wrong.${wrong}`], wrong);
    return wrongs.map(({ place, wrong }) => `${place}: ${wrong}`).join();
  };
  /** @param {object} fields */
  const invalid = (fields) => ({ code: "invalid", fields });
  assert.equal(said("rooms.plan", invalid({ topics: "a host has one room" })), "topics: host");
  assert.equal(said("rooms.plan", invalid({ "topics[...].name": "Expected `str`" })), "topics: topics");
  assert.equal(said("rooms.plan", invalid({ size: "too many rooms" })), "size: size.many");
  assert.equal(said("rooms.plan", invalid({ seconds: "Expected `int`" })), "minutes: minutes");
  assert.equal(said("rooms.plan", { code: "rooms.unknown", fields: { plan: "unknown" } }), "from: from.gone");
  for (const field of ["rooms", "rounds", "from", "name", "places"]) {
    assert.equal(said("rooms.plan", invalid({ [field]: "missing" })), `${field}: ${field}`);
  }
  assert.equal(said("rooms.edit", invalid({ host: "has a room" })), "host: host.other");
  assert.equal(said("rooms.edit", { code: "agenda.unknown", fields: { question: "unknown" } }), "question: question.gone");
  assert.equal(said("rooms.edit", invalid({ task: "empty" })), "task: task");
  for (const [reason, words] of Object.entries({ "too long": "link.long", room: "link.room", address: "link" })) {
    assert.equal(said("session.settings", invalid({ link: reason })), `link: ${words}`);
  }
  assert.deepEqual(wrongsOf("rooms.edit", { code: "room.unknown", fields: { room: "unknown" } }), []);
});

test("a short round is not pressed from its first second", () => {
  const minutes = (/** @type {number[]} */ ...left) => left.map((n) => n * 60_000);
  assert.deepEqual(minutes(6, 5, 1, 0).map((left) => pressing(left, 600_000)), ["running", "near", "soon", "over"]);
  assert.deepEqual(minutes(5, 2, 1, 0).map((left) => pressing(left, 300_000)), ["running", "running", "soon", "over"]);
});
