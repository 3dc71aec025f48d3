/** Times as people read them. All values are milliseconds; `timezone` is an IANA name. Nothing here reads a clock. */

/**
 * A countdown or a duration: `12:34`, `1:02:03`, and `-0:12` once the time is over.
 *
 * A countdown shows whole seconds rounded up, so that `0:00` means that the time is over.
 *
 * @param {number} ms
 * @returns {string}
 */
export function formatClock(ms) {
  const seconds = Math.ceil(ms / 1000);
  const size = Math.abs(seconds);
  const hours = Math.floor(size / 3600);
  const minutes = Math.floor((size % 3600) / 60);
  const rest = String(size % 60).padStart(2, "0");
  const text = hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
  return seconds < 0 ? `-${text}` : text;
}

/**
 * A countdown without its sign: `0:12` left, or `0:12` over, as the word beside it says.
 *
 * @param {number} ms
 * @returns {string}
 */
export function formatUnsigned(ms) {
  return formatClock(ms).replace("-", "");
}

/**
 * Time that has been spent, in whole seconds that are over: nobody has spoken for a second before it has passed.
 *
 * @param {number} ms
 * @returns {string}
 */
export function formatSpent(ms) {
  return formatClock(Math.floor(Math.max(0, ms) / 1000) * 1000);
}

/**
 * Time of day in a zone: `14:05`.
 *
 * @param {number} ms
 * @param {string} [timezone] the reader's own where left out
 * @param {string} [lang]
 * @returns {string}
 */
export function formatTime(ms, timezone, lang) {
  return new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: timezone }).format(ms);
}

/**
 * Day and time with the zone's name: `6 June 2026 at 14:05 CEST`. All pages show a date this way. English comes in the
 * order that people of most countries write, whatever the browser's region; what a region knows is the zone's name.
 *
 * @param {number} ms
 * @param {string} [timezone] the reader's own where left out
 * @param {string} [lang]
 * @returns {string}
 */
export function formatDay(ms, timezone, lang) {
  const english = lang?.split("-")[0] === "en";
  const names = english ? [lang, "en-GB", "en-US"] : [lang];
  const zone = names.map((one) => zoneIn(ms, timezone, one)).find((name) => !/\d/.test(name));
  const parts = dayFormat(english ? "en-GB" : lang, timezone).formatToParts(ms);
  return parts.map(({ type, value }) => (type === "timeZoneName" ? zone ?? value : value)).join("");
}

/** @param {number} ms @param {string|undefined} timezone @param {string|undefined} lang @returns {string} `CET`, or `GMT+3` */
function zoneIn(ms, timezone, lang) {
  return dayFormat(lang, timezone).formatToParts(ms).find(({ type }) => type === "timeZoneName")?.value ?? "";
}

/** @param {string|undefined} lang @param {string|undefined} timezone */
function dayFormat(lang, timezone) {
  return new Intl.DateTimeFormat(lang, {
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: timezone,
    timeZoneName: "short",
  });
}

/**
 * The reader's own time zone.
 *
 * @returns {string}
 */
export function ownTimezone() {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/**
 * What is left on the clock of the stage at server time `now`; negative once the time is over, null where no clock runs
 * for the question.
 *
 * @param {import("../live/types.js").Clock} clock
 * @param {number} now
 * @returns {number | null}
 */
export function clockLeft(clock, now) {
  if (clock.state === "running" && clock.ends != null) return clock.ends - now;
  if (clock.state === "paused") return clock.left ?? null;
  return clock.total > 0 ? clock.left ?? clock.total : null;
}

/**
 * What is left of a room's time: until it closes where it is closing, else on the clock of the round.
 *
 * @param {import("../live/types.js").Clock & {closing?: number | null}} clock
 * @param {number} now
 * @returns {number | null} never negative while it closes
 */
export function roomLeft(clock, now) {
  return clock.closing != null ? Math.max(0, clock.closing - now) : clockLeft(clock, now);
}
