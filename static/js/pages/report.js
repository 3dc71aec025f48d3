/** The page of the report: it prints, and says when the record has moved on since the report was made. */

import { byId } from "../lib/dom.js";
import { loadTexts, readTexts } from "../lib/texts.js";
import { openSession, readBoot } from "../live/session.js";
import { mountConnection } from "../panels/connection.js";

const boot = readBoot();
await loadTexts(document.documentElement.lang);
readTexts(boot.language, boot.docs.stage?.session.languages ?? []);
const session = openSession(boot, { as: boot.role });
mountConnection(session);

const print = byId("print");
print.hidden = false;
print.addEventListener("click", () => window.print());

// The first welcome may bring the same record once more; only what differs from the page makes the report old.
const made = fingerprint(boot.docs.record);
session.store.on("record", (record) => {
  byId("newer").hidden = fingerprint(record) === made;
});

/**
 * The same text for the same content: whatever the order of the keys, and with null meaning absent, as in a merge patch.
 *
 * @param {unknown} value
 * @returns {string}
 */
function fingerprint(value) {
  return JSON.stringify(value, (_, inner) => {
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner ?? undefined;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  }) ?? "";
}
