/**
 * What the importer understood of an agenda, then what it remarked: first what somebody has to decide, then what it left
 * out as no part of an agenda, folded, since a whole page of an event has much of that.
 */

import { clear, h, one, setText } from "../lib/dom.js";
import { isolate } from "../lib/isolate.js";
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
 * @property {string | null} [link] the address of the video rooms, with `{room}` in it
 */
/** @typedef {{line?: number | null, code?: string, message: string}} Remark */

/** Remarks that say no more than that something was left out. */
const LEFT_OUT = new Set(["list_item", "navigation", "prose"]);

/**
 * Show what was understood, or hide it: what cannot be read any more has nothing to do with it.
 *
 * @param {HTMLElement} root
 * @param {boolean} shown
 */
export function showSetup(root, shown) {
  one("#understood-none", root).hidden = true;
  one("#understood-card", root).hidden = !shown;
}

/** @param {HTMLElement} root @param {Setup} setup */
export function drawSetup(root, setup) {
  const { title, segments, languages = [], groups = [], starts, timezone = "UTC", link } = setup;
  showSetup(root, true);
  show(one("#understood-name", root), title);
  const questions = segments.flatMap((segment) => segment.questions ?? []);
  const total = questions.reduce((sum, { seconds = 0 }) => sum + seconds, 0);
  const names = new Intl.DisplayNames(lang(), { type: "language" });
  /** @type {[string, string][]} */
  const facts = [
    [t("new.fact.starts"), starts == null ? t("new.fact.open", { timezone }) : `${formatDay(starts, timezone, locale())} (${timezone})`],
    [t("new.fact.size"), `${t("new.fact.questions", { n: questions.length })}, ${lengthOf(total)}`],
    [t("new.fact.languages"), languages.map((code) => names.of(code) ?? code).join(", ")],
    [t("new.fact.groups"), groups.map(({ name }) => isolate(pick(name))).join(", ")],
    [t("new.fact.link"), link ?? ""],
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
        h("span", { class: "understood-minutes" }, lengthOf(seconds))))),
  );
}

/**
 * How long a question may take: `10 min`, `1 min 30 s`, `15 s`.
 *
 * @param {number} seconds 0 for no clock
 * @returns {string}
 */
export function lengthOf(seconds) {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  const parts = [minutes && t("new.fact.minutes", { n: minutes }), rest && t("new.fact.seconds", { n: rest })];
  return parts.filter(Boolean).join(" ") || t("new.fact.no_clock");
}

/**
 * Part what somebody has to decide from what was merely left out.
 *
 * @param {readonly Remark[]} remarks
 * @returns {{decide: Remark[], leftOut: Remark[]}}
 */
export function partRemarks(remarks) {
  const out = (/** @type {Remark} */ { code = "" }) => LEFT_OUT.has(code);
  return { decide: remarks.filter((remark) => !out(remark)), leftOut: remarks.filter(out) };
}

/**
 * List remarks, each with the line it is about.
 *
 * @param {HTMLElement} root holds the lists and their titles
 * @param {{decide: readonly Remark[], leftOut: readonly Remark[]}} remarks
 * @param {{wrong: boolean, go: (line: number) => void}} how `wrong` when the agenda could not be read
 */
export function drawRemarks(root, { decide, leftOut }, { wrong, go }) {
  const n = decide.length;
  one("#problems", root).hidden = !n && leftOut.length > 0;
  setText(one("#problems-title", root), n ? t(wrong ? "new.wrong" : "new.remarks", { n }) : t("new.fine"));
  clear(one("#problem-list", root), decide.map((remark) => remarkOf(remark, wrong ? "remark wrong" : "remark", go)));
  one("#left-out", root).hidden = !leftOut.length;
  setText(one("#left-out-title", root), t("new.left_out", { n: leftOut.length }));
  clear(one("#left-out-list", root), leftOut.map((remark) => remarkOf(remark, "remark plain", go)));
}

/** @param {Remark} remark @param {string} look @param {(line: number) => void} go */
function remarkOf({ line, message }, look, go) {
  return h("li", { class: look },
    line == null
      ? h("span", { class: "muted small-text" }, t("new.whole"))
      : h("button", { type: "button", class: "button quiet small", onclick: () => go(line) }, t("new.line", { line })),
    h("span", { dir: "auto" }, message));
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
