/** Where a session is in its agenda. */

/** @import { Agenda, GuidingQuestion, Segment } from "../live/types.js" */

/**
 * The guiding question on stage with its place among all, or null between questions.
 *
 * @param {Agenda | undefined} agenda
 * @returns {{id: string, question: GuidingQuestion, segment: Segment, place: number, total: number} | null}
 */
export function onStage(agenda) {
  let place = 0;
  let found = null;
  for (const id of agenda?.order ?? []) {
    const segment = agenda?.segments[id];
    for (const key of segment?.order ?? []) {
      place += 1;
      const question = segment?.questions[key];
      if (segment && question && key === agenda?.current) found = { id: key, question, segment, place };
    }
  }
  return found && { ...found, total: place };
}
