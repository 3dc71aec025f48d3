/**
 * Another language: the page comes anew in it. The person's choice is told to the session too; should the page go
 * before that is sent, the outbox sends it from the next.
 */

import { one } from "../lib/dom.js";

/** @import { Session } from "../live/session.js" */

/** @param {Session} session */
export function mountLanguage(session) {
  const menu = document.querySelector(".menu-list");
  menu?.addEventListener("click", (event) => {
    const link = /** @type {HTMLElement} */ (event.target).closest("a");
    const language = link?.hreflang;
    const offered = session.store.docs.stage?.session.languages ?? [];
    // The page leaves: what becomes of the command is the next page's business.
    if (language && offered.includes(language)) session.send("person.language", { language }).catch(() => {});
  });
  document.addEventListener("click", (event) => {
    const open = document.querySelector(".menu[open]");
    if (open && !open.contains(/** @type {Node} */ (event.target))) open.removeAttribute("open");
  });
  document.addEventListener("keydown", (event) => {
    const open = document.querySelector(".menu[open]");
    if (event.key !== "Escape" || !open) return;
    open.removeAttribute("open");
    one("summary", open).focus();
  });
}
