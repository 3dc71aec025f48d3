/** What comes before all else in a room: that the rooms close, and what the moderators wrote to it. */

import { h, keyed, one, setText } from "../../lib/dom.js";
import { isolate } from "../../lib/isolate.js";
import { pick, show, t } from "../../lib/texts.js";
import { tick } from "../../lib/ticker.js";
import { formatClock, formatTime, roomLeft } from "../../lib/time.js";
import { toast } from "../../lib/toast.js";

/** @import { Session } from "../../live/session.js" */
/** @import { Room, Text } from "../../live/types.js" */
/** @import { Whereabouts } from "./whereabouts.js" */
/** @typedef {[id: string, message: {text: Text, round: number, at: number}]} Message */

/**
 * @param {HTMLElement} place
 * @param {Session} session
 * @param {Whereabouts} whereabouts
 */
export function mountTop(place, session, whereabouts) {
  const { store } = session;
  const countdown = h("strong", { role: "timer" });
  const back = h("button", { class: "button primary", type: "button" }, t("participant.room.leave.now"));
  const closing = h("aside", { class: "card on-air room-closing row apart", "aria-label": t("participant.room.closing.title"), hidden: true },
    countdown, back);
  const newest = h("div");
  const list = h("ul", { class: "plain stack tight" });
  const older = h("summary");
  const fold = h("details", { class: "fold" }, older, list);
  const messages = h("aside", { class: "card announcement", "aria-label": t("participant.room.message"), hidden: true }, newest, fold);
  place.replaceChildren(closing, messages);

  back.addEventListener("click", () => whereabouts.leave());
  store.watch(["room"], draw);
  store.on("room", hear);
  tick(drawCountdown);

  function draw() {
    const { room } = store;
    if (!room) return;
    const all = /** @type {Message[]} */ (Object.entries(room.messages)).sort(([, a], [, b]) => b.at - a.at);
    // What was written in an earlier round is there on wish.
    const now = all.slice(0, 1).filter(([, { round }]) => round === room.room.round);
    const past = all.slice(now.length);
    messages.hidden = !all.length;
    fill(newest, now);
    fold.hidden = !past.length;
    setText(older, t("participant.room.message.older", { n: past.length }));
    fill(list, past);
    drawCountdown();
  }

  /** @param {HTMLElement} parent @param {Message[]} some */
  function fill(parent, some) {
    const tag = parent === list ? "li" : "div";
    keyed(parent, some, ([id]) => id, () => h(tag, null, h("p", { class: "eyebrow notice-text" }), h("p", { class: "room-message" })), (el, [, { text, at }]) => {
      setText(one(".eyebrow", el), t("participant.room.message.at", { time: formatTime(at, store.docs.stage?.session.timezone) }));
      show(one(".room-message", el), text);
    });
  }

  function drawCountdown() {
    const clock = store.room?.clock;
    closing.hidden = clock?.closing == null;
    if (clock?.closing != null) setText(countdown, t("participant.room.closing", { time: formatClock(roomLeft(clock, store.now()) ?? 0) }));
  }

  /** @param {Room | undefined} room @param {Room | undefined} before */
  function hear(room, before) {
    if (!room || before?.room.id !== room.room.id) return;
    for (const [id, { text }] of Object.entries(room.messages)) {
      if (!before.messages[id]) toast(t("participant.room.message.said", { text: isolate(pick(text)) }));
    }
    if (room.clock.closing != null && before.clock.closing == null) {
      toast(t("participant.room.closing", { time: formatClock(roomLeft(room.clock, store.now()) ?? 0) }));
    }
  }
}
