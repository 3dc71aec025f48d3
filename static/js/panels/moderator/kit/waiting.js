/**
 * What waits for a decision of a moderator, per column: the counts on the tab bar. Pure.
 *
 * @typedef {Pick<import("../../../live/types.js").Docs, "stage" | "desk">} Docs
 */
import { clockLeft } from "../../../lib/time.js";

/**
 * Run: a question whose time is over and that nothing will move on. Stage: polls that wait to be published or, while
 * open, to be closed. People: pending questions and raised hands.
 * @param {Docs} docs
 * @param {number} now
 * @returns {{run: number, stage: number, people: number, questions: number, hands: number}}
 */
export function waiting({ stage, desk }, now) {
  const left = clockLeft(stage.agenda.clock, now);
  const over = stage.session.state === "live" && left !== null && left <= 0 && !stage.agenda.auto;
  const polls = Object.values(desk.polls).filter(({ state }) => state === "closed").length;
  const questions = Object.values(desk.questions).filter(({ state }) => state === "pending").length;
  const hands = stage.speakers.waiting.length;
  return { run: over ? 1 : 0, stage: polls, people: questions + hands, questions, hands };
}
