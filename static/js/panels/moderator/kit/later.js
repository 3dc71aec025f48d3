/**
 * A part of the page that is fetched when somebody first wants it: its words, its sheets and its modules.
 *
 * A module that did not come is not asked for again by the browser. So all files are brought into its cache first, as often
 * as it takes; the import then finds them there.
 */
import { addTexts, insist } from "../../../lib/texts.js";

/**
 * @template T
 * @param {string} part its words are called so
 * @param {readonly string[]} sheets
 * @param {readonly string[]} modules paths below the static files, as the page names them
 * @param {() => Promise<T>} load imports the module
 * @returns {Promise<T>}
 */
export async function bring(part, sheets, modules, load) {
  const cached = (/** @type {URL} */ url) => insist(url, (answer) => answer.blob());
  await Promise.all([
    addTexts(part),
    ...sheets.map(async (name) => {
      const url = new URL(`../../../../css/${name}.css`, import.meta.url);
      await cached(url);
      await addSheet(url);
    }),
    ...modules.map((path) => cached(new URL(`../../../../${path}`, import.meta.url))),
  ]);
  return load();
}

/** @param {URL} url @returns {Promise<unknown>} when it is applied */
function addSheet({ href }) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  const applied = new Promise((resolve) => link.addEventListener("load", resolve));
  document.head.append(link);
  return applied;
}
