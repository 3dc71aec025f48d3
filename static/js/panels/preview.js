/** What the importer understood of an agenda, and what it remarked. */

import { clear, h, one, setText } from "../lib/dom.js";
import { lang, locale, pick, show, t } from "../lib/texts.js";
import { formatDay } from "../lib/time.js";

/** @import { Text } from "../live/types.js" */
/**
 * @typedef {object} Setup
 * @property {Text} title
 * @property {{title: Text, questions?: {text: Text, seconds?: number}[]}[]} segments
 * @property {string[]} [languages]
 * @property {{id: string, name: Text}[]} [groups]
 * @property {number | null} [starts]
 * @property {string} [timezone]
 */
/** @typedef {{line?: number | null, message: string}} Remark */

/** @param {HTMLElement} root @param {Setup} setup */
export function drawSetup(root, setup) {
  const { title, segments, languages = [], groups = [], starts, timezone = "UTC" } = setup;
  one("#understood-none", root).hidden = true;
  one("#understood-card", root).hidden = false;
  show(one("#understood-name", root), title);
  const questions = segments.flatMap((segment) => segment.questions ?? []);
  const minutes = Math.round(questions.reduce((sum, { seconds = 0 }) => sum + seconds, 0) / 60);
  const names = new Intl.DisplayNames(lang(), { type: "language" });
  /** @type {[string, string][]} */
  const facts = [
    [t("new.fact.starts"), starts == null ? t("new.fact.open", { timezone }) : `${formatDay(starts, timezone, locale())} (${timezone})`],
    [t("new.fact.size"), `${t("new.fact.questions", { n: questions.length })}, ${t("new.fact.minutes", { n: minutes })}`],
    [t("new.fact.languages"), languages.map((code) => names.of(code) ?? code).join(", ")],
    [t("new.fact.groups"), groups.map(({ name }) => pick(name)).join(", ")],
  ];
  clear(one("#understood-facts", root), facts.filter(([, value]) => value).flatMap(([name, value]) => [h("dt", null, name), h("dd", { dir: "auto" }, value)]));
  clear(one("#understood-segments", root), segments.map(segmentOf));
}

/** @param {Setup["segments"][number]} segment */
function segmentOf({ title, questions = [] }) {
  return h("li", null,
    h("h4", { dir: "auto" }, pick(title)),
    h("ol", { class: "plain" }, questions.map(({ text, seconds = 0 }) =>
      h("li", { class: "understood-question" },
        h("span", { dir: "auto" }, pick(text)),
        h("span", { class: "understood-minutes" }, seconds ? t("new.fact.minutes", { n: Math.round(seconds / 60) }) : t("new.fact.no_clock"))))),
  );
}

/**
 * List remarks, each with the line it is about.
 *
 * @param {HTMLElement} root
 * @param {readonly Remark[]} remarks
 * @param {{wrong: boolean, go: (line: number) => void}} how `wrong` when the agenda could not be read
 */
export function drawRemarks(root, remarks, { wrong, go }) {
  root.hidden = false;
  const n = remarks.length;
  setText(one("#problems-title", root), n ? t(wrong ? "new.wrong" : "new.remarks", { n }) : t("new.fine"));
  clear(one("#problem-list", root), remarks.map(({ line, message }) =>
    h("li", { class: wrong ? "remark wrong" : "remark" },
      line == null
        ? h("span", { class: "muted small-text" }, t("new.whole"))
        : h("button", { type: "button", class: "button quiet small", onclick: () => go(line) }, t("new.line", { line })),
      h("span", { dir: "auto" }, message)),
  ));
}

/**
 * The `fields` of a refusal as remarks: their places are `line 3`, a path, or `agenda`.
 *
 * @param {Record<string, unknown>} fields
 * @returns {Remark[]}
 */
export function remarksOf(fields) {
  return Object.entries(fields).map(([place, message]) => {
    const line = /^line (\d+)/.exec(place)?.[1];
    const path = line === undefined && place !== "agenda" ? `${place}: ` : "";
    return { line: line === undefined ? null : Number(line), message: `${path}${String(message)}` };
  });
}
