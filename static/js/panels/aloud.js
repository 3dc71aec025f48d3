/** What somebody who hears the page must learn at once: a new question on stage, a poll, one's turn to speak. */

import { announce } from "../lib/announce.js";
import { onStage } from "../lib/agenda.js";
import { pick, t } from "../lib/texts.js";

/** @import { Session } from "../live/session.js" */
/** @import { Stage } from "../live/types.js" */

/** @param {Session} session */
export function mountAloud(session) {
  session.store.on("stage", (stage, before) => {
    if (stage && before) for (const words of changes(stage, before, session.boot.person)) announce(words);
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
  for (const [id, poll] of Object.entries(stage.polls)) {
    const was = before.polls[id]?.state;
    if (poll.state !== was) said.push(t(`participant.aloud.poll.${poll.state}`, { prompt: pick(poll.prompt) }));
  }
  const speaking = (/** @type {Stage} */ { speakers }) => speakers.current?.person === person;
  const next = (/** @type {Stage} */ { speakers }) => speakers.waiting[0] === person;
  if (speaking(stage) && !speaking(before)) said.push(t("participant.floor.yours"));
  else if (next(stage) && !next(before)) said.push(t("participant.floor.next"));
  if (stage.announcement && stage.announcement.at !== before.announcement?.at) said.push(pick(stage.announcement.text));
  if (stage.session.state === "ended" && before.session.state !== "ended") said.push(t("participant.ended.title"));
  return said;
}
