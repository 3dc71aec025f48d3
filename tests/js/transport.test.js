import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { openSession } from "../../static/js/live/session.js";
import { Clock, FakeSocket, FakeStorage } from "./fakes.js";

const boot = /** @type {any} */ ({ session: "s1", role: "participant", person: "p1", at: "e:0", seq: 0, now: 0, docs: { me: {} } });

/** @type {Clock} */
let clock;
/** @type {FakeStorage} */
let storage;
/** @type {{url: string, init: any, answer: (status: number, body?: unknown) => void}[]} */
let requests;
let online = true;

beforeEach(() => {
  clock = new Clock();
  storage = new FakeStorage();
  requests = [];
  online = true;
  FakeSocket.all = [];
});

function open(person = "p1") {
  return openSession({ ...boot, person }, { as: "participant" }, /** @type {any} */ ({
    WebSocket: FakeSocket,
    fetch: (/** @type {string} */ url, /** @type {any} */ init) =>
      new Promise((resolve, reject) => {
        init.signal?.addEventListener("abort", () => reject(new Error("aborted")));
        requests.push({ url, init, answer: (status, body) => resolve(body instanceof ReadableStream ? new Response(body, { status }) : Response.json(body ?? {}, { status })) });
      }),
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
    random: () => 0.5,
    online: () => online,
    storage,
    origin: "http://hall.test",
  }));
}

/** The newest socket. */
function socket() {
  const last = FakeSocket.all.at(-1);
  assert.ok(last);
  return last;
}

const WELCOME = 'data: {"welcome": {"at": "e:1", "seq": 1, "now": 0, "resumed": true, "docs": {}}}\n\n';

/** Break two sockets before they open, so that the page asks for events. */
function refuseSockets() {
  socket().break();
  clock.advance(500);
  socket().break();
  clock.advance(1_000);
}

/** Answer the request for events; gives a function that sends more of the stream. */
function answerEvents() {
  /** @type {any} */
  let stream;
  requests[0]?.answer(200, new ReadableStream({ start: (controller) => (stream = controller) }));
  return async (/** @type {string} */ text) => {
    stream.enqueue(new TextEncoder().encode(text));
    await settled();
    await settled();
  };
}

/** Let promises settle. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("the first frame says what the page already holds, under the protocol's name", () => {
  open();
  socket().open();
  assert.equal(socket().url, "ws://hall.test/ws/s1?as=participant");
  assert.equal(socket().protocol, "baraza.v1");
  assert.deepEqual(socket().sent, [{ hello: { seen: "e:0" } }]);
});

test("a command resolves with its outcome", async () => {
  const session = open();
  socket().welcome();
  const outcome = session.send("question.ask", { text: "Who pays?" });
  const [command] = socket().commands;
  assert.equal(command.do, "question.ask");
  assert.match(command.id, /^[0-9a-f]{32}$/);
  socket().receive({ done: command.id, seq: 7, made: "q1" });
  assert.deepEqual(await outcome, { done: command.id, seq: 7, made: "q1" });
  assert.deepEqual(session.pending(), []);
});

test("a refusal rejects with its code, message and fields", async () => {
  const session = open();
  socket().welcome();
  const outcome = session.send("ballot.cast", { poll: "v1", answer: ["a"] });
  socket().receive({ refused: socket().commands[0].id, code: "poll.closed", message: "Too late", fields: { poll: "closed" } });
  await assert.rejects(outcome, { code: "poll.closed", message: "Too late", fields: { poll: "closed" } });
});

test("what was not acknowledged is sent again under the same id after a loss", async () => {
  const session = open();
  socket().welcome();
  const outcome = session.send("ballot.cast", { poll: "v1", answer: ["b"] });
  const first = socket().commands[0];
  socket().break();
  clock.advance(500);
  socket().welcome();
  assert.deepEqual(socket().commands, [first]);
  socket().receive({ done: first.id, seq: 3 });
  assert.equal((await outcome).seq, 3);
});

test("a command given while there is no connection leaves with the next welcome, in order", () => {
  const session = open();
  session.send("hand.raise");
  session.send("hand.lower");
  socket().open();
  assert.deepEqual(socket().commands, []);
  socket().receive({ welcome: { at: "e:1", seq: 1, now: 0, resumed: true, docs: {} } });
  assert.deepEqual(socket().commands.map((one) => one.do), ["hand.raise", "hand.lower"]);
});

test("a reload loses no command", () => {
  open().send("ballot.cast", { poll: "v1", answer: ["a"] });
  const after = open();
  assert.equal(after.pending().length, 1);
  socket().welcome();
  assert.equal(socket().commands[0].poll, "v1");
  socket().receive({ done: socket().commands[0].id, seq: 2 });
  assert.equal(storage.items.size, 0);
});

test("a refusal of what was sent before a reload is told to those who listen", () => {
  open().send("question.ask", { text: "Who pays?" }).catch(() => {});
  const after = open();
  /** @type {unknown[]} */
  const told = [];
  after.onRefused((command, { code }) => told.push([command.text, code]));
  socket().welcome();
  socket().receive({ refused: socket().commands[0].id, code: "questions.closed", message: "" });
  assert.deepEqual(told, [["Who pays?", "questions.closed"]]);
});

test("storage with something else in it is no reason to fail", () => {
  storage.setItem("baraza:s1:p1:outbox", "{not json");
  assert.deepEqual(open().pending(), []);
});

test("a busy server gets the same command again, and the sender hears nothing of it", async () => {
  const session = open();
  socket().welcome();
  const outcome = session.send("hand.raise");
  const { id } = socket().commands[0];
  socket().receive({ refused: id, code: "busy", message: "" });
  clock.advance(3_000);
  assert.deepEqual(socket().commands.map((one) => one.id), [id, id]);
  socket().receive({ done: id, seq: 9 });
  assert.equal((await outcome).seq, 9);
});

test("while a command waits to be sent again, later ones wait behind it", () => {
  const session = open();
  socket().welcome();
  void session.send("question.vote", { question: "q1", on: true });
  const { id } = socket().commands[0];
  socket().receive({ refused: id, code: "slow", message: "" });
  void session.send("question.vote", { question: "q1", on: false });
  assert.equal(socket().commands.length, 1);
  clock.advance(3_000);
  assert.deepEqual(socket().commands.map((one) => one.on), [true, true, false]);
});

test("what one person did is not sent for another who joins in the same tab", () => {
  void open().send("hand.raise");
  assert.deepEqual(open("p2").pending(), []);
});

test("a panel that fails does not keep the page from being live", async (context) => {
  const session = open();
  /** @type {unknown[]} */
  const reported = [];
  context.mock.method(globalThis, "queueMicrotask", (/** @type {() => void} */ fn) => {
    try {
      fn();
    } catch (error) {
      reported.push(error);
    }
  });
  session.store.on("me", () => {
    throw new Error("panel");
  });
  socket().welcome({ docs: { me: { name: "Awa" } } });
  assert.equal(session.status, "live");
  assert.equal(reported.length, 1);
});

test("waits grow to fifteen seconds, half of it with a die in the middle", () => {
  open();
  /** @type {number[]} */
  const waits = [];
  socket().open();
  for (let round = 0; round < 7; round++) {
    const before = FakeSocket.all.length;
    const from = clock.now;
    socket().break();
    while (FakeSocket.all.length === before) clock.advance(50);
    waits.push(clock.now - from);
  }
  assert.deepEqual(waits, [500, 1_000, 2_000, 4_000, 7_500, 7_500, 7_500]);
});

test("after a connection that held, the next wait is short again", () => {
  open();
  socket().welcome();
  for (let round = 0; round < 4; round++) {
    socket().break();
    clock.advance(4_100);
  }
  socket().welcome();
  clock.advance(6_000);
  socket().break();
  const before = FakeSocket.all.length;
  clock.advance(500);
  assert.equal(FakeSocket.all.length, before + 1);
});

test("the page pings every ten seconds", () => {
  open();
  socket().welcome();
  clock.advance(10_000);
  assert.deepEqual(socket().sent.at(-1), { ping: 1 });
  socket().receive({ pong: 1, now: 10_000 });
  clock.advance(10_000);
  assert.deepEqual(socket().sent.at(-1), { ping: 2 });
});

test("a socket that was silent for two intervals is abandoned without waiting for its close", () => {
  const session = open();
  socket().welcome();
  const silent = socket();
  clock.advance(20_000);
  assert.ok(silent.closed);
  assert.equal(session.status, "reconnecting");
  clock.advance(500);
  assert.notEqual(socket(), silent);
  silent.receive({ doc: "me", at: "e:9", seq: 9, full: { late: true } });
  assert.equal(session.store.seq, 1);
});

test("a handshake that never answers is given up sooner, and soon there is the fallback", () => {
  open();
  clock.advance(7_900);
  assert.equal(FakeSocket.all.length, 1);
  clock.advance(700);
  assert.equal(FakeSocket.all.length, 2);
  clock.advance(9_000);
  assert.equal(requests.length, 1);
});

test("a socket that opened may be silent for as long as ever before its welcome", () => {
  open();
  clock.advance(7_000);
  socket().open();
  clock.advance(19_000);
  assert.equal(FakeSocket.all.length, 1);
});

test("what is not kept is gone with the connection that it was sent over", async () => {
  const session = open();
  socket().welcome();
  const sent = session.send("react", { kind: "clap" }, { keep: false });
  assert.equal(socket().commands.length, 1);
  assert.deepEqual(session.pending(), []);
  assert.equal(storage.items.size, 0);
  socket().break();
  await assert.rejects(sent, { code: "lost" });
  await assert.rejects(session.send("react", { kind: "clap" }, { keep: false }), { code: "lost" });
  clock.advance(500);
  socket().welcome();
  assert.deepEqual(socket().commands, []);
});

test("what is not kept is answered like everything else", async () => {
  const session = open();
  socket().welcome();
  const taken = session.send("react", { kind: "clap" }, { keep: false });
  socket().receive({ done: socket().commands[0].id, seq: 7 });
  assert.equal((await taken).seq, 7);
  const refused = session.send("react", { kind: "clap" }, { keep: false });
  socket().receive({ refused: socket().commands[1].id, code: "busy", message: "Later." });
  await assert.rejects(refused, { code: "busy", message: "Later." });
  clock.advance(5_000);
  assert.equal(socket().commands.length, 2);
});

test("what is not kept does not wait behind what was refused for now", () => {
  const session = open();
  socket().welcome();
  void session.send("hand.raise");
  socket().receive({ refused: socket().commands[0].id, code: "busy", message: "Later." });
  void session.send("react", { kind: "clap" }, { keep: false });
  assert.equal(socket().commands.length, 2);
});

for (const [code, why] of /** @type {const} */ ([[4000, "unauthorised"], [4001, "removed"], [4002, "gone"], [4003, "protocol"], [4004, "replaced"], [4042, "gone"]])) {
  test(`close code ${code} ends it for good: ${why}`, async () => {
    const session = open();
    socket().welcome();
    const waiting = session.send("hand.raise");
    socket().break(code);
    await assert.rejects(waiting, { code: `stopped.${why}` });
    await assert.rejects(session.send("hand.raise"), { code: `stopped.${why}` });
    clock.advance(60_000);
    assert.equal(FakeSocket.all.length, 1);
    assert.equal(session.status, "stopped");
    assert.deepEqual(session.stop, { code, why });
  });
}

for (const code of [1000, 1006, 1012, 4100, 4101, 4102]) {
  test(`close code ${code} comes back`, () => {
    open();
    socket().welcome();
    socket().break(code);
    clock.advance(7_000);
    assert.equal(FakeSocket.all.length, 2);
  });
}

test("too fast: the page comes back later than after a loss", () => {
  open();
  socket().welcome();
  socket().break(4101);
  clock.advance(3_900);
  assert.equal(FakeSocket.all.length, 1);
});

test("the state of the connection is told as it changes", () => {
  /** @type {string[]} */
  const told = [];
  const session = open();
  session.onStatus((status) => told.push(status));
  socket().welcome();
  socket().break();
  clock.advance(500);
  socket().welcome();
  online = false;
  socket().break();
  session.close();
  assert.deepEqual(told, ["connecting", "live", "reconnecting", "live", "offline", "stopped"]);
});

test("where a socket never opened, server-sent events carry the same frames and POST the commands", async () => {
  const session = open();
  const outcome = session.send("hand.raise");
  refuseSockets();
  assert.equal(FakeSocket.all.length, 2);
  assert.equal(requests[0]?.url, "http://hall.test/api/sessions/s1/events?as=participant&seen=e%3A0");

  const stream = answerEvents();
  await stream(WELCOME.slice(0, 40));
  await stream(`${WELCOME.slice(40)}: still here\n\n`);
  assert.equal(session.status, "live");
  const { url, init } = requests[1] ?? assert.fail("no command was posted");
  assert.equal(url, "http://hall.test/api/sessions/s1/commands?as=participant");
  requests[1]?.answer(200, { done: JSON.parse(init.body).id, seq: 4 });
  assert.equal((await outcome).seq, 4);

  await stream('data: {"doc": "me", "at": "e:2", "seq": 5, "now": 1, "patch": {"name": "Awa"}}\n\n');
  assert.deepEqual(session.store.docs.me, { name: "Awa" });
  session.close();
});

test("a refusal over POST rejects like one over the socket", async () => {
  const session = open();
  const outcome = session.send("hand.raise");
  refuseSockets();
  await answerEvents()(WELCOME);
  requests[1]?.answer(409, { code: "speakers.closed", message: "Closed" });
  await assert.rejects(outcome, { code: "speakers.closed", message: "Closed" });
  session.close();
});

test("a POST that the server could not take is sent again", async () => {
  const session = open();
  const outcome = session.send("hand.raise");
  refuseSockets();
  await answerEvents()(WELCOME);
  requests[1]?.answer(503, { code: "busy", message: "" });
  await settled();
  clock.advance(2_000);
  assert.equal(requests[2]?.init.body, requests[1]?.init.body);
  requests[2]?.answer(200, { seq: 4 });
  assert.equal((await outcome).seq, 4);
  session.close();
});

test("commands are posted one after the other, also where one has to be repeated", async () => {
  const session = open();
  void session.send("question.vote", { question: "q1", on: true });
  refuseSockets();
  await answerEvents()(WELCOME);
  // The page goes before this one is answered.
  session.send("question.vote", { question: "q1", on: false }).catch(() => {});
  assert.equal(requests.length, 2);
  requests[1]?.answer(503, { code: "busy", message: "" });
  await settled();
  clock.advance(2_000);
  requests[2]?.answer(200, { seq: 4 });
  await settled();
  assert.deepEqual(requests.slice(1).map(({ init }) => JSON.parse(init.body).on), [true, true, false]);
  session.close();
});

test("a stream that says how it ends is believed like the close of a socket", async () => {
  const session = open();
  refuseSockets();
  const stream = answerEvents();
  await stream(WELCOME);
  await stream('retry: 1000\nevent: close\ndata: {"close":4001}\n\n');
  assert.deepEqual(session.stop, { code: 4001, why: "removed" });
});

test("an event stream that is refused for good ends it", async () => {
  const session = open();
  refuseSockets();
  requests[0]?.answer(401);
  await settled();
  assert.deepEqual(session.stop, { code: 4000, why: "unauthorised" });
});

test("once a socket has opened, the fallback is never tried", () => {
  open();
  socket().open();
  for (let round = 0; round < 6; round++) {
    socket().break();
    clock.advance(15_000);
  }
  assert.equal(requests.length, 0);
});
