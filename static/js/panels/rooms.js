/**
 * Breakout rooms, from the moment there are any: what a page needs for them is fetched then, not with the page.
 *
 * A module that did not come is not asked for again by the browser. So all files are brought into its cache first, as often
 * as it takes; the import then finds them there.
 */

import { byId, setText } from "../lib/dom.js";
import { addTexts, insist, t } from "../lib/texts.js";

/** @import { Session } from "../live/session.js" */
/** @import { Command, Refusal } from "../live/types.js" */
/** @typedef {{command: Command, reason: Refusal}} Refused */
/** @typedef {{refused: Refused[], notes: string, storage: Storage | null}} Kept what was refused before the part was there, and
 *    where in which storage the words lie that somebody began in a room */

/** The part of the page: its module and its words are called so. */
const PART = "participant-rooms";
const SHEETS = ["kinds", "results-rooms", PART];

/**
 * @param {HTMLElement} root the page's main element; `data-later` names the modules to bring
 * @param {Session} session
 * @param {() => Promise<{mountRooms: (root: HTMLElement, session: Session, kept: Kept) => void}>} load imports the module
 */
export function mountRooms(root, session, load) {
  const { store, boot } = session;
  const storage = tabStorage();
  const notes = `baraza:${boot.session}:${boot.person}:room-notes`;
  const stop = store.watch(["stage", "me"], () => {
    const { rooms, polls = {} } = store.docs.stage ?? {};
    const byRoom = Object.values(polls).some(({ results }) => results?.rooms);
    if (rooms?.open || rooms?.shown || byRoom || store.docs.me?.room != null || storage?.getItem(notes)) queueMicrotask(begin);
  });
  // Who is moved reads the plenary until the part is there; whose page came with a room sees that room.
  const coming = byId("rooms-coming");
  const hush = store.watch(["me"], () => {
    const due = store.docs.me?.room != null && root.dataset.place !== "room";
    setText(coming, due ? t("participant.rooms.coming") : "");
  });
  // A note of before a reload may be refused when the rooms are over: its words must not be lost with them.
  /** @type {Refused[]} */
  const refused = [];
  const deaf = session.onRefused((command, reason) => {
    if (!command.do.startsWith("note.") && command.do !== "room.handover") return;
    refused.push({ command, reason });
    begin();
  });
  let begun = false;

  function begin() {
    if (begun) return;
    begun = true;
    stop();
    const sheets = SHEETS.map((name) => new URL(`../../css/${name}.css`, import.meta.url));
    const modules = (root.dataset.later ?? "").split(" ").map((path) => new URL(`../../${path}`, import.meta.url));
    void Promise.all([
      addTexts(PART),
      ...sheets.map((url) => insist(url, (answer) => answer.blob()).then(() => addSheet(url))),
      ...modules.map((url) => insist(url, (answer) => answer.blob())),
    ]).then(load).then((part) => {
      deaf();
      part.mountRooms(root, session, { refused, notes, storage });
      hush();
      setText(coming, "");
    });
  }
}

/** @param {URL} url @returns {Promise<unknown>} when it is applied; the first view of somebody in a room has it already */
function addSheet(url) {
  if (document.querySelector(`link[href="${url.pathname}"]`)) return Promise.resolve();
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = url.href;
  const applied = new Promise((resolve) => link.addEventListener("load", resolve));
  document.head.append(link);
  return applied;
}

/** @returns {Storage | null} */
function tabStorage() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
