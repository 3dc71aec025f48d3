/**
 * A poll that all rooms were asked side by side: once it is published its card also says what each room answered.
 *
 * The stage names rooms only while they are open, and such a poll is mostly published after that. So the names are kept with
 * the tab; rooms that it never saw cannot be named and are left out.
 */

/** @import { Session } from "../../live/session.js" */
/** @import { OpenRooms, Poll } from "../../live/types.js" */
/** @import { Store } from "./begun.js" */
/** @typedef {Pick<OpenRooms["rooms"][string], "number" | "name">} Named */

export class KnownRooms {
  /** @type {Map<string, Named>} */
  #rooms;
  #storage;
  #key;

  /** @param {Store | null} storage null where the browser keeps nothing @param {string} key */
  constructor(storage, key) {
    this.#storage = storage;
    this.#key = key;
    this.#rooms = new Map(Object.entries(this.#read()));
  }

  /** @param {string} room @returns {Named | undefined} */
  get(room) {
    return this.#rooms.get(room);
  }

  /** Keep what these rooms are called. @param {OpenRooms["rooms"]} rooms */
  learn(rooms) {
    const before = JSON.stringify([...this.#rooms]);
    for (const [id, { number, name = null }] of Object.entries(rooms)) this.#rooms.set(id, { number, name });
    if (JSON.stringify([...this.#rooms]) === before) return;
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(Object.fromEntries(this.#rooms)));
    } catch {
      // A full or forbidden storage costs the names after a reload.
    }
  }

  /** @returns {Record<string, Named>} */
  #read() {
    try {
      return JSON.parse(this.#storage?.getItem(this.#key) ?? "{}") ?? {};
    } catch {
      return {};
    }
  }
}

/**
 * @param {HTMLElement} root holds the cards of polls
 * @param {Session} session
 * @param {Store | null} storage
 * @param {(nameOf: (room: string) => Named | undefined) => {el: HTMLElement, update: (poll: Poll) => void}} byRoom makes the
 *   part of a figure that shows results by room
 */
export function mountCompared(root, session, storage, byRoom) {
  const { store, boot } = session;
  const known = new KnownRooms(storage, `baraza:${boot.session}:rooms`);
  /** A poll that goes to another place of the page gets a new figure. @type {WeakMap<HTMLElement, ReturnType<typeof byRoom>>} */
  const parts = new WeakMap();

  // The cards are drawn by a panel that was mounted before this one, and so is told before it.
  store.watch(["stage", "me", "room"], () => {
    const { stage } = store.docs;
    if (!stage) return;
    if (stage.rooms.open) known.learn(stage.rooms.open.rooms);
    for (const [id, poll] of Object.entries(stage.polls)) {
      const figure = root.querySelector(`.poll[data-key="${CSS.escape(id)}"] .results`);
      if (!(figure instanceof HTMLElement) || !(poll.results?.rooms || parts.has(figure))) continue;
      const part = parts.get(figure) ?? byRoom((room) => known.get(room));
      if (!parts.has(figure)) figure.append(part.el);
      parts.set(figure, part);
      // In a room the card has what that room said, and nothing else.
      part.update(store.room?.polls[id] ?? poll);
    }
  });
}
