/** Keeps the display on and the pointer out of sight while the page is shown. */

/** How long the pointer stays after it moved, ms. */
const POINTER_STAYS = 3_000;

/** Ask for a wake lock now and whenever the page comes back into view; a browser without one sleeps as it is set. */
export function stayAwake() {
  const ask = () => {
    if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => undefined);
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}

/** @param {HTMLElement} el gets the class `still` while the pointer rests */
export function hidePointer(el) {
  let timer = 0;
  const moved = () => {
    el.classList.remove("still");
    clearTimeout(timer);
    timer = Number(setTimeout(() => el.classList.add("still"), POINTER_STAYS));
  };
  document.addEventListener("pointermove", moved);
  moved();
}
