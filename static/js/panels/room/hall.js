/** What the plenary says of the rooms: that people are there and until when, the way back to one's own, the rooms to pick from. */

import { assign, h, setText } from "../../lib/dom.js";
import { roomName } from "../../lib/rooms.js";
import { t } from "../../lib/texts.js";
import { tick } from "../../lib/ticker.js";
import { formatClock, roomLeft } from "../../lib/time.js";
import { mountChooser } from "./chooser.js";
import { standing } from "./model.js";

/** @import { Session } from "../../live/session.js" */
/** @import { Whereabouts } from "./whereabouts.js" */

/**
 * @param {HTMLElement} place
 * @param {Session} session
 * @param {Whereabouts} whereabouts
 */
export function mountHall(place, session, whereabouts) {
  const { store } = session;
  const title = h("h3");
  const line = h("p");
  const back = h("button", { type: "button", class: "button primary" });
  const said = h("p", { class: "small-text", role: "status" });
  const list = h("ul", { class: "plain stack tight" });
  const other = h("summary", null, t("participant.room.choose.other"));
  const fold = h("details", { class: "fold" }, other);
  const card = h("article", { class: "card stack tight room-hall" }, title, line, back, said, list, fold);
  place.replaceChildren(card);
  mountChooser(list, session, whereabouts);

  back.addEventListener("click", () => whereabouts.enter());
  store.watch(["stage", "me"], draw);
  session.onStatus(draw);
  whereabouts.onChange(draw);
  tick(drawTime);

  function draw() {
    const open = store.docs.stage?.rooms.open;
    const seat = store.docs.me?.seat ?? null;
    place.hidden = !open;
    if (!open) return;
    const how = standing(open, seat);
    const own = seat === null ? undefined : open.rooms[seat];
    card.classList.toggle("asks", (how === "back" && open.closing == null) || how === "choose");
    setText(title, how === "choose" ? t("participant.room.choose") : t("participant.room.away", { n: open.order.filter((id) => !open.rooms[id]?.closed).length }));
    back.hidden = how !== "back";
    if (own) setText(back, t("participant.room.enter", { room: roomName(own) }));
    // One list, in one place or folded in the other: whoever has a room sees the others only on wish.
    const folded = how === "back" && open.assign === "chosen";
    fold.hidden = !folded;
    list.hidden = how !== "choose" && !folded;
    if (folded && list.parentElement !== fold) fold.append(list);
    else if (!folded && list.parentElement !== card) fold.before(list);
    const waiting = whereabouts.waiting();
    assign(back, { "aria-busy": waiting ? "true" : null });
    setText(said, waiting ? t(session.status === "live" ? "participant.room.moving" : "participant.room.kept") : whereabouts.problem() || (how === "closed" ? t("participant.room.closed") : ""));
    drawTime();
  }

  function drawTime() {
    const open = store.docs.stage?.rooms.open;
    if (!open) return;
    const left = roomLeft({ ...open.clock, closing: open.closing }, store.now());
    const last = open.round >= open.rounds || open.closing != null;
    const round = open.rounds > 1 ? t("rooms.round_of", { n: open.round, count: open.rounds }) : "";
    if (left === null || left < 0) setText(line, round);
    else setText(line, t(last ? "participant.room.back_in" : "participant.room.round_left", { time: formatClock(left), round }));
  }
}
