/**
 * In which zone the page says times: the session's, as the report and the rapporteur's page do. Pure.
 */
import { formatTime } from "../../../lib/time.js";
import { isolate } from "../../../lib/isolate.js";

/**
 * Whether a clock on the reader's wall differs now from the session's.
 * @param {number} now ms
 * @param {string} zone of the session, an IANA name
 * @param {string} [own] the reader's; the browser's where left out
 */
export function elsewhere(now, zone, own) {
  return formatTime(now, zone, "en") !== formatTime(now, own, "en");
}

/**
 * The zone as people read it: `Africa/Nairobi (GMT+3)`.
 * @param {number} now ms
 * @param {string} zone
 * @param {string} lang
 */
export function zoneName(now, zone, lang) {
  const parts = new Intl.DateTimeFormat(lang, { timeZone: zone, timeZoneName: "short" }).formatToParts(now);
  const short = parts.find(({ type }) => type === "timeZoneName")?.value;
  const name = zone.replaceAll("_", " ");
  return isolate(short && short !== name ? `${name} (${short})` : name);
}
