/**
 * What the moderator's page works out from the plans of breakout rooms: which plan is steered, who sits where, who has no
 * seat, how far a room is from the hall's mix, which rooms wait for help and which have fallen quiet. Pure.
 *
 * @typedef {import("../../../live/types.js").RoomPlan} Plan
 * @typedef {import("../../../live/types.js").PlannedRoom} PlannedRoom
 * @typedef {import("../../../live/types.js").Person} Person
 * @typedef {import("../../../live/types.js").FeedLine} FeedLine
 * @typedef {Record<string, Person>} People
 * @typedef {Record<string, Plan>} Plans
 * @typedef {Record<string, number>} Mix stakeholder group, or `none` -> people
 * @typedef {"open" | "rotate" | "recall" | "close" | "reopen" | "wait"} MainStep
 */

/** An open room without a note for this long is quiet, ms. */
export const QUIET = 5 * 60_000;
/** What the clock has left when it warns, ms, the longer first. */
export const WARNINGS = [5 * 60_000, 60_000];
/** How long the countdown runs when all are called back, s. */
export const GRACE = 60;

/** Whether people are in the rooms of this plan. @param {Plan} plan */
export function isOpen({ state }) {
  return state === "open" || state === "closing";
}

/**
 * All plans: the one that is open, then those that wait to be opened, then the closed ones; the newest first.
 * @param {Plans | undefined} plans
 * @returns {string[]}
 */
export function planOrder(plans = {}) {
  const rank = (/** @type {Plan} */ plan) => (isOpen(plan) ? 0 : plan.state === "closed" ? 2 : 1);
  return Object.entries(plans)
    .sort(([a, x], [b, y]) => rank(x) - rank(y) || y.made - x.made || (a < b ? 1 : -1))
    .map(([id]) => id);
}

/**
 * The plan that is open, or null.
 * @param {Plans | undefined} plans
 * @returns {string | null}
 */
export function openPlan(plans = {}) {
  return Object.keys(plans).find((id) => plans[id] && isOpen(plans[id])) ?? null;
}

/**
 * The plan that the page is about: the open one, else the one that was chosen, else the newest that waits to be opened,
 * else the newest of all.
 * @param {Plans | undefined} plans
 * @param {string | null} chosen
 * @returns {string | null}
 */
export function currentPlan(plans = {}, chosen = null) {
  const open = openPlan(plans);
  if (open) return open;
  return chosen !== null && plans[chosen] ? chosen : (planOrder(plans)[0] ?? null);
}

/**
 * The one thing that the large button does now.
 * @param {Plan} plan
 * @returns {MainStep}
 */
export function mainStep(plan) {
  switch (plan.state) {
    case "planning":
      return "wait";
    case "ready":
      return "open";
    case "open":
      return plan.round < plan.rounds ? "rotate" : "recall";
    case "closing":
      return "close";
    case "closed":
      return "reopen";
  }
}

/**
 * The round to look at first: the one that runs, or the first.
 * @param {Plan} plan
 */
export function roundNow(plan) {
  return Math.max(1, plan.round);
}

/**
 * Who sits in a room in a round, the host first.
 * @param {Plan} plan
 * @param {string} room
 * @param {number} round
 * @returns {string[]}
 */
export function seatsIn(plan, room, round) {
  const seats = plan.seats[String(round)]?.[room] ?? [];
  const host = plan.rooms[room]?.host;
  return host != null && seats.includes(host) ? [host, ...seats.filter((person) => person !== host)] : seats;
}

/**
 * Where everybody sits in a round.
 * @param {Plan} plan
 * @param {number} round
 * @returns {Map<string, string>} person -> room
 */
export function seatMap(plan, round) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const [room, people] of Object.entries(plan.seats[String(round)] ?? {})) {
    for (const person of people) found.set(person, room);
  }
  return found;
}

/** Whether this is somebody who takes a seat. @param {Person | undefined} person */
function seatable(person) {
  return person !== undefined && person.role === "participant" && !person.removed;
}

/**
 * The participants who are here, by name.
 * @param {People} people
 * @param {string} [lang]
 * @returns {string[]}
 */
export function peopleHere(people, lang) {
  return byName(
    people,
    Object.keys(people).filter((id) => seatable(people[id]) && people[id]?.here),
    lang,
  );
}

/**
 * Who is here and has no seat in this round, by name.
 * @param {Plan} plan
 * @param {number} round
 * @param {People} people
 * @param {string} [lang]
 * @returns {string[]}
 */
export function unseated(plan, round, people, lang) {
  const seats = seatMap(plan, round);
  return peopleHere(people, lang).filter((id) => !seats.has(id));
}

/** @param {People} people @param {string[]} ids @param {string} [lang] */
function byName(people, ids, lang) {
  const { compare } = new Intl.Collator(lang);
  return ids.sort((a, b) => compare(people[a]?.name ?? "", people[b]?.name ?? "") || (a < b ? -1 : 1));
}

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
    smallest === largest
      ? { key: "even", vars: { n: smallest } }
      : { key: "sizes", vars: { smallest, largest } },
  ];
  if (rounds > 1 && rotate === "people") {
    lines.push({ key: repeats ? "repeats" : "no_repeats", vars: { n: repeats } });
    const best = bound == null ? "" : again <= bound ? ".best" : ".bound";
    if (again === 0) lines.push({ key: "never", vars: {} });
    else lines.push({ key: `${most > 2 ? "often" : "twice"}${best}`, vars: { n: again, most, bound: bound ?? 0 } });
  }
  if (groups > 1) {
    const within = Math.ceil(mix - 1e-9);
    lines.push({ key: within > 0 ? "mix" : "mix.exact", vars: { n: within } });
  }
  return lines;
}
