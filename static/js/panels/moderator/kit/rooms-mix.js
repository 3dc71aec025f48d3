/**
 * How the stakeholder groups are spread over the rooms of a plan, and what the plan is worth in words. Pure.
 *
 * @typedef {import("./rooms-model.js").Plan} Plan
 * @typedef {import("./rooms-model.js").People} People
 * @typedef {Record<string, number>} Mix stakeholder group, or `none` -> people
 */
import { seatMap, unseated } from "./rooms-model.js";

/**
 * How many of each group are among these people.
 * @param {People} people
 * @param {Iterable<string>} ids
 * @returns {Mix}
 */
export function mixOf(people, ids) {
  /** @type {Mix} */
  const mix = {};
  for (const id of ids) {
    const group = people[id]?.group ?? "none";
    mix[group] = (mix[group] ?? 0) + 1;
  }
  return mix;
}

/**
 * Everybody who counts for the hall's mix of a round: who has a seat, and who is here without one.
 * @param {Plan} plan
 * @param {number} round
 * @param {People} people
 * @returns {Mix}
 */
export function hallMix(plan, round, people) {
  return mixOf(people, new Set([...seatMap(plan, round).keys(), ...unseated(plan, round, people)]));
}

/**
 * By how many people each group in a room is off its share of the hall, where that is more than one person.
 * @param {Mix} room
 * @param {Mix} hall
 * @returns {Mix} group -> people too many (or, negative, too few), rounded
 */
export function offMix(room, hall) {
  const size = sum(room);
  const all = sum(hall);
  /** @type {Mix} */
  const off = {};
  if (!size || !all) return off;
  for (const group of Object.keys(hall)) {
    const by = (room[group] ?? 0) - ((hall[group] ?? 0) * size) / all;
    // A tolerance, so that a share that is exact in people is no fault of the arithmetic.
    if (Math.abs(by) > 1 + 1e-9) off[group] = Math.round(by);
  }
  return off;
}

/** @param {Mix} mix */
export function sum(mix) {
  return Object.values(mix).reduce((all, n) => all + n, 0);
}

/**
 * What the plan is worth, as catalogue keys (`moderator.rooms.quality.…`) with their values.
 * @param {Plan} plan
 * @param {number} groups how many stakeholder groups there are among the people
 * @returns {{key: string, vars: Record<string, number>}[]}
 */
export function qualityLines(plan, groups) {
  const { quality, rounds, rotate } = plan;
  if (!quality) return [];
  const { smallest, largest, repeats, again, most, bound, mix } = quality;
  /** @type {{key: string, vars: Record<string, number>}[]} */
  const lines = [
    smallest === largest ? { key: "even", vars: { n: smallest } } : { key: "sizes", vars: { smallest, largest } },
  ];
  if (rounds > 1 && rotate === "people") {
    lines.push({ key: repeats ? "repeats" : "no_repeats", vars: { n: repeats } });
    const best = bound == null ? "" : again <= bound ? ".best" : ".bound";
    if (again === 0) lines.push({ key: "never", vars: {} });
    else lines.push({ key: `${most > 2 ? "often" : "twice"}${best}`, vars: { n: again, most, bound: bound ?? 0 } });
  }
  if (groups > 1 && plan.assign !== "same") {
    const within = Math.ceil(mix - 1e-9);
    lines.push({ key: within > 0 ? "mix" : "mix.exact", vars: { n: within } });
  }
  return lines;
}
