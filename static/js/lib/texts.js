/**
 * The words of the interface (catalogues shared with the server) and the texts of a session.
 *
 * One reader per page, so the chosen languages are state of this module, set once by `loadTexts` and `readTexts`.
 */

/** @import { Refusal } from "../live/types.js" */
/** @typedef {Record<string, string>} Text a text that people read, per language */
/** @typedef {Record<string, string | Record<string, string>>} Catalogue */

/** @type {Catalogue} */
let catalogue = {};
let language = "en";
/** @type {string[]} languages to try for a text of the session, the reader's first */
let reading = ["en"];

/**
 * Where the catalogue of a language lies: beside this module, under the same versioned address. A page says with
 * `data-words` which part of it its script needs.
 *
 * @param {string} lang
 * @param {string} [page] or the name of a part that is loaded later
 * @returns {URL}
 */
export function catalogueUrl(lang, page = globalThis.document?.documentElement.dataset.words) {
  return new URL(`../../locales/${page ? `${page}/` : ""}${lang}.json`, import.meta.url);
}

/**
 * Fetch the words that this page needs in a language.
 *
 * @param {string} lang as the page's `lang` says; a session may be held in other languages, see `readTexts`
 * @param {(url: URL) => Promise<Catalogue>} [fetchJson]
 * @returns {Promise<void>}
 */
export async function loadTexts(lang, fetchJson = getJson) {
  catalogue = await fetchJson(catalogueUrl(lang));
  language = lang;
  reading = [lang];
}

/**
 * Fetch also the words of a part of the page that was not there from the start.
 *
 * @param {string} part
 * @param {(url: URL) => Promise<Catalogue>} [fetchJson]
 * @returns {Promise<void>}
 */
export async function addTexts(part, fetchJson = getJson) {
  catalogue = { ...catalogue, ...(await fetchJson(catalogueUrl(language, part))) };
}

/** @param {URL} url @returns {Promise<Catalogue>} */
function getJson(url) {
  return insist(url, (answer) => answer.json());
}

/**
 * Fetch what a page can do nothing without, its words for one: on a bad link it asks until it has it.
 *
 * @template T
 * @param {URL} url
 * @param {(answer: Response) => Promise<T>} read
 * @returns {Promise<T>}
 */
export async function insist(url, read) {
  for (let wait = 1_000; ; wait = Math.min(2 * wait, 15_000)) {
    try {
      const answer = await fetch(url);
      if (answer.ok) return await read(answer);
    } catch {
      // No network, or it went away in the middle.
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/**
 * Choose in which languages texts of the session are read: the reader's, then the session's in their order.
 *
 * @param {string} own
 * @param {readonly string[]} ofSession
 */
export function readTexts(own, ofSession) {
  reading = [own, own.split("-")[0] ?? own, ...ofSession];
}

/** The language of the interface. @returns {string} */
export function lang() {
  return language;
}

/**
 * How this reader writes dates: the interface's language as the browser's region has it (`en-GB`, `fr-CA`).
 *
 * @returns {string}
 */
export function locale() {
  const own = globalThis.navigator?.languages ?? [];
  return own.find((tag) => tag.split("-")[0] === language) ?? language;
}

/** The language in which this reader wants the session's texts. @returns {string} */
export function readingLanguage() {
  return reading[0] ?? language;
}

/**
 * The message with this key. `{name}` is replaced by `vars.name`, numbers in the reader's writing; a message with plural
 * forms is chosen by `vars.n`. An unknown key gives the key, so that a hole is seen and nothing breaks.
 *
 * @param {string} key
 * @param {Record<string, string | number>} [vars]
 * @returns {string}
 */
export function t(key, vars = {}) {
  const entry = catalogue[key];
  if (entry === undefined) return key;
  const pattern = typeof entry === "string" ? entry : plural(entry, Number(vars.n ?? 0));
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = vars[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? formatNumber(value) : value;
  });
}

/** Whether the catalogue has this key. @param {string} key @returns {boolean} */
export function has(key) {
  return catalogue[key] !== undefined;
}

/** @param {Record<string, string>} forms @param {number} n @returns {string} */
function plural(forms, n) {
  return forms[new Intl.PluralRules(language).select(n)] ?? forms.other ?? "";
}

/**
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [options]
 * @returns {string}
 */
export function formatNumber(value, options) {
  return new Intl.NumberFormat(language, options).format(value);
}

/**
 * The text in the reader's language, else in the session's first, else in any; empty where there is none.
 *
 * @param {Text | null | undefined} text
 * @returns {string}
 */
export function pick(text) {
  return pickWithLanguage(text).text;
}

/**
 * @param {Text | null | undefined} text
 * @returns {{text: string, lang: string | null}}
 */
export function pickWithLanguage(text) {
  if (!text) return { text: "", lang: null };
  for (const code of [...reading, ...Object.keys(text)]) {
    const found = text[code];
    if (found) return { text: found, lang: code };
  }
  return { text: "", lang: null };
}

/**
 * Show a text of the session in an element, with its language and its own direction of writing.
 *
 * @param {HTMLElement} el
 * @param {Text | null | undefined} text
 */
export function show(el, text) {
  const chosen = pickWithLanguage(text);
  if (el.textContent !== chosen.text) el.textContent = chosen.text;
  if (chosen.lang && el.lang !== chosen.lang) el.lang = chosen.lang;
  if (el.dir !== "auto") el.dir = "auto";
}

/**
 * A refusal or a failure in words. A code without words of its own falls back to the server's message.
 *
 * @param {unknown} error what `session.send` rejected with
 * @returns {string}
 */
export function refusal(error) {
  const { code, message, fields = {} } = /** @type {Partial<Refusal>} */ (error ?? {});
  if (code?.startsWith("stopped.")) return t("common.not_sent");
  if (code && has(`refusal.${code}`)) return t(`refusal.${code}`, /** @type {Record<string, string | number>} */ (fields));
  return message || t("common.failed");
}
