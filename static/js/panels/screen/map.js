/**
 * The map of breakout rooms: how it is laid out, what its clock says, and what its rooms have in common. Pure: the caller
 * brings the time and the size.
 */

import { readClock } from "./scene.js";

/** @import { OpenRoom, OpenRooms } from "../../live/types.js" */
/** @import { Mood } from "./scene.js" */

/** How wide a room's tile is at best, by its height. */
const TILE = 2.4;

/** Part of the frame's height that the round and the clock take. */
const HEAD = 0.25;

/** When a round gives its first warning, in milliseconds. */
const FIVE = 300_000;

/** How long the beginning of a round is said, in milliseconds: long enough for a hall to look up. */
export const TURN_STAYS = 15_000;

/**
 * How many rooms stand side by side, so that all fit the frame and their tiles are as large as can be.
 *
 * @param {number} rooms
 * @param {number} width of the frame
 * @param {number} height of the frame, in the same unit
 * @returns {number} at least 1
 */
export function columnsFor(rooms, width, height) {
  let [best, size] = [1, 0];
  for (let columns = 1; columns <= rooms; columns += 1) {
    const rows = Math.ceil(rooms / columns);
    const tile = Math.min(width / columns / TILE, (height * (1 - HEAD)) / rows);
    if (tile > size) [best, size] = [columns, tile];
  }
  return best;
}

/**
 * How much a room's tile can say: all ("xl", "l", "m"), one line of its question ("s"), or its name and its people ("xs").
 *
 * @param {number} rooms
 * @returns {"xl"|"l"|"m"|"s"|"xs"}
 */
export function densityOf(rooms) {
  if (rooms <= 4) return "xl";
  if (rooms <= 9) return "l";
  if (rooms <= 20) return "m";
  return rooms <= 40 ? "s" : "xs";
}

/**
 * What every room has in common is said once instead of in each: null where they differ.
 *
 * @template T
 * @param {readonly OpenRoom[]} rooms
 * @param {(room: OpenRoom) => T} of
 * @returns {T|null}
 */
export function shared(rooms, of) {
  const [first, ...others] = rooms.map(of);
  return first !== undefined && others.every((other) => other === first) ? first : null;
}

/**
 * The clock of the rooms: the countdown to their closing, else what is left of the round.
 *
 * @param {Pick<OpenRooms, "clock"|"closing">} open
 * @param {number} now milliseconds since the epoch
 * @returns {{left: number, mood: Mood, word: "closing"|"over"|"paused"|"soon"|"five"|"left"}|null} null where no clock runs
 */
export function readRooms({ clock, closing }, now) {
  if (closing != null) return { left: Math.max(0, closing - now), mood: "soon", word: "closing" };
  const read = readClock(clock, now);
  if (!read) return null;
  const { left, mood, paused } = read;
  if (mood === "over") return { left, mood, word: "over" };
  if (paused) return { left, mood, word: "paused" };
  if (mood === "soon") return { left, mood, word: "soon" };
  return { left, mood, word: left <= FIVE && clock.total >= 2 * FIVE ? "five" : "left" };
}
