/** Makes a scene fit its frame: what its length class did not foresee is set smaller, step by step. */

const STEP = 0.96;
const SMALLEST = 0.35;

/**
 * @param {HTMLElement} frame whose only child is the scene; `--fit` on it scales the type
 */
export function fit(frame) {
  let scale = 1;
  frame.style.setProperty("--fit", "1");
  while (scale > SMALLEST && overflows(frame)) {
    scale *= STEP;
    frame.style.setProperty("--fit", scale.toFixed(3));
  }
}

/** @param {HTMLElement} frame */
function overflows(frame) {
  const scene = frame.firstElementChild;
  return scene !== null && (scene.scrollHeight > frame.clientHeight + 1 || scene.scrollWidth > frame.clientWidth + 1);
}
