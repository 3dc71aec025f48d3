/** The speaker queue as everybody sees it: its head by name, the rest as a number. Pure. */

/**
 * How many wait, the head and those behind it.
 *
 * @param {import("../live/types.js").Speakers | undefined} speakers
 * @returns {number}
 */
export function queueLength(speakers) {
  return speakers ? speakers.waiting.length + speakers.more : 0;
}
