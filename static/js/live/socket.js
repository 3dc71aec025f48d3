/**
 * One attempt over a WebSocket: from the handshake to the end, with a watchdog of its own.
 *
 * Browser code cannot see protocol pings, and a phone that changed networks keeps a dead socket "open" for minutes. So
 * this sends its own ping, and abandons a socket that was silent for two intervals without waiting for its close.
 */

/** @import { Carrier, CarrierEvents, Timers } from "./transport.js" */
/** @import { Command } from "./types.js" */

const PING = 10_000;
const SILENCE = 2 * PING;
/** How long a handshake may take: a network that swallows sockets shall not keep people waiting for the fallback. */
const HANDSHAKE = 8_000;
/** How long a socket that was asked "are you there?" may take to answer. */
const PROBE = 3_000;

/**
 * @param {string} url
 * @param {string | undefined} seen
 * @param {CarrierEvents} events
 * @param {{WebSocket: typeof WebSocket} & Timers} platform
 * @returns {Carrier}
 */
export function openSocket(url, seen, events, platform) {
  const socket = new platform.WebSocket(url, "baraza.v1");
  let over = false;
  let opened = false;
  let pings = 0;
  let pinger = 0;
  let watchdog = platform.setTimeout(lost, HANDSHAKE);

  /** @param {number} code @param {boolean} [hangUp] */
  function end(code, hangUp = false) {
    if (over) return;
    over = true;
    platform.clearTimeout(watchdog);
    platform.clearTimeout(pinger);
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    if (hangUp) socket.close();
    events.ended({ code, opened });
  }

  function lost() {
    end(1006, true);
  }

  function ping() {
    if (socket.readyState === 1) socket.send(JSON.stringify({ ping: ++pings }));
    pinger = platform.setTimeout(ping, PING);
  }

  socket.onopen = () => {
    opened = true;
    platform.clearTimeout(watchdog);
    watchdog = platform.setTimeout(lost, SILENCE);
    socket.send(JSON.stringify({ hello: seen === undefined ? {} : { seen } }));
    pinger = platform.setTimeout(ping, PING);
  };
  socket.onmessage = (message) => {
    platform.clearTimeout(watchdog);
    watchdog = platform.setTimeout(lost, SILENCE);
    events.frame(JSON.parse(message.data));
  };
  socket.onclose = (close) => end(close.code);

  return {
    /** @param {Command} command */
    send(command) {
      if (!over && socket.readyState === 1) socket.send(JSON.stringify(command));
    },
    probe() {
      if (over || socket.readyState !== 1) return;
      platform.clearTimeout(pinger);
      ping();
      platform.clearTimeout(watchdog);
      watchdog = platform.setTimeout(lost, PROBE);
    },
    close() {
      end(1000, true);
    },
    abandon: lost,
  };
}
