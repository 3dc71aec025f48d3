/** A breakout room in words, the same on every page. */

import { isolate } from "./isolate.js";
import { pick, t } from "./texts.js";

/** @import { Text } from "../live/types.js" */

/**
 * @param {{number: number, name?: Text|null} | undefined} room
 * @returns {string} its name; its number where it has none; nothing for no room
 */
export function roomName(room) {
  return room ? pick(room.name) || t("rooms.number", { n: room.number }) : "";
}

/**
 * Where a note of a room comes from, in the middle of a line: `Table 3, round 2`.
 *
 * @param {{number: number, name?: Text|null, round: number}} origin
 * @returns {string}
 */
export function originName(origin) {
  return t("rooms.origin", { room: isolate(roomName(origin)), n: origin.round });
}
