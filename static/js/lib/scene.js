/**
 * What is on stage, decided from the stage alone: what the screen shows, and what the moderator's page says everybody
 * sees. One rule, in this order: notes of a room that somebody put on the screen, which can be done after the end too; the
 * session has ended; a poll of the hall that is open, or fresh (just closed or published, until somebody gets the floor,
 * rooms open or go into their next round, or the next guiding question comes); breakout rooms that are open; the hall gathers; the person who
 * has the floor; the guiding question; the way to join. Pure: the caller brings the time and keeps the memory.
 *
 * A merge patch carries no null: what became null is absent from the document, so both mean the same here.
 *
 * @import { Poll, Stage } from "../live/types.js"
 * @typedef {"shown"|"ended"|"poll"|"rooms"|"gather"|"speaker"|"question"} Scene
 * @typedef {{seen: boolean, question: string|null, turn: string|null, rooms: string|null, states: Record<string, string>,
 *   fresh: string|null, until: number|null}} Memory `turn`: whose turn to speak was seen last, and since when; `rooms`:
 *   which plan of rooms was open, in which round
 */

/** How long a poll that was closed stays up while its results are being looked at, in milliseconds. */
export const CLOSED_STAYS = 30_000;

/**
 * What is recalled before anything was seen: the first stage it meets decides the rest.
 * @returns {Memory}
 */
export function blank() {
  return { seen: false, question: null, turn: null, rooms: null, states: {}, fresh: null, until: null };
}

/**
 * The memory after seeing `stage` at `now`. A poll becomes fresh when it is seen closing or being published; it goes
 * stale with the next guiding question, when somebody gets the floor, when it is hidden or dropped, and after
 * CLOSED_STAYS when nothing is published. What happened while the page was off or the question changed is judged by
 * the question the poll belongs to; and results give way to a turn to speak that began after their poll was opened. Results
 * that were there before the rooms opened, or before their next round, give way to the rooms; those that come later are shown.
 * @param {Memory} memory
 * @param {Stage} stage
 * @param {number} now milliseconds since the epoch
 * @returns {Memory}
 */
export function recall(memory, stage, now) {
  const question = stage.agenda.current ?? null;
  const late = !memory.seen || question !== memory.question;
  const { current } = stage.speakers;
  const turn = current ? `${current.person} ${current.since}` : null;
  const open = stage.rooms?.open;
  const rooms = open ? `${open.plan} ${open.round}` : null;
  const kept = !late && (rooms === null || rooms === memory.rooms);
  let fresh = kept ? memory.fresh : null;
  let until = kept ? memory.until : null;
  for (const [id, poll] of newestFirst(stage.polls).reverse()) {
    const was = memory.states[id];
    if (poll.state === "published" && was !== "published" && (!late || (!open && (poll.question ?? null) === question))) {
      [fresh, until] = [id, null];
    } else if (poll.state === "closed" && was === "open" && !late) {
      [fresh, until] = [id, now + CLOSED_STAYS];
    } else if (poll.state === "closed" && was === "published" && id === fresh) {
      [fresh, until] = [null, null];
    }
  }
  const shown = fresh === null ? undefined : stage.polls[fresh];
  const spoken = current && turn !== memory.turn && shown && current.since >= shown.opened;
  if (!shown || spoken || (until !== null && now >= until)) [fresh, until] = [null, null];
  const states = Object.fromEntries(Object.entries(stage.polls).map(([id, poll]) => [id, poll.state]));
  return { seen: true, question, turn, rooms, states, fresh, until };
}

/**
 * What is on stage, and the poll it is about.
 * @param {Stage} stage
 * @param {Memory} memory as `recall` gave it for this stage
 * @returns {{scene: Scene, poll: string|null}}
 */
export function choose(stage, memory) {
  if (stage.rooms?.shown) return { scene: "shown", poll: null };
  if (stage.session.state === "ended") return { scene: "ended", poll: null };
  const open = newestFirst(stage.polls).find(([, poll]) => poll.state === "open")?.[0] ?? null;
  const poll = open ?? memory.fresh;
  if (poll !== null) return { scene: "poll", poll };
  if (stage.rooms?.open) return { scene: "rooms", poll: null };
  if (stage.session.state === "lobby") return { scene: "gather", poll: null };
  if (stage.speakers.current) return { scene: "speaker", poll: null };
  return { scene: stage.agenda.current ? "question" : "gather", poll: null };
}

/**
 * @param {Record<string, Poll>} polls
 * @returns {[string, Poll][]}
 */
function newestFirst(polls) {
  return Object.entries(polls).sort(([, a], [, b]) => b.opened - a.opened);
}
