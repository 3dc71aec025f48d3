/**
 * What everybody sees, line by line: what the screen shows by the rule in `lib/scene.js`, then what stands beside it there
 * or on the participants' pages. Pure.
 */
import { roomName } from "../../../lib/rooms.js";
import { choose } from "../../../lib/scene.js";
import { t } from "../../../lib/texts.js";
import { formatClock, roomLeft } from "../../../lib/time.js";
import { guidingQuestions } from "./agenda-model.js";

/** @typedef {import("../../../live/types.js").Stage} Stage */
/** @typedef {import("../../../live/types.js").Text} Text */
/** @typedef {import("../../../live/types.js").OpenRooms} OpenRooms */
/** @typedef {import("../../../lib/scene.js").Memory} Memory */
/**
 * `label` is the end of `moderator.stage.…`; `more` is what else is said of it, smaller.
 * @typedef {{key: string, label: string, words: Text | string, more?: string}} Line
 */

/**
 * @param {Stage} stage
 * @param {Memory} memory as `recall` gave it for this stage
 * @param {number} now ms
 * @returns {{main: Line, beside: Line[]}}
 */
export function everybodySees(stage, memory, now) {
  const { scene, poll } = choose(stage, memory);
  const { session, agenda, speakers, polls, announcement } = stage;
  const question = guidingQuestions(agenda).find(({ id }) => id === agenda.current);
  /** @type {Line[]} */
  const lines = [];
  const shown = polls[poll ?? ""];
  if (shown) lines.push({ key: `poll-${poll}`, label: `poll.${shown.state}`, words: shown.prompt });
  const { shown: notes, open } = stage.rooms ?? {};
  if (notes) lines.push({ key: "shown", label: "shown", words: roomName(notes) });
  if (scene !== "ended") {
    for (const [id, other] of Object.entries(polls)) {
      if (other.state === "open" && id !== poll) lines.push({ key: `poll-${id}`, label: "poll.open", words: other.prompt });
    }
    if (open) {
      const words = t("moderator.stage.rooms.words", { n: open.order.length, round: open.round, all: open.rounds });
      lines.push({ key: "rooms", label: "rooms", words: open.name ?? words, more: roomsMore(open, now) });
    }
    if (speakers.current) lines.push({ key: "speaker", label: "speaker", words: speakers.current.name });
    if (question && session.state === "live") lines.push({ key: "question", label: "question", words: question.text });
  }
  const isMain = (/** @type {Line} */ { key }) => key === (scene === "poll" ? `poll-${poll}` : scene);
  const main = lines.find(isMain) ?? { key: scene, label: scene, words: session.title };
  const beside = lines.filter((line) => line !== main);
  const pinned = stage.questions?.items[stage.questions.pinned ?? ""];
  if (pinned && scene !== "ended") beside.push({ key: "pinned", label: "pinned", words: pinned.text });
  const over = announcement?.until != null && announcement.until <= now;
  if (announcement && !over) beside.push({ key: "announcement", label: "announcement", words: announcement.text });
  return { main, beside };
}

/** The round, where the rooms' own name does not say it, and what is left of its time. @param {OpenRooms} open @param {number} now */
function roomsMore({ name, round, rounds, clock, closing }, now) {
  const left = roomLeft({ ...clock, closing: closing ?? null }, now);
  const time = left === null ? "" : formatClock(left);
  return [name && rounds > 1 ? t("rooms.round_of", { n: round, count: rounds }) : "", time].filter(Boolean).join(" · ");
}
