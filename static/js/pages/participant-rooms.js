/** The part of a participant's page that comes with the first breakout rooms: where somebody is decides what "now" is. */

import { byId, h } from "../lib/dom.js";
import { roomName } from "../lib/rooms.js";
import { t } from "../lib/texts.js";
import { toast } from "../lib/toast.js";
import { BegunNotes } from "../panels/room/begun.js";
import { mountChooser } from "../panels/room/chooser.js";
import { mountCompared } from "../panels/room/compared.js";
import { mountEarlier } from "../panels/room/earlier.js";
import { mountHall } from "../panels/room/hall.js";
import { mountHandover } from "../panels/room/handover.js";
import { mountHead } from "../panels/room/head.js";
import { stayOf } from "../panels/room/model.js";
import { mountSheet } from "../panels/room/sheet.js";
import { mountShown } from "../panels/room/shown.js";
import { mountTop } from "../panels/room/top.js";
import { resultsByRoom } from "../panels/results-rooms.js";
import { Whereabouts } from "../panels/room/whereabouts.js";

/** Whoever connects again may be in the hall for a moment, on the way to the room: that is not worth a word, ms. */
const PASSING = 500;

/** @import { Session } from "../live/session.js" */
/** @import { Kept } from "../panels/rooms.js" */

/**
 * @param {HTMLElement} root the page's main element
 * @param {Session} session
 * @param {Kept} kept
 */
export function mountRooms(root, session, kept) {
  const { store } = session;
  const places = ["room-top", "room", "room-work"].map(byId);
  const [top, head, work] = places;
  if (!top || !head || !work) return;
  const whereabouts = new Whereabouts(session);
  const [offers, earlier, sheet, handover] = [h("div", { class: "room-offers" }), h("div"), h("div"), h("div")];
  work.replaceChildren(offers, earlier, sheet, handover);
  const list = h("ul", { class: "plain stack tight" });
  const change = h("details", { class: "fold" }, h("summary", null, t("participant.room.choose.other")), list);

  mountHall(byId("rooms"), session, whereabouts);
  mountShown(byId("rooms-shown"), session);
  mountCompared(root, session, resultsByRoom);
  mountTop(top, session, whereabouts);
  const { heading } = mountHead(head, session, whereabouts, change);
  mountChooser(list, session, whereabouts);
  mountEarlier(earlier, session);
  const begun = new BegunNotes(kept.storage, kept.notes);
  const takeBack = mountSheet({ sheet, offers }, session, begun);
  for (const { command, reason } of kept.refused) takeBack(command, reason);
  mountHandover(handover, session, begun, takeBack);

  /** The stay that the page shows, empty in the plenary. */
  let shown = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} says that one is back in the hall */
  let back;
  /** Whether the page came with somebody in a room: that is no news then. */
  let news = root.dataset.place !== "room";
  store.watch(["room", "me", "stage"], () => {
    const { room } = store;
    // Who is moved gets the new room's document a moment after the word of it.
    if (!room && store.docs.me?.room != null) return;
    change.hidden = room?.room.assign !== "chosen";
    const stay = room ? stayOf(room) : "";
    if (stay === shown) return;
    shown = stay;
    const focused = document.activeElement;
    const inside = places.some((place) => place.contains(focused));
    root.dataset.place = room ? "room" : "hall";
    clearTimeout(back);
    if (news && room) toast(arrival(room.room));
    else if (news) back = setTimeout(() => toast(t("participant.room.left")), PASSING);
    // The focus of whoever had it here, or in what is not seen any more, goes along; nobody else's.
    const lost = focused instanceof HTMLElement && focused !== document.body && !focused.checkVisibility();
    if (news && (inside || lost)) (room ? heading : byId("now-title")).focus();
    news = true;
  });
}

/** @param {import("../live/types.js").Room["room"]} room */
function arrival(room) {
  const name = roomName(room);
  return room.rounds > 1 ? t("participant.room.arrived.round", { room: name, n: room.round, total: room.rounds }) : t("participant.room.arrived", { room: name });
}
