/**
 * The results of a poll: horizontal bars with value and share at their end, and the same as a table behind a toggle (for
 * a screen reader always). The report draws the same with the same classes.
 */

import { assign, h, keyed, one, setText, svg } from "../lib/dom.js";
import { mark } from "../lib/marks.js";
import { formatNumber, pick, show, t } from "../lib/texts.js";

/** @import { Poll } from "../live/types.js" */
/** @typedef {{id: string, index: number, count: number, share: number}} Row */

/**
 * A figure that shows a poll's results; hidden while there are none.
 *
 * @param {{toggle?: boolean}} [options] without `toggle` (a screen in a hall) the table is only for screen readers
 * @returns {{el: HTMLElement, update: (poll: Poll) => void}}
 */
export function results({ toggle = true } = {}) {
  const bars = h("ol", { class: "results-bars", "aria-hidden": "true" });
  const base = h("p", { class: "results-base muted" });
  const body = h("tbody");
  const caption = h("caption", { class: "visually-hidden" });
  const table = h("table", { class: "results-table" }, caption,
    h("thead", null, h("tr", null,
      h("th", { scope: "col" }, t("results.option")),
      h("th", { scope: "col", class: "number" }, t("results.count")),
      h("th", { scope: "col", class: "number" }, t("results.share")),
    )),
    body,
  );
  // A table cannot be made small enough to hide; what is around it can.
  const data = h("div", { class: "results-data visually-hidden" }, table);
  const button = h("button", { class: "button quiet small results-toggle", type: "button", "aria-expanded": "false" });
  button.addEventListener("click", () => setTable(button.getAttribute("aria-expanded") !== "true"));
  const el = h("figure", { class: "results", hidden: true }, bars, base, toggle && button, data);

  /** @param {boolean} shown */
  function setTable(shown) {
    assign(button, { "aria-expanded": String(shown) });
    setText(button, t(shown ? "results.hide_table" : "results.show_table"));
    data.classList.toggle("visually-hidden", !shown);
  }
  setTable(false);

  /** @param {Poll} poll */
  function update(poll) {
    el.hidden = !poll.results;
    if (!poll.results) return;
    const rows = rowsOf(poll);
    show(caption, poll.prompt);
    keyed(bars, rows, (row) => row.id, (row) => createBar(row, poll), (bar, row) => updateBar(bar, row, poll));
    keyed(body, rows, (row) => row.id, createLine, (line, row) => updateLine(line, row, poll));
    setText(base, baseOf(poll));
  }
  return { el, update };
}

/**
 * Counts in the order of the options, with each option's share of the ballots (so the shares of a poll with several
 * choices may add up to more than one).
 *
 * @param {Poll} poll
 * @returns {Row[]}
 */
export function rowsOf(poll) {
  const { counts = {}, ballots = 0 } = poll.results ?? {};
  return poll.order.map((id, index) => {
    const count = counts[id] ?? 0;
    return { id, index, count, share: ballots > 0 ? count / ballots : 0 };
  });
}

/** @param {number} share @returns {string} */
export function formatShare(share) {
  return formatNumber(share, { style: "percent", maximumFractionDigits: 0 });
}

/** @param {Poll} poll @returns {string} how many took part and, for a scale, where the middle lies */
function baseOf(poll) {
  const { ballots = 0, mean = null, median = null } = poll.results ?? {};
  const parts = [t("results.ballots", { n: ballots })];
  if (mean !== null) parts.push(t("results.mean", { value: formatNumber(mean, { maximumFractionDigits: 2 }) }));
  if (median !== null) parts.push(t("results.median", { value: formatNumber(median, { maximumFractionDigits: 1 }) }));
  if (poll.kind === "multiple") parts.push(t("results.several"));
  return parts.join(" · ");
}

/** A bar without words and figures yet. @param {Row} row @param {Poll} poll */
export function createBar(row, poll) {
  return h("li", { class: "results-row" },
    poll.kind === "scale" ? mark(0, row.id) : mark(row.index),
    h("span", { class: "results-label" }),
    svg("svg", { class: "results-bar", "aria-hidden": "true" },
      svg("rect", { class: "results-track", width: "100%", height: "100%", rx: 4 }),
      svg("rect", { class: "results-fill", width: "0%", height: "100%", rx: 4 })),
    h("span", { class: "results-value" }),
  );
}

/** @param {HTMLElement} bar @param {Row} row @param {Poll} poll */
function updateBar(bar, row, poll) {
  show(one(".results-label", bar), poll.kind === "scale" ? endOf(row, poll) : poll.options[row.id]);
  fillBar(bar, row);
}

/** @param {HTMLElement} bar @param {Row} row */
export function fillBar(bar, row) {
  assign(one(".results-fill", bar), { width: `${(row.share * 100).toFixed(2)}%` });
  setText(one(".results-value", bar), `${formatNumber(row.count)} · ${formatShare(row.share)}`);
}

function createLine() {
  return h("tr", null,
    h("th", { scope: "row" }),
    h("td", { class: "number results-count" }),
    h("td", { class: "number results-share" }));
}

/** @param {HTMLElement} line @param {Row} row @param {Poll} poll */
function updateLine(line, row, poll) {
  const name = one("th", line);
  if (poll.kind === "scale") setText(name, [row.id, pick(endOf(row, poll))].filter(Boolean).join(" · "));
  else show(name, poll.options[row.id]);
  setText(one(".results-count", line), formatNumber(row.count));
  setText(one(".results-share", line), formatShare(row.share));
}

/** What stands at the ends of a scale. @param {Row} row @param {Poll} poll */
function endOf(row, poll) {
  if (row.index === 0) return poll.low;
  return row.index === poll.order.length - 1 ? poll.high : null;
}
