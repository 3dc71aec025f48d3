/** The notes as they will be once what was done here has reached the server. Pure. */

/** @import { Command, Note } from "../../live/types.js" */

/**
 * @param {Record<string, Note>} notes of the record
 * @param {readonly Command[]} pending commands that the server has not answered
 * @returns {{notes: Record<string, Note>, waiting: Set<string>, dropped: Set<string>}} the notes with the changes on them,
 *   which of them wait for a change to be saved, and which wait to be dropped
 */
export function withPending(notes, pending) {
  const result = { ...notes };
  const waiting = /** @type {Set<string>} */ (new Set());
  const dropped = /** @type {Set<string>} */ (new Set());
  for (const command of pending) {
    const id = String(command.note);
    const note = result[id];
    if (!note) continue;
    if (command.do === "note.drop") dropped.add(id);
    if (command.do !== "note.edit") continue;
    waiting.add(id);
    const { kind, text, question } = /** @type {Partial<{kind: Note["kind"], text: string, question: string|null}>} */ (command);
    result[id] = {
      ...note, kind: kind ?? note.kind, question: question === undefined ? note.question : question, text: text === undefined ? note.text : { "": text },
    };
  }
  return { notes: result, waiting, dropped };
}
