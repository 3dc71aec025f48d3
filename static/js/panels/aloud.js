/** What somebody who hears the page must learn at once: a new question on stage, a poll, also of one's room, one's turn to speak. */

import { announce } from "../lib/announce.js";
import { onStage } from "../lib/agenda.js";
import { pick, t } from "../lib/texts.js";

/** @import { Session } from "../live/session.js" */
/** @import { Poll, Stage } from "../live/types.js" */

/** @param {Session} session */
export function mountAloud(session) {
  session.store.on("stage", (stage, before) => {
    if (stage && before) changes(stage, before, session.boot.person).forEach(announce);
  });
  session.store.on("room", (room, before) => {
    if (room && before?.room.id === room.room.id) pollChanges(room.polls, before.polls).forEach(announce);
  });
}

/**
 * @param {Stage} stage
 * @param {Stage} before
 * @param {string} person
 * @returns {string[]}
 */
export function changes(stage, before, person) {
  const said = [];
  const current = onStage(stage.agenda);
  if (current && current.id !== before.agenda.current) {
    said.push(t("participant.aloud.question", { text: pick(current.question.text) }));
  }
  said.push(...pollChanges(stage.polls, before.polls));
  const speaking = (/** @type {Stage} */ { speakers }) => speakers.current?.person === person;
  const next = (/** @type {Stage} */ { speakers }) => speakers.waiting[0] === person;
  if (speaking(stage) && !speaking(before)) said.push(t("participant.floor.yours"));
  else if (next(stage) && !next(before)) said.push(t("participant.floor.next"));
  if (stage.announcement && stage.announcement.at !== before.announcement?.at) said.push(pick(stage.announcement.text));
  if (stage.session.state === "ended" && before.session.state !== "ended") said.push(t("participant.ended.title"));
  return said;
}

/** @param {Record<string, Poll>} polls @param {Record<string, Poll>} before @returns {string[]} */
function pollChanges(polls, before) {
  return Object.entries(polls)
    .filter(([id, poll]) => poll.state !== before[id]?.state)
    .map(([, poll]) => t(`participant.aloud.poll.${poll.state}`, { prompt: pick(poll.prompt) }));
}
