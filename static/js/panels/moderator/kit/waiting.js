/**
 * What waits for a decision of a moderator, per column: the counts on the tab bar. Pure.
 *
 * @typedef {Pick<import("../../../live/types.js").Docs, "stage" | "desk">} Docs
 */
import { queueLength } from "../../../lib/queue.js";
import { clockLeft } from "../../../lib/time.js";
import { helpQueue } from "./rooms-watch.js";

/**
 * Run: a question whose time is over and that nothing will move on. Stage: closed polls that wait to be published,
 * and rooms that wait for help, also when somebody is on the way.
 * People: pending questions and raised hands, which a session that has ended no longer takes.
 * @param {Docs} docs
 * @param {number} now
 * @returns {{run: number, stage: number, people: number, questions: number, hands: number, help: number}}
 */
export function waiting({ stage, desk }, now) {
  const left = clockLeft(stage.agenda.clock, now);
  const over = stage.session.state === "live" && left !== null && left <= 0 && !stage.agenda.auto;
  const polls = Object.values(desk.polls).filter(({ state }) => state === "closed").length;
  const ended = stage.session.state === "ended";
  const questions = ended ? 0 : Object.values(desk.questions).filter(({ state }) => state === "pending").length;
  const hands = ended ? 0 : queueLength(stage.speakers);
  const help = ended ? 0 : helpQueue(desk.rooms).length;
  return { run: over ? 1 : 0, stage: polls + help, people: questions + hands, questions, hands, help };
}
