/**
 * Moving one person to another room: the dialog that lists the rooms, and the command with its way back.
 */
import { h } from "../../lib/dom.js";
import { isolate } from "../../lib/isolate.js";
import { roomName } from "../../lib/rooms.js";
import { t } from "../../lib/texts.js";
import { confirmDialog, openDialog } from "../../lib/dialog.js";
import { seatMap, seatsIn } from "./kit/rooms-model.js";
import { newId } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("./kit/tools.js").Step} Step */

/** What the dialog returns for "no seat". */
const NOWHERE = "-";

/**
 * Ask where somebody should go, and bring them there.
 * @param {Tools} tools
 * @param {string} plan
 * @param {string} person
 * @param {number} round
 * @param {HTMLElement} control where a refusal is said
 */
export async function openMove(tools, plan, person, round, control) {
  const found = tools.desk.rooms?.[plan];
  if (!found) return;
  const from = seatMap(found, round).get(person) ?? null;
  const title = h(
    "h2",
    { class: "dialog-title", id: newId("move") },
    t("moderator.rooms.move.title", { name: isolate(nameOf(tools, person)) }),
  );
  const choice = (
    /** @type {string} */ value,
    /** @type {string} */ label,
    /** @type {string} */ facts,
    /** @type {boolean} */ current,
  ) =>
    h(
      "li",
      null,
      h(
        "button",
        {
          class: "button block move-to",
          value,
          "aria-disabled": current ? "true" : undefined,
          onclick: (/** @type {Event} */ event) => current && event.preventDefault(),
        },
        h("span", { dir: "auto" }, label),
        h("span", { class: "small-text muted" }, current ? t("moderator.rooms.move.here") : facts),
      ),
    );
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": title.id },
    h(
      "form",
      { method: "dialog", class: "stack" },
      title,
      found.rounds > 1 && h("p", { class: "hint" }, t("moderator.rooms.move.round", { n: round, all: found.rounds })),
      h(
        "ul",
        { class: "plain move-list" },
        found.order.map((room) =>
          choice(
            room,
            roomName(found.rooms[room]),
            t("moderator.rooms.people", { n: seatsIn(found, room, round).length }),
            room === from,
          ),
        ),
        choice(NOWHERE, t("moderator.rooms.move.nowhere"), "", from === null),
      ),
      h("div", { class: "actions" }, h("button", { class: "button", value: "" }, t("common.cancel"))),
    ),
  );
  document.body.append(dialog);
  const answer = await openDialog(dialog);
  dialog.remove();
  if (answer) await movePerson(tools, plan, person, answer === NOWHERE ? null : answer, round, control);
}

/**
 * Bring somebody to a room in one round. Who is taken away from the table that they host does not host it any more, so that is asked.
 * @param {Tools} tools
 * @param {string} plan
 * @param {string} person
 * @param {string | null} room null: no seat
 * @param {number} round
 * @param {HTMLElement} control where a refusal is said
 */
export async function movePerson(tools, plan, person, room, round, control) {
  const found = tools.desk.rooms?.[plan];
  if (!found) return;
  const from = seatMap(found, round).get(person) ?? null;
  if (from === room) return;
  const name = isolate(nameOf(tools, person));
  const hosted = found.order.find((id) => found.rooms[id]?.host === person);
  if (hosted !== undefined && hosted !== room) {
    const at = roomName(found.rooms[hosted]);
    const sure = await confirmDialog({
      title: t("moderator.rooms.move.host.title", { name, room: at }),
      body: t("moderator.rooms.move.host.body"),
      confirm: t("moderator.rooms.move.confirm"),
    });
    if (!sure) return;
  }
  /** @type {Step[]} */
  const undo = [["rooms.assign", { person, room: from, round, plan }]];
  if (hosted !== undefined && hosted !== room) undo.push(["rooms.edit", { room: hosted, host: person }]);
  const said =
    room === null
      ? t("moderator.rooms.moved.nowhere", { name })
      : t("moderator.rooms.moved", { name, room: roomName(found.rooms[room]) });
  await tools.act(control, "rooms.assign", { person, room, round, plan }, { said, undo });
}

/** @param {Tools} tools @param {string} person */
function nameOf(tools, person) {
  return tools.desk.people[person]?.name ?? person;
}
