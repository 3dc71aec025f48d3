/**
 * What the screen shows, decided from the stage alone. One rule, in this order: the session has ended; it gathers; a
 * poll that is open, or fresh (just closed or published, until the next guiding question); the person who has the
 * floor; the guiding question; the way to join. Pure: the caller brings the time and keeps the memory.
 *
 * A merge patch carries no null: what became null is absent from the document, so both mean the same here.
 *
 * @import { Clock, Poll, Stage } from "../../live/types.js"
 * @typedef {"ended"|"gather"|"poll"|"speaker"|"question"} Scene
 * @typedef {"calm"|"soon"|"over"} Mood
 * @typedef {{seen: boolean, question: string|null, states: Record<string, string>, fresh: string|null,
 *   until: number|null}} Memory
 */

/** How long a poll that was closed stays up while its results are being looked at, in milliseconds. */
export const CLOSED_STAYS = 30_000;

/**
 * What the screen recalls before it has seen anything: the first stage it meets decides the rest.
 * @returns {Memory}
 */
export function blank() {
  return { seen: false, question: null, states: {}, fresh: null, until: null };
}

/**
 * The memory after seeing `stage` at `now`. A poll becomes fresh when it is seen closing or being published; it goes
 * stale with the next guiding question, when it is hidden or dropped, and after CLOSED_STAYS when nothing is published.
 * What happened while the screen was off or the question changed is judged by the question the poll belongs to.
 * @param {Memory} memory
 * @param {Stage} stage
 * @param {number} now milliseconds since the epoch
 * @returns {Memory}
 */
export function recall(memory, stage, now) {
  const question = stage.agenda.current ?? null;
  const late = !memory.seen || question !== memory.question;
  let fresh = late ? null : memory.fresh;
  let until = late ? null : memory.until;
  for (const [id, poll] of newestFirst(stage.polls).reverse()) {
    const was = memory.states[id];
    if (poll.state === "published" && (late ? (poll.question ?? null) === question : was !== "published")) {
      [fresh, until] = [id, null];
    } else if (poll.state === "closed" && was === "open" && !late) {
      [fresh, until] = [id, now + CLOSED_STAYS];
    } else if (poll.state === "closed" && was === "published" && id === fresh) {
      [fresh, until] = [null, null];
    }
  }
  if (fresh !== null && (!stage.polls[fresh] || (until !== null && now >= until))) [fresh, until] = [null, null];
  const states = Object.fromEntries(Object.entries(stage.polls).map(([id, poll]) => [id, poll.state]));
  return { seen: true, question, states, fresh, until };
}

/**
 * The scene for `stage`, and the poll it is about.
 * @param {Stage} stage
 * @param {Memory} memory as `recall` gave it for this stage
 * @returns {{scene: Scene, poll: string|null}}
 */
export function choose(stage, memory) {
  if (stage.session.state === "ended") return { scene: "ended", poll: null };
  const open = newestFirst(stage.polls).find(([, poll]) => poll.state === "open")?.[0] ?? null;
  const poll = open ?? memory.fresh;
  if (poll !== null) return { scene: "poll", poll };
  if (stage.session.state === "lobby") return { scene: "gather", poll: null };
  if (stage.speakers.current) return { scene: "speaker", poll: null };
  return { scene: stage.agenda.current ? "question" : "gather", poll: null };
}

/**
 * How large a text may be set: "s" for a few words … "xxl" for a paragraph. Signs of East Asian scripts are twice as
 * wide as letters and count so.
 * @param {string} text
 * @returns {"s"|"m"|"l"|"xl"|"xxl"}
 */
export function sizeOf(text) {
  const wide = text.match(/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/gu)?.length ?? 0;
  const width = text.length + wide;
  if (width <= 40) return "s";
  if (width <= 90) return "m";
  if (width <= 150) return "l";
  return width <= 240 ? "xl" : "xxl";
}

/**
 * A clock as it is read from the back of the hall: what is left, and a word where the figure alone would not do.
 * @param {Clock} clock
 * @param {number} now milliseconds since the epoch
 * @returns {{left: number, mood: Mood, paused: boolean}|null} null where no clock runs
 */
export function readClock(clock, now) {
  const left = clock.state === "running" && clock.ends ? clock.ends - now : clock.left ?? null;
  if (clock.state === "idle" || left === null) return null;
  return { left, mood: moodOf(left), paused: clock.state === "paused" };
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

/**
 * @param {number} left milliseconds
 * @returns {Mood}
 */
function moodOf(left) {
  if (left < 0) return "over";
  return left <= SOON ? "soon" : "calm";
}

/**
 * @param {Record<string, Poll>} polls
 * @returns {[string, Poll][]}
 */
function newestFirst(polls) {
  return Object.entries(polls).sort(([, a], [, b]) => b.opened - a.opened);
}
