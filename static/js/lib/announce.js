/** Words for people who hear the page instead of seeing it, through the page's one polite live region. */

import { byId } from "./dom.js";

const LASTS = 10_000;

/**
 * Say something once. Several announcements in a short time are kept apart, so that none replaces another unheard.
 *
 * @param {string} text
 */
export function announce(text) {
  const line = document.createElement("p");
  line.textContent = text;
  byId("live").append(line);
  setTimeout(() => line.remove(), LASTS);
}
