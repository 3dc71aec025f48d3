/**
 * A connection that comes back: one carrier at a time (a WebSocket, else server-sent events), backoff with full jitter
 * between attempts, and everything unanswered sent again after each welcome.
 *
 * Rules: what the outbox holds is never lost and never sent under another id. Close codes 4000-4099 end it for good. The
 * fallback is tried only while no socket ever opened in this page; a network that let one through will do so again.
 */

import { openEvents } from "./events.js";
import { openSocket } from "./socket.js";

/** @import { Outbox } from "./outbox.js" */
/** @import { Command, Frame, Status, Stop } from "./types.js" */

const FIRST = 1_000;
const LONGEST = 15_000;

/**
 * How long to wait before the next attempt to connect: exponential, with full jitter, so that a hall that lost its network together
 * does not come back in one instant.
 *
 * @param {number} attempt 0 for the first attempt after a loss
 * @param {() => number} random a number from 0 (included) to 1 (excluded)
 * @returns {number} ms
 */
function backoff(attempt, random) {
  return random() * Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 10));
}

/**
 * @typedef {object} Carrier one attempt
 * @property {(command: Command) => void} send drops the command silently when it cannot: the outbox has it
 * @property {() => void} probe find out at once whether the other side is there
 * @property {() => void} close
 * @property {() => void} abandon end it as lost, without waiting for anybody
 */
/**
 * @typedef {object} CarrierEvents
 * @property {(frame: Frame) => void} frame
 * @property {(end: {code: number, opened: boolean}) => void} ended called once
 */
/** @typedef {{setTimeout: (fn: () => void, ms: number) => number, clearTimeout: (timer: number) => void}} Timers */
/**
 * @typedef {Timers & {
 *   WebSocket: typeof WebSocket, fetch: typeof fetch, random: () => number, online: () => boolean,
 * }} Platform what the transport needs of the browser; a test gives its own
 */
/** @typedef {{socket: string, events: string, commands: string}} Urls */
/**
 * @typedef {object} Owner
 * @property {() => string | undefined} seen the position to resume from
 * @property {(frame: Frame) => void} frame every frame, before the outbox settles
 * @property {(status: Status, stop: Stop | null) => void} status
 */

/** Refusals that mean "not now": the command stays and is sent again. */
const NOT_NOW = new Set(["busy", "slow"]);
/** A connection that lived this long counts as good: the next loss starts with the shortest wait. */
const GOOD = 5_000;
/** The close code that says "come back, but not soon". */
const LATER = 4101;
/** Attempts over a socket before the fallback is tried in between. */
const SOCKET_FIRST = 2;

/** @type {Record<number, Stop["why"]>} */
const STOPS = { 4000: "unauthorised", 4001: "removed", 4002: "gone", 4003: "protocol", 4004: "replaced" };

export class Transport {
  /** @type {Status} */
  status = "connecting";
  /** @type {Stop | null} */
  stop = null;
  #urls;
  #outbox;
  #owner;
  #platform;
  /** @type {Carrier | null} */
  #carrier = null;
  #live = false;
  #socketOpened = false;
  #attempt = 0;
  #retry = 0;
  #good = 0;
  /** The timer after which commands refused for now are sent again. */
  #held = 0;

  /**
   * @param {Urls} urls
   * @param {Outbox} outbox
   * @param {Owner} owner
   * @param {Platform} platform
   */
  constructor(urls, outbox, owner, platform) {
    this.#urls = urls;
    this.#outbox = outbox;
    this.#owner = owner;
    this.#platform = platform;
  }

  /** Connect, and stay connected. */
  start() {
    this.#connect();
  }

  /**
   * Send a command of the outbox now, if there is a live connection. While an earlier one waits to be sent again this one
   * waits behind it: the last choice that somebody made has to arrive last. What is not kept waits for nothing.
   *
   * @param {Command} command
   */
  send(command) {
    if (this.#live && !(this.#held && this.#outbox.has(command.id))) this.#carrier?.send(command);
  }

  /** The network may be back: try at once, or find out whether the connection still lives. */
  wake() {
    if (this.stop) return;
    if (this.#carrier) this.#carrier.probe();
    else this.#connect();
  }

  /** The device says that it has no network: a connection over it is lost. Attempts go on, for devices err. */
  sleep() {
    this.#carrier?.abandon();
    if (!this.stop) this.#become("offline");
  }

  /** Leave for good. */
  close() {
    this.#end({ code: 1000, why: "left" });
    this.#carrier?.close();
  }

  #connect() {
    this.#platform.clearTimeout(this.#retry);
    const overEvents = !this.#socketOpened && this.#attempt >= SOCKET_FIRST && this.#attempt % 2 === 0;
    /** @type {CarrierEvents} */
    const events = {
      frame: (frame) => this.#frame(frame),
      ended: ({ code, opened }) => {
        if (opened && !overEvents) this.#socketOpened = true;
        this.#ended(code);
      },
    };
    this.#carrier = overEvents
      ? openEvents(this.#urls, this.#owner.seen(), events, this.#platform)
      : openSocket(this.#urls.socket, this.#owner.seen(), events, this.#platform);
  }

  /** @param {Frame} frame */
  #frame(frame) {
    this.#owner.frame(frame);
    if (frame.welcome) {
      this.#live = true;
      this.#good = this.#platform.setTimeout(() => (this.#attempt = 0), GOOD);
      this.#sendAll();
      this.#become("live");
    }
    if (frame.refused !== undefined && NOT_NOW.has(frame.code ?? "") && this.#outbox.has(frame.refused)) this.#later();
    else this.#outbox.settle(frame);
  }

  /** Everything unanswered, in the order in which it was given; what is on its way already keeps its id and is harmless. */
  #sendAll() {
    this.#platform.clearTimeout(this.#held);
    this.#held = 0;
    for (const command of this.#outbox.pending()) this.#carrier?.send(command);
  }

  #later() {
    this.#held ||= this.#platform.setTimeout(() => this.#live && this.#sendAll(), 500 + backoff(2, this.#platform.random));
  }

  /** @param {number} code */
  #ended(code) {
    this.#carrier = null;
    this.#live = false;
    this.#platform.clearTimeout(this.#good);
    this.#platform.clearTimeout(this.#held);
    this.#held = 0;
    this.#outbox.lose();
    if (this.stop) return;
    if (code >= 4000 && code <= 4099) {
      this.#end({ code, why: STOPS[code] ?? "gone" });
      return;
    }
    if (code === LATER) this.#attempt = Math.max(this.#attempt, 3);
    const wait = backoff(this.#attempt, this.#platform.random);
    this.#attempt += 1;
    this.#retry = this.#platform.setTimeout(() => this.#connect(), wait);
    if (!this.#platform.online()) this.#become("offline");
    else if (this.status !== "connecting") this.#become("reconnecting");
  }

  /** @param {Stop} stop */
  #end(stop) {
    this.stop = stop;
    this.#live = false;
    this.#platform.clearTimeout(this.#retry);
    this.#platform.clearTimeout(this.#good);
    this.#become("stopped");
    this.#outbox.drop({ code: `stopped.${stop.why}`, message: "" });
  }

  /** @param {Status} status */
  #become(status) {
    if (this.status === status) return;
    this.status = status;
    this.#owner.status(status, this.stop);
  }
}
