/**
 * How long a text is, as the server counts it: in characters, not in the units of the browser. Pure.
 */

/** From this share of the most that fits, the count is shown. */
const NEAR = 0.8;

/**
 * @param {string} words
 * @param {number} max
 * @returns {{n: number, near: boolean, over: boolean}}
 */
export function lengthOf(words, max) {
  const n = [...words.trim()].length;
  return { n, near: n >= max * NEAR, over: n > max };
}
