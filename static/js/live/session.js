/**
 * What a page holds of a session: its documents, the state of its connection, and a way to send commands.
 */

import { LOST, Outbox } from "./outbox.js";
import { Store } from "./store.js";
import { Transport } from "./transport.js";

/** @import { Boot, Command, Outcome, Refusal, Role, Status, Stop } from "./types.js" */

/**
 * @typedef {object} Session
 * @property {Boot} boot
 * @property {Store} store
 * @property {Status} status
 * @property {Stop | null} stop why it is over, once `status` is `stopped`
 * @property {(fn: (status: Status) => void) => () => void} onStatus calls `fn` now and after each change
 * @property {(what: string, fields?: Record<string, unknown>, options?: {keep?: boolean}) => Promise<Outcome>} send resolves
 *   when the command is durable and applied, which may be long after a loss of the network; rejects with
 *   `{code, message, fields?}`. With `keep: false` it is of this moment: it rejects with the code `lost` as soon as there is
 *   no connection
 * @property {() => Command[]} pending commands that the server has not answered, also those of before a reload
 * @property {(fn: () => void) => () => void} onPending
 * @property {(fn: (command: Command, refusal: Refusal) => void) => () => void} onRefused calls `fn` for a command of before
 *   a reload that was refused: nobody else hears of it
 * @property {() => void} close
 */

/**
 * Connect a page to its session.
 *
 * @param {Boot} boot from the page
 * @param {{as: Role}} options as whom, where one browser holds several cookies of a session
 * @param {Partial<import("./transport.js").Platform> & {storage?: Storage | null, origin?: string}} [overrides] for tests
 * @returns {Session}
 */
export function openSession(boot, { as }, overrides = {}) {
  const storage = overrides.storage !== undefined ? overrides.storage : tabStorage();
  const origin = overrides.origin ?? location.origin;
  const store = new Store(boot);
  // What one person did is never sent as another who joins from the same tab.
  const outbox = new Outbox(storage, `baraza:${boot.session}:${boot.person}:outbox`, newId);
  /** @type {Set<(status: Status) => void>} */
  const listeners = new Set();
  const transport = new Transport(
    {
      socket: `${origin.replace(/^http/, "ws")}/ws/${boot.session}?as=${as}`,
      events: `${origin}/api/sessions/${boot.session}/events?as=${as}`,
      commands: `${origin}/api/sessions/${boot.session}/commands?as=${as}`,
    },
    outbox,
    {
      seen: () => store.seen,
      frame: (frame) => store.apply(frame),
      status: (status) => listeners.forEach((fn) => fn(status)),
    },
    {
      WebSocket: globalThis.WebSocket,
      fetch: globalThis.fetch.bind(globalThis),
      setTimeout: (fn, ms) => Number(globalThis.setTimeout(fn, ms)),
      clearTimeout: (timer) => globalThis.clearTimeout(timer),
      random: Math.random,
      online: () => navigator.onLine,
      ...overrides,
    },
  );
  followTheDevice(transport);
  transport.start();
  return {
    boot,
    store,
    get status() {
      return transport.status;
    },
    get stop() {
      return transport.stop;
    },
    onStatus(fn) {
      listeners.add(fn);
      fn(transport.status);
      return () => listeners.delete(fn);
    },
    send(what, fields = {}, { keep = true } = {}) {
      if (transport.stop) return Promise.reject({ code: `stopped.${transport.stop.why}`, message: "" });
      if (!keep && transport.status !== "live") return Promise.reject({ code: LOST, message: "" });
      const { command, outcome } = outbox.add(what, fields, { keep });
      transport.send(command);
      return outcome;
    },
    pending: () => outbox.pending(),
    onPending: (fn) => outbox.onChange(fn),
    onRefused: (fn) => outbox.onRefused(fn),
    close: () => transport.close(),
  };
}

/** The `boot` data of this page. @returns {Boot} */
export function readBoot() {
  return JSON.parse(document.getElementById("boot")?.textContent ?? "null");
}

/** Wake and sleep with the device's network and the page's visibility. @param {Transport} transport */
function followTheDevice(transport) {
  if (typeof window === "undefined") return;
  window.addEventListener("online", () => transport.wake());
  window.addEventListener("offline", () => transport.sleep());
  // A page that comes back from the bfcache or from a locked phone holds a socket that may be long dead.
  window.addEventListener("pageshow", (event) => event.persisted && transport.wake());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && transport.wake());
}

/** @returns {string} 128 bits; `randomUUID` is missing on plain HTTP, which a server in a local network speaks */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @returns {Storage | null} */
function tabStorage() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
