/**
 * The note sheet of a room: write a note, see those of this round, change and drop one's own (a host: all).
 *
 * What is written is shown at once, as on its way or kept while there is no network. It names its room and round, so that it
 * arrives there also where people have moved meanwhile. A note that is begun stays with the stay in which it was begun: whoever
 * is moved finds an empty sheet, and the words offered beside it.
 */

import { announce } from "../../lib/announce.js";
import { h, keyed, one, setText } from "../../lib/dom.js";
import { roomName } from "../../lib/rooms.js";
import { refusal, t } from "../../lib/texts.js";
import { toast } from "../../lib/toast.js";
import { noteForm } from "./form.js";
import { handsOver, sheetRows, stayOf } from "./model.js";
import { noteItem } from "./note.js";

/** @import { Session } from "../../live/session.js" */
/** @import { Command, NoteKind, Refusal, Room } from "../../live/types.js" */
/** @import { BegunNotes } from "./begun.js" */
/** @import { Row, Sent } from "./model.js" */

/**
 * @param {{sheet: HTMLElement, offers: HTMLElement}} places what is offered is seen in the plenary too
 * @param {Session} session
 * @param {BegunNotes} begun
 * @returns {(command: Command, reason: Refusal) => void} offers again the words of a command that was refused
 */
export function mountSheet({ sheet, offers: place }, session, begun) {
  const { store, boot } = session;
  /** Notes that the server took and the document may not show yet. @type {Sent[]} */
  let sent = [];
  let stay = "";
  /** Where one is, in words: they outlive the stay. */
  let where = "";
  /** @type {NoteKind | null} the kind of the last note: the next one is often of the same */
  let lastKind = null;
  /** @type {WeakMap<HTMLElement, (row: Row) => void>} */
  const items = new WeakMap();

  const pad = noteForm("room-pad", { label: t("participant.room.note.text"), send: t("participant.room.note.send"), onInput: keep, onSend: write });
  const title = h("h3", { id: "room-notes-title" });
  const none = h("p", { class: "muted" }, t("participant.room.notes.none"));
  const list = h("ol", { class: "plain stack tight", "aria-labelledby": "room-notes-title" });
  const offers = h("ul", { class: "plain stack tight" });
  place.replaceChildren(h("article", { class: "card stack tight" }, h("h3", null, t("participant.room.begun")), offers));
  sheet.replaceChildren(h("article", { class: "card stack room-sheet" },
    h("h3", null, t("participant.room.note")), pad.el, title, none, list));

  session.onRefused((command, reason) => takeBack(command, reason));
  session.onPending(draw);
  session.onStatus(draw);
  store.watch(["room", "stage", "me"], draw);

  function draw() {
    const { room } = store;
    drawOffers(room);
    if (!room) return;
    if (stay !== stayOf(room)) arrive(room);
    const rows = sheetRows(room, boot.person, session.pending(), sent);
    setText(title, t("participant.room.notes", { n: rows.length }));
    none.hidden = rows.length > 0;
    list.hidden = !rows.length;
    keyed(list, rows, ({ key }) => key, createRow, (el, row) => items.get(el)?.(row));
  }

  /** @param {Room} room */
  function arrive(room) {
    stay = stayOf(room);
    where = t("rooms.origin", { room: roomName(room.room), n: room.room.round });
    sent = [];
    pad.set(begun.get(stay) ?? { kind: lastKind, text: "" });
  }

  /** @param {{kind: NoteKind | null, text: string}} words */
  function keep(words) {
    begun.put(stay, { ...words, where, why: null });
  }

  /** @param {{kind: NoteKind, text: string}} words */
  function write({ kind, text }) {
    const { room } = store;
    if (!room) return;
    lastKind = kind;
    begun.put(stay, null);
    pad.set({ kind, text: "" });
    const note = { kind, text, room: room.room.id, round: room.room.round };
    session.send("note.write", note).then(
      ({ made = "" }) => {
        sent = [...sent, { ...note, id: made }];
        announce(t("participant.room.note.saved"));
        draw();
      },
      (reason) => takeBack({ ...note, id: "", do: "note.write" }, reason),
    );
  }

  /** Words that were not taken are offered again. @param {Command} command @param {Refusal} reason */
  function takeBack(command, reason) {
    const ofRoom = command.do === "note.write" ? command.room !== undefined : ["note.edit", "room.handover"].includes(command.do);
    if (!ofRoom || typeof command.text !== "string") return;
    const kind = /** @type {NoteKind | undefined} */ (command.kind) ?? null;
    begun.giveBack({ kind, text: command.text, where: "", why: refusal(reason) });
    announce(t("participant.room.note.back", { reason: refusal(reason) }));
    draw();
  }

  /** @param {Row} first */
  function createRow(first) {
    const { key } = first;
    const { el, update } = noteItem(session, begun.get(`edit.${key}`), {
      keep: (words) => begun.put(`edit.${key}`, words && { ...words, where, why: null }),
      change: (fields) => void session.send("note.edit", { note: key, ...fields }).catch((reason) => takeBack({ id: "", do: "note.edit", ...fields }, reason)),
      drop: () => void session.send("note.drop", { note: key }).catch((reason) => toast(refusal(reason), "problem")),
    });
    items.set(el, update);
    return el;
  }

  /** @param {Room | undefined} room none in the plenary, where nothing can be put anywhere */
  function drawOffers(room) {
    const found = begun.elsewhere((key) => room !== undefined && isHere(room, key));
    place.hidden = !found.length;
    keyed(offers, found, ([key]) => key, ([key]) => createOffer(key), (el, [, offer]) => {
      const [why, text] = /** @type {HTMLElement[]} */ ([...el.children]);
      one(".room-take", el).hidden = !room;
      if (why) setText(why, offer.why ? t("participant.room.note.back", { reason: offer.why }) : t("participant.room.begun.at", { where: offer.where }));
      if (text) setText(text, offer.text);
    });
  }

  /** Whether what lies under `key` stands in a field of this stay. @param {Room} room @param {string} key */
  function isHere(room, key) {
    if (key === stayOf(room)) return true;
    if (key.startsWith("edit.")) return key.slice("edit.".length) in room.notes;
    return key === `lines.${stayOf(room)}` && handsOver(room, boot.person);
  }

  /** @param {string} key */
  function createOffer(key) {
    const forget = () => {
      begun.put(key, null);
      draw();
    };
    return h("li", { class: "room-offer" },
      h("p", { class: "small-text caution-text" }), h("p", { dir: "auto", class: "room-note-text" }),
      h("div", { class: "actions" },
        h("button", { type: "button", class: "button quiet small", onclick: forget }, t("participant.room.begun.discard")),
        h("button", { type: "button", class: "button small room-take", onclick: () => takeUp(key) }, t("participant.room.begun.take"))));
  }

  /** Put words into the pad, before what stands there. @param {string} key */
  function takeUp(key) {
    const offer = begun.get(key);
    if (!offer) return;
    const typed = pad.get();
    begun.put(key, null);
    const words = { kind: typed.kind ?? offer.kind, text: [offer.text, typed.text.trim()].filter(Boolean).join("\n\n") };
    pad.set(words);
    keep(words);
    draw();
    pad.focus();
  }

  return takeBack;
}
