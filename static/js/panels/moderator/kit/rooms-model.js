/**
 * What the moderator's page works out from the plans of breakout rooms: which plan is steered, who sits where, who has no
 * seat. Pure.
 *
 * @typedef {import("../../../live/types.js").RoomPlan} Plan
 * @typedef {import("../../../live/types.js").Person} Person
 * @typedef {Record<string, Person>} People
 * @typedef {Record<string, Plan>} Plans
 * @typedef {"open" | "rotate" | "recall" | "close" | "reopen" | "wait"} MainStep
 */

/** How long the countdown runs when all are called back, s. */
export const GRACE = 60;
/** What is left of it when it is cut short, s. */
export const SHORT = 15;

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

/**
 * The closed rooms whose people the next round is about, and where it takes them: to the other rooms, where people move and
 * one of these is open, else nowhere: they stay in the hall.
 * @param {Plan} plan
 * @returns {{rooms: string[], to: "people" | "questions"}} `rooms` is empty unless there is a next round
 */
export function closedAhead(plan) {
  const { order, rooms, round } = plan;
  const closed = mainStep(plan) === "rotate" ? order.filter((id) => rooms[id]?.closed) : [];
  const peopled = closed.filter((id) =>
    [round, round + 1].some((one) => seatsIn(plan, id, one).some((person) => person !== rooms[id]?.host)),
  );
  const stay =
    plan.rotate === "questions" ||
    plan.assign === "manual" ||
    plan.assign === "chosen" ||
    order.every((id) => rooms[id]?.closed);
  return { rooms: peopled, to: stay ? "questions" : "people" };
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
