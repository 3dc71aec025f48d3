/** A poll that all rooms were asked side by side: once it is published its card also says what each room answered. */

/** @import { Session } from "../../live/session.js" */
/** @import { Poll } from "../../live/types.js" */

/**
 * @param {HTMLElement} root holds the cards of polls
 * @param {Session} session
 * @param {() => {el: HTMLElement, update: (poll: Poll) => void}} byRoom makes the part of a figure that shows results by room
 */
export function mountCompared(root, { store }, byRoom) {
  /** A poll that goes to another place of the page gets a new figure. @type {WeakMap<HTMLElement, ReturnType<typeof byRoom>>} */
  const parts = new WeakMap();

  // The cards are drawn by a panel that was mounted before this one, and so is told before it.
  store.watch(["stage", "me", "room"], () => {
    for (const [id, poll] of Object.entries(store.docs.stage?.polls ?? {})) {
      const figure = root.querySelector(`.poll[data-key="${CSS.escape(id)}"] .results`);
      if (!(figure instanceof HTMLElement) || !(poll.results?.rooms || parts.has(figure))) continue;
      const part = parts.get(figure) ?? byRoom();
      if (!parts.has(figure)) figure.append(part.el);
      parts.set(figure, part);
      // In a room the card has what that room said, and nothing else.
      part.update(store.room?.polls[id] ?? poll);
    }
  });
}
