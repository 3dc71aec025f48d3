/**
 * The order in which a moderator sees the questions of participants. Pure.
 *
 * @typedef {NonNullable<import("../../../live/types.js").Stage["questions"]>} Questions
 * @typedef {import("../../../live/types.js").DeskQuestion} HeldQuestion
 */

/**
 * The ids of the questions in `state` on the stage: the pinned one, then more votes first, then older first.
 * @param {Questions} questions
 * @param {"live" | "answered"} state
 * @returns {string[]}
 */
export function shownOrder({ items, pinned }, state) {
  return Object.entries(items)
    .filter(([, item]) => item.state === state)
    .sort(
      ([a, x], [b, y]) =>
        Number(b === pinned) - Number(a === pinned) || y.votes - x.votes || x.at - y.at || (a < b ? -1 : 1),
    )
    .map(([id]) => id);
}

/**
 * The ids of the questions in `state` that only moderators see: the one that waited longest first.
 * @param {Record<string, HeldQuestion>} questions
 * @param {"pending" | "declined"} state
 * @returns {string[]}
 */
export function heldOrder(questions, state) {
  return Object.entries(questions)
    .filter(([, question]) => question.state === state)
    .sort(([a, x], [b, y]) => x.at - y.at || (a < b ? -1 : 1))
    .map(([id]) => id);
}
