/**
 * What a moderator watches while people are in their rooms: who waits for help, who has fallen quiet, when the time is
 * nearly over. Pure.
 *
 * @typedef {import("../../../live/types.js").PlannedRoom} PlannedRoom
 * @typedef {import("../../../live/types.js").FeedLine} FeedLine
 * @typedef {import("./rooms-model.js").Plan} Plan
 * @typedef {import("./rooms-model.js").Plans} Plans
 */
import { GRACE, isOpen } from "./rooms-model.js";

/** An open room without a note for this long is quiet, ms. */
export const QUIET = 5 * 60_000;
/** What the clock has left when it warns, ms, the longer first. */
const WARNINGS = [5 * 60_000, 60_000];

/**
 * The rooms that wait for help, who waited longest first; those to which somebody is on the way come last.
 * @param {Plans | undefined} plans
 * @returns {{plan: string, room: string, since: number, name: string, coming: string | null}[]}
 */
export function helpQueue(plans = {}) {
  const waiting = Object.entries(plans).flatMap(([plan, { order, rooms, ...rest }]) =>
    !isOpen({ ...rest, order, rooms })
      ? []
      : order.flatMap((room) => {
          const help = rooms[room]?.help;
          return help ? [{ plan, room, since: help.since, name: help.name, coming: help.coming?.name ?? null }] : [];
        }),
  );
  return waiting.sort((a, b) => Number(a.coming !== null) - Number(b.coming !== null) || a.since - b.since);
}

/**
 * When the round that runs began, by the feed; null where that is not known.
 * @param {Record<string, FeedLine> | undefined} feed
 * @param {string} plan
 * @returns {number | null}
 */
export function roundBegan(feed = {}, plan) {
  let began = null;
  for (const line of Object.values(feed)) {
    if (line.plan !== plan || (line.what !== "rooms.opened" && line.what !== "rooms.rotated")) continue;
    if (began === null || line.at > began) began = line.at;
  }
  return began;
}

/**
 * The round that runs and when it began, where it began by itself; null where somebody began it.
 * @param {Record<string, FeedLine> | undefined} feed
 * @param {string} plan
 * @returns {{round: number, at: number} | null}
 */
export function ownRotation(feed = {}, plan) {
  const last = Object.values(feed)
    .filter((line) => line.plan === plan && (line.what === "rooms.opened" || line.what === "rooms.rotated"))
    .reduce((/** @type {FeedLine | null} */ newest, line) => (newest && newest.seq > line.seq ? newest : line), null);
  return last?.auto === true ? { round: Number(last.round), at: last.at } : null;
}

/**
 * Whether the countdown runs because the last round was over, and not because somebody called people back.
 * @param {Plan} plan
 */
export function closesByItself({ state, auto, clock, closing }) {
  return state === "closing" && auto && clock.ends != null && closing != null && closing - clock.ends >= GRACE * 1000;
}

/**
 * Whether an open room has fallen quiet: nobody wrote there for a while, and the round has been running for as long.
 * @param {Plan} plan
 * @param {PlannedRoom} room
 * @param {number | null} began when the round began
 * @param {number} now ms
 */
export function isQuiet(plan, room, began, now) {
  if (plan.state !== "open" || room.closed || began === null) return false;
  return now - Math.max(began, room.last ?? 0) >= QUIET;
}

/**
 * Which warning is due: the clock has just come down to one of WARNINGS.
 * @param {number | null} before what was left when it was last looked at, ms
 * @param {number | null} left what is left now, ms
 * @returns {number | null} minutes
 */
export function warningDue(before, left) {
  if (before === null || left === null || left <= 0) return null;
  const due = WARNINGS.findLast((at) => before > at && left <= at);
  return due === undefined ? null : due / 60_000;
}

/**
 * How pressing the clock of a round is. A round that is no longer than a warning was never further from its end.
 * @param {number} left ms
 * @param {number} total ms
 * @returns {"over" | "soon" | "near" | "running"}
 */
export function pressing(left, total) {
  const [near = 0, soon = 0] = WARNINGS;
  if (left <= 0) return "over";
  if (left <= soon) return "soon";
  return left <= near && total > near ? "near" : "running";
}
