/** One plan of rooms in the harvest: a table of rooms and rounds where there is room for it, else a list by round. */

import { assign, clear, h, keyed, one, setText } from "../../lib/dom.js";
import { originName, roomName } from "../../lib/rooms.js";
import { pick, t } from "../../lib/texts.js";
import { createNote, drawHandover, drawNote } from "./harvest-note.js";

/** @import { Stage } from "../../live/types.js" */
/** @import { Guiding } from "../../lib/record.js" */
/** @import { Cell, Fate, Line, Plan, Row } from "./harvest-model.js" */
/** @import { Acts } from "./harvest-note.js" */

/**
 * @typedef {object} View what all plans are drawn with
 * @property {Stage} stage
 * @property {readonly Guiding[]} questions the guiding questions as they are numbered now
 * @property {boolean} wide
 * @property {boolean} live whether the server is reached now
 * @property {(line: Line) => Fate} fate
 * @property {Acts & {show: (room: string, round: number|null) => void}} acts `show` puts notes on the screen, or takes them
 *   off when it is they that stand there; round null: of all rounds
 */

/** @param {HTMLElement} host @param {Plan} plan @param {View} view */
export function drawPlan(host, plan, view) {
  const shape = `${view.wide ? "table" : "list"} ${plan.rounds}`;
  if (host.dataset.shape !== shape) {
    host.dataset.shape = shape;
    clear(host, view.wide ? createTable(plan) : h("div", { class: "harvest-list" }));
  }
  if (view.wide) drawTable(host, plan, view);
  else drawList(one(".harvest-list", host), plan, view);
}

/** @param {Plan} plan */
function createTable(plan) {
  return h("div", { class: "harvest-frame", tabindex: 0, role: "group", "aria-label": t("rapporteur.rooms.caption") },
    h("table", { class: "harvest-table", style: { "--rounds": String(plan.rounds) } }, h("caption", { class: "visually-hidden" }, t("rapporteur.rooms.caption")),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, t("rapporteur.rooms.room")),
        ...plan.rows.length > 0 ? rounds(plan).map((round) => h("th", { scope: "col" }, t("rooms.round", { n: round }))) : [])),
      h("tbody")));
}

/** @param {HTMLElement} host @param {Plan} plan @param {View} view */
function drawTable(host, plan, view) {
  keyed(one("tbody", host), plan.rows, ({ id }) => id, (row) => h("tr", null,
    h("th", { scope: "row" }, h("span", { class: "harvest-name", dir: "auto" }), h("span", { class: "harvest-question", dir: "auto" }), showButton(row.id, null, view)),
    ...row.cells.map(({ round }) => h("td", null, createCell(row.id, round, view)))),
  (tr, row) => {
    setText(one(".harvest-name", tr), roomName(row));
    drawQuestion(one("th .harvest-question", tr), row.question, view);
    drawButton(one(":scope > th .harvest-show", tr), row, null, row.all, view);
    row.cells.forEach((cell, index) => drawCell(one(`:scope > td:nth-of-type(${index + 1}) .harvest-cell`, tr), cell, row, view));
  });
}

/** @param {HTMLElement} host @param {Plan} plan @param {View} view */
function drawList(host, plan, view) {
  const filled = rounds(plan).flatMap((round) => {
    const cells = plan.rows.flatMap((row) => {
      const cell = row.cells[round - 1];
      return cell && cell.notes.length + cell.handovers.length + cell.waiting > 0 ? [{ row, cell }] : [];
    });
    return cells.length > 0 ? [{ round, cells }] : [];
  });
  keyed(host, filled, ({ round }) => `${round}`, ({ round }) => h("section", { class: "harvest-round" }, h("h4", null, t("rooms.round", { n: round })), h("div", { class: "harvest-cells" })),
    (section, { round, cells }) => keyed(one(".harvest-cells", section), cells, ({ row }) => row.id, ({ row }) => h("section", { class: "harvest-room" },
      h("div", { class: "harvest-line" }, h("h5", { class: "harvest-name", dir: "auto" }), plan.rounds > 1 && showButton(row.id, null, view, "rapporteur.rooms.show_all")),
      h("p", { class: "harvest-question", dir: "auto" }), createCell(row.id, round, view)),
    (el, { row, cell }) => {
      setText(one(".harvest-name", el), roomName(row));
      drawQuestion(one(".harvest-question", el), cell.question, view);
      const all = /** @type {HTMLElement|null} */ (el.querySelector(".harvest-line .harvest-show"));
      if (all) drawButton(all, row, null, row.all, view, "rapporteur.rooms.show_all");
      drawCell(one(".harvest-cell", el), { ...cell, question: row.question ?? cell.question }, row, view);
    }));
}

/** @param {string} room @param {number} round @param {View} view */
function createCell(room, round, view) {
  return h("div", { class: "harvest-cell" },
    h("div", { class: "harvest-line" }, h("p", { class: "harvest-count" }), showButton(room, round, view)),
    h("p", { class: "harvest-question", dir: "auto" }),
    h("ol", { class: "plain harvest-notes" }), h("ul", { class: "plain harvest-handovers" }));
}

/** @param {HTMLElement} el @param {Cell} cell @param {Row} row @param {View} view */
function drawCell(el, cell, row, view) {
  const { notes, handovers, waiting } = cell;
  const nothing = notes.length + handovers.length + waiting === 0;
  const counted = `${notes.length} ${waiting} ${nothing}`;
  if (el.dataset.counted !== counted) {
    el.dataset.counted = counted;
    const said = [notes.length > 0 && t("rapporteur.rooms.count", { n: notes.length }), waiting > 0 && t("rapporteur.rooms.new", { n: waiting })];
    setText(one(".harvest-count", el), nothing ? "–" : said.filter(Boolean).join(" · "));
  }
  one(".harvest-line", el).hidden = notes.length + waiting + cell.all === 0 && !nothing;
  assign(el, { "data-new": waiting > 0 });
  drawQuestion(one(".harvest-question", el), cell.question === row.question || !view.wide ? null : cell.question, view);
  drawButton(one(".harvest-show", el), row, cell.round, cell.all, view);
  keyed(one(".harvest-notes", el), notes, ({ id }) => id, createNote,
    (note, line) => drawNote(note, line, { ...view, fate: view.fate(line), cell }, view.acts));
  keyed(one(".harvest-handovers", el), handovers, ({ id }) => id, () => h("li", { class: "harvest-handover" }), (item, handover) => drawHandover(item, handover, view.stage));
}

/** @param {HTMLElement} el @param {string|null} id @param {View} view */
function drawQuestion(el, id, { questions }) {
  const question = id === null ? undefined : questions.find((each) => each.id === id);
  el.hidden = !question;
  setText(el, question ? t("rapporteur.question", { n: question.number, text: pick(question.text) }) : "");
}

/** @param {string} room @param {number|null} round @param {View} view @param {string} [key] what it says */
function showButton(room, round, view, key = "rapporteur.rooms.show") {
  return h("button", { type: "button", class: "button quiet small harvest-show", onclick: () => view.acts.show(room, round) }, t(key));
}

/**
 * @param {HTMLElement} button
 * @param {Row} row
 * @param {number|null} round
 * @param {number} n notes that it would show
 * @param {View} view
 * @param {string} [key]
 */
function drawButton(button, row, round, n, view, key = "rapporteur.rooms.show") {
  const { shown } = view.stage.rooms;
  const there = shown?.room === row.id && (shown.round ?? null) === round;
  button.hidden = n === 0 && !there;
  const drawn = `${there} ${row.number} ${pick(row.name)}`;
  if (button.dataset.drawn === drawn) return;
  button.dataset.drawn = drawn;
  const what = round === null ? t("rapporteur.rooms.all_rounds", { room: roomName(row) }) : originName({ ...row, round });
  assign(button, { "aria-label": t(there ? "rapporteur.rooms.hide_what" : "rapporteur.rooms.show_what", { what }), "data-on": there });
  setText(button, t(there ? "rapporteur.rooms.hide" : key));
}

/** @param {Plan} plan @returns {number[]} */
function rounds(plan) {
  return Array.from({ length: plan.rounds }, (_, index) => index + 1);
}
