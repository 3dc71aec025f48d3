/**
 * What each breakout room said to a poll that all were asked side by side: bars room by room, and the same as a table. An
 * option stands as its letter, which the bars of all rooms together explain.
 */

import { h, keyed, one, setText } from "../lib/dom.js";
import { letter } from "../lib/marks.js";
import { roomName } from "../lib/rooms.js";
import { formatNumber, show, t } from "../lib/texts.js";
import { createBar, fillBar, rowsOf } from "./results.js";

/** @import { Poll, RoomResults, Text } from "../live/types.js" */
/** @typedef {{id: string, room: RoomResults, poll: Poll}} Asked a room, with the poll as that room answered it */

/**
 * The rooms that a poll was put to, in the order of their numbers.
 *
 * @param {Poll} poll
 * @returns {Asked[]}
 */
export function askedRooms(poll) {
  return Object.entries(poll.results?.rooms ?? {})
    .map(([id, room]) => ({ id, room, poll: { ...poll, results: room } }))
    .sort((a, b) => a.room.number - b.room.number);
}

/**
 * A part of a poll's figure; hidden where there is nothing by room.
 *
 * @returns {{el: HTMLElement, update: (poll: Poll) => void}}
 */
export function resultsByRoom() {
  const list = h("ol", { class: "plain results-rooms", "aria-hidden": "true" });
  const caption = h("caption", { class: "visually-hidden" });
  // Wider than a phone where there are many options: then it is the table that scrolls, not the page.
  const head = h("tr");
  const body = h("tbody");
  const scroll = h("div", { class: "results-scroll", role: "group", tabindex: 0, "aria-label": t("results.rooms.table") },
    h("table", { class: "results-table" }, caption, h("thead", null, head), body));
  const el = h("details", { class: "fold results-by-room", hidden: true }, h("summary", null, t("results.rooms")), list,
    h("details", { class: "fold" }, h("summary", null, t("results.show_table")), scroll));

  /** @param {Poll} poll */
  function update(poll) {
    const rooms = askedRooms(poll);
    el.hidden = !rooms.length;
    if (el.hidden) return;
    show(caption, poll.prompt);
    keyed(head, columnsOf(poll), ({ key }) => key, createColumn, updateColumn);
    keyed(list, rooms, ({ id }) => id, createRoom, updateRoom);
    keyed(body, rooms, ({ id }) => id, () => h("tr", null, h("th", { scope: "row", dir: "auto" })), updateLine);
  }
  return { el, update };
}

function createRoom() {
  return h("li", null,
    h("p", { class: "row apart" }, h("span", { class: "results-room", dir: "auto" }), h("span", { class: "muted small-text" })),
    h("ol", { class: "results-bars" }));
}

/** @param {HTMLElement} item @param {Asked} asked */
function updateRoom(item, { room, poll }) {
  setText(one(".results-room", item), roomName(room));
  setText(one(".muted", item), t("results.ballots", { n: room.ballots }));
  keyed(one(".results-bars", item), rowsOf(poll), ({ id }) => id, (row) => createBar(row, poll), fillBar);
}

/** @param {HTMLElement} line @param {Asked} asked */
function updateLine(line, { room, poll }) {
  const figures = [...rowsOf(poll).map(({ count }) => count), room.ballots];
  setText(one("th", line), roomName(room));
  while (line.children.length <= figures.length) line.append(h("td", { class: "number" }));
  figures.forEach((figure, index) => setText(/** @type {Element} */ (line.children[index + 1]), formatNumber(figure)));
}

/** @typedef {{key: string, head: string, words?: Text}} Column `words` is what the letter in its head stands for */

/** @param {Poll} poll @returns {Column[]} */
function columnsOf(poll) {
  const options = poll.order.map((id, index) => ({ key: `of ${id}`, head: poll.kind === "scale" ? id : letter(index), words: poll.options[id] }));
  return [{ key: "room", head: t("results.rooms.room") }, ...options, { key: "count", head: t("results.count") }];
}

/** @param {Column} column */
function createColumn({ key }) {
  return h("th", { scope: "col", class: key === "room" ? "" : "number" }, h("span"), " ", h("span", { class: "visually-hidden" }));
}

/** @param {HTMLElement} cell @param {Column} column */
function updateColumn(cell, { head, words }) {
  setText(one("span", cell), head);
  show(one(".visually-hidden", cell), words);
}
