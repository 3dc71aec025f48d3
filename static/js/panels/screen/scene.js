/**
 * How the screen shows what is on stage: the size of words, clocks and their moods. Which scene it is, the rule in
 * `lib/scene.js` says. Pure: the caller brings the time.
 *
 * @import { Clock } from "../../live/types.js"
 * @typedef {"calm"|"soon"|"over"} Mood
 */

export { CLOSED_STAYS, blank, choose, recall } from "../../lib/scene.js";

/**
 * How wide a text is, in letters. Signs of East Asian scripts are twice as wide as letters and count so.
 * @param {string} text
 * @returns {number}
 */
export function widthOf(text) {
  const wide = text.match(/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/gu)?.length ?? 0;
  return text.length + wide;
}

/**
 * How large a text may be set: "s" for a few words … "xxl" for a paragraph.
 * @param {string} text
 * @returns {"s"|"m"|"l"|"xl"|"xxl"}
 */
export function sizeOf(text) {
  const width = widthOf(text);
  if (width <= 40) return "s";
  if (width <= 90) return "m";
  if (width <= 150) return "l";
  return width <= 240 ? "xl" : "xxl";
}

/**
 * A clock as it is read from the back of the hall: what is left, and a word where the figure alone would not do. It
 * warns of its last minute where at least two were planned; a shorter one is in a hurry from the start.
 * @param {Clock} clock
 * @param {number} now milliseconds since the epoch
 * @param {number} [planned] milliseconds, where they are not all on the clock any more
 * @returns {{left: number, mood: Mood, paused: boolean}|null} null where no clock runs
 */
export function readClock(clock, now, planned = 0) {
  const left = clock.state === "running" && clock.ends ? clock.ends - now : clock.left ?? null;
  if (clock.state === "idle" || left === null) return null;
  const warns = Math.max(planned, clock.total) >= 2 * SOON;
  const mood = left < 0 ? "over" : warns && left <= SOON ? "soon" : "calm";
  return { left, mood, paused: clock.state === "paused" };
}

/**
 * The turn of the person who has the floor: a countdown where turns are limited, else the time since it began.
 * @param {number} since milliseconds since the epoch
 * @param {number} limit seconds; 0 where there is none
 * @param {number} now milliseconds since the epoch
 * @returns {{ms: number, mood: Mood}}
 */
export function readTurn(since, limit, now) {
  const spoken = Math.max(0, now - since);
  if (limit <= 0) return { ms: spoken, mood: "calm" };
  const left = limit * 1000 - spoken;
  return { ms: left, mood: left < 0 ? "over" : left <= TURN_SOON ? "soon" : "calm" };
}

/** When a turn is about to end, in milliseconds: enough to finish a thought. */
const TURN_SOON = 30_000;

/** When a guiding question is about to end, in milliseconds. */
const SOON = 60_000;
