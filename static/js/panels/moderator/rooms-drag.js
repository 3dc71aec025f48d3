/**
 * Dragging with a mouse or a pen, by pointer events alone: buttons can be dragged in every browser, and nothing is
 * dragged by a finger that scrolls. Whoever does not drag has the dialog.
 */
import { h } from "../../lib/dom.js";

/** So far the pointer goes before it drags, px. */
const FAR = 6;
/** So near to an edge of what scrolls it goes along, px. */
const EDGE = 48;
/** Steps of scrolling, px a frame. */
const STEP = 12;

/**
 * @param {HTMLElement} root what scrolls, with items and targets in it
 * @param {object} options
 * @param {string} options.item selector of what can be dragged
 * @param {string} options.target selector of where it can be dropped
 * @param {(item: HTMLElement, target: HTMLElement) => void} options.drop
 * @param {() => void} options.done called after every drag, however it ended
 */
export function makeDraggable(root, { item: itemSelector, target: targetSelector, drop, done }) {
  /** @type {{item: HTMLElement, id: number, x: number, y: number, ghost: HTMLElement | null, over: HTMLElement | null, frame: number} | null} */
  let held = null;

  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch" || held) return;
    const item = event.target instanceof Element ? event.target.closest(itemSelector) : null;
    if (!(item instanceof HTMLElement)) return;
    held = { item, id: event.pointerId, x: event.clientX, y: event.clientY, ghost: null, over: null, frame: 0 };
  });
  window.addEventListener("pointermove", (event) => {
    if (!held || event.pointerId !== held.id) return;
    if (!held.ghost) {
      if (Math.hypot(event.clientX - held.x, event.clientY - held.y) < FAR) return;
      begin(held);
    }
    held.x = event.clientX;
    held.y = event.clientY;
    follow(held);
  });
  window.addEventListener("pointerup", (event) => held && event.pointerId === held.id && end(true));
  window.addEventListener("pointercancel", (event) => held && event.pointerId === held.id && end(false));
  window.addEventListener("blur", () => end(false));
  window.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !held?.ghost) return;
      event.preventDefault();
      end(false);
    },
    { capture: true },
  );

  /** @param {NonNullable<typeof held>} drag */
  function begin(drag) {
    drag.ghost = h("div", { class: "drag-ghost", "aria-hidden": "true" });
    drag.ghost.append(.../** @type {HTMLElement} */ (drag.item.firstElementChild).cloneNode(true).childNodes);
    document.body.append(drag.ghost);
    drag.item.classList.add("dragged");
    root.classList.add("dragging");
    getSelection()?.removeAllRanges();
    drag.frame = requestAnimationFrame(scroll);
  }

  /** @param {NonNullable<typeof held>} drag */
  function follow(drag) {
    drag.ghost?.style.setProperty("transform", `translate(${drag.x + 8}px, ${drag.y + 8}px)`);
    const under = document.elementFromPoint(drag.x, drag.y)?.closest(targetSelector);
    const over = under instanceof HTMLElement && root.contains(under) ? under : null;
    if (over === drag.over) return;
    drag.over?.classList.remove("drop-here");
    over?.classList.add("drop-here");
    drag.over = over;
  }

  function scroll() {
    if (!held?.ghost) return;
    const scrolls = getComputedStyle(root).overflowY !== "visible";
    const box = scrolls ? root.getBoundingClientRect() : { top: 0, bottom: innerHeight };
    const by = held.y < box.top + EDGE ? -STEP : held.y > box.bottom - EDGE ? STEP : 0;
    if (by) {
      (scrolls ? root : document.scrollingElement)?.scrollBy({ top: by, behavior: "instant" });
      follow(held);
    }
    held.frame = requestAnimationFrame(scroll);
  }

  /** @param {boolean} dropped */
  function end(dropped) {
    const drag = held;
    held = null;
    if (!drag?.ghost) return;
    cancelAnimationFrame(drag.frame);
    drag.ghost.remove();
    drag.item.classList.remove("dragged");
    drag.over?.classList.remove("drop-here");
    root.classList.remove("dragging");
    // The press that ends here is no press of the button it began on.
    const stop = (/** @type {Event} */ event) => (event.stopPropagation(), event.preventDefault());
    window.addEventListener("click", stop, { capture: true, once: true });
    setTimeout(() => window.removeEventListener("click", stop, { capture: true }), 0);
    if (dropped && drag.over) drop(drag.item, drag.over);
    done();
  }
  return { active: () => Boolean(held?.ghost) };
}
