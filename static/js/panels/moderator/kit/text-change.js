/** What became of a text in a form that can also take it away. Pure. */

/** @typedef {import("../../../live/types.js").Text} Text */

/**
 * @param {Text | null | undefined} before
 * @param {Text} now the languages that say something
 * @returns {Text | null | undefined} undefined where nothing changed, null where nothing is left
 */
export function changeOf(before, now) {
  const old = before ?? {};
  const languages = Object.keys(now);
  const same = languages.length === Object.keys(old).length && languages.every((code) => now[code] === old[code]);
  if (same) return undefined;
  return languages.length ? now : null;
}
