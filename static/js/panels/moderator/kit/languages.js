/**
 * Words of the interface that become words of the session (the options of a quick poll, the reason for declining a
 * question): everybody reads them in their own language, so all languages of the session are sent.
 */

import { catalogueUrl } from "../../../lib/texts.js";

/** @typedef {import("../../../live/types.js").Text} Text */
/** @typedef {(lang: string) => Promise<Record<string, unknown>>} LoadCatalogue */

/** @type {Map<string, Promise<Record<string, unknown>>>} */
const loaded = new Map();

/**
 * The message with this key in every given language whose catalogue has it. A catalogue that cannot be fetched is left
 * out: readers of that language then see another one, which is better than no poll.
 * @param {string} key
 * @param {readonly string[]} languages
 * @param {LoadCatalogue} [load]
 * @returns {Promise<Text>}
 */
export async function inLanguages(key, languages, load = fetchOnce) {
  const found = await Promise.all(
    languages.map(async (lang) => {
      const catalogue = await load(lang).catch(() => /** @type {Record<string, unknown>} */ ({}));
      const message = catalogue[key];
      return typeof message === "string" ? [[lang, message]] : [];
    }),
  );
  return Object.fromEntries(found.flat());
}

/**
 * The languages whose words were left as they were proposed while another language got words of its own: they would ask
 * something else. Languages that were confirmed are none of them.
 * @param {Text} proposed
 * @param {Text} words as they are now
 * @param {ReadonlySet<string>} [confirmed]
 * @returns {string[]}
 */
export function leftBehind(proposed, words, confirmed = new Set()) {
  const own = Object.keys(words).some((lang) => words[lang] !== proposed[lang]);
  if (!own) return [];
  return Object.keys(proposed).filter((lang) => words[lang] === proposed[lang] && !confirmed.has(lang));
}

/** @type {LoadCatalogue} */
function fetchOnce(lang) {
  const known = loaded.get(lang);
  if (known) return known;
  const coming = fetch(catalogueUrl(lang)).then((answer) => (answer.ok ? answer.json() : {}));
  loaded.set(lang, coming);
  coming.catch(() => loaded.delete(lang));
  return coming;
}
