/** How long to wait before the next attempt to connect: exponential, with full jitter, so that a hall that lost its
 *  network together does not come back in one instant. */

const FIRST = 1_000;
const LONGEST = 15_000;

/**
 * @param {number} attempt 0 for the first attempt after a loss
 * @param {() => number} random a number from 0 (included) to 1 (excluded)
 * @returns {number} ms
 */
export function backoff(attempt, random) {
  return random() * Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 10));
}
