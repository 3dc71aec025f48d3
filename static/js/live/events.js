/**
 * One attempt over server-sent events and POST, for networks that refuse WebSockets. Same frames, same promises.
 *
 * `fetch` instead of `EventSource`: it tells why it failed (a status), and it does not reconnect behind our back.
 */

/** @import { Carrier, CarrierEvents, Timers } from "./transport.js" */
/** @import { Command, Frame } from "./types.js" */

/** The server sends at least a comment this often; twice nothing means that the stream is dead. */
const HEARTBEAT = 15_000;
const RETRY_COMMAND = 2_000;

/** @type {Record<number, number>} status of the answer -> close code of the socket that means the same */
const CLOSE_CODES = { 401: 4000, 403: 4000, 404: 4002, 410: 4001 };

/**
 * @param {{events: string, commands: string}} urls
 * @param {string | undefined} seen
 * @param {CarrierEvents} events
 * @param {{fetch: typeof fetch} & Timers} platform
 * @returns {Carrier}
 */
export function openEvents(urls, seen, events, platform) {
  const stop = new AbortController();
  let over = false;
  let opened = false;
  let watchdog = platform.setTimeout(lost, 2 * HEARTBEAT);

  /** @param {number} code */
  function end(code) {
    if (over) return;
    over = true;
    platform.clearTimeout(watchdog);
    stop.abort();
    events.ended({ code, opened });
  }

  function lost() {
    end(1006);
  }

  function alive() {
    platform.clearTimeout(watchdog);
    watchdog = platform.setTimeout(lost, 2 * HEARTBEAT);
  }

  /** The last word of a stream says how a socket would have been closed. @param {Frame & {close?: number}} frame */
  function take(frame) {
    if (frame.close !== undefined) end(frame.close);
    else if (!over) events.frame(frame);
  }

  async function listen() {
    const url = seen === undefined ? urls.events : `${urls.events}&seen=${encodeURIComponent(seen)}`;
    const answer = await platform.fetch(url, { signal: stop.signal, headers: { Accept: "text/event-stream" } });
    if (!answer.ok || !answer.body) return end(CLOSE_CODES[answer.status] ?? 1006);
    opened = true;
    const text = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await text.read();
      if (over) return;
      if (done) return end(1006);
      alive();
      const lines = (rest + value).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("data:")) take(JSON.parse(line.slice(5)));
      if (over) return;
    }
  }

  /** Commands that wait for their POST: one at a time, so that they arrive in the order in which they were given. @type {Command[]} */
  const waiting = [];
  let posting = false;

  /** @param {Command} command */
  function send(command) {
    if (over || waiting.some(({ id }) => id === command.id)) return;
    waiting.push(command);
    if (!posting) void post();
  }

  async function post() {
    const command = waiting[0];
    posting = !over && command !== undefined;
    if (over || !command) return;
    try {
      const answer = await platform.fetch(urls.commands, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(command),
        signal: stop.signal,
      });
      /** @type {Frame} */
      const body = await answer.json();
      if (answer.status >= 500) throw new Error(String(answer.status));
      waiting.shift();
      if (!over) events.frame(answer.ok ? { ...body, done: command.id } : { ...body, refused: command.id });
    } catch {
      // It is kept in the outbox; the same id makes another attempt harmless.
      if (!over) platform.setTimeout(() => void post(), RETRY_COMMAND);
      return;
    }
    void post();
  }

  listen().catch(lost);
  return {
    send,
    probe() {},
    close: () => end(1000),
    abandon: lost,
  };
}
