/** Clocks that move: one timer for the whole page, on the whole second as far as the browser allows. */

/** @type {Set<() => void>} */
const listeners = new Set();
let running = 0;

/**
 * Call `fn` now and about twice a second, while the page is open.
 *
 * @param {() => void} fn
 * @returns {() => void} stops it
 */
export function tick(fn) {
  listeners.add(fn);
  fn();
  if (!running) running = Number(setInterval(() => listeners.forEach((one) => one()), 500));
  return () => {
    listeners.delete(fn);
    if (!listeners.size) {
      clearInterval(running);
      running = 0;
    }
  };
}
