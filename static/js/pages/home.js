/** The start page: a code may be typed or pasted as it comes, with spaces, dashes, or as a whole join link. */

import { one } from "../lib/dom.js";

const field = /** @type {HTMLInputElement} */ (one("#code"));

field.addEventListener("paste", (event) => {
  const pasted = event.clipboardData?.getData("text") ?? "";
  const code = /\/j\/([A-Za-z0-9]+)/.exec(pasted)?.[1] ?? pasted;
  event.preventDefault();
  field.value = code.replace(/[^A-Za-z0-9]/g, "").slice(0, field.maxLength).toUpperCase();
});
