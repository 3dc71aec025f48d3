/** The guiding question on stage with its clock, and who has the floor. In a breakout room the clock at the top is the room's. */

import { assign, byId, one, setText } from "../lib/dom.js";
import { onStage } from "../lib/agenda.js";
import { dotted, isolate } from "../lib/isolate.js";
import { pick, show, t } from "../lib/texts.js";
import { tick } from "../lib/ticker.js";
import { clockLeft, formatClock, formatSpent, roomLeft } from "../lib/time.js";

/** @import { Session } from "../live/session.js" */
/** @import { Clock } from "../live/types.js" */

/** @param {HTMLElement} root @param {Session} session */
export function mountNow(root, session) {
  const { store } = session;
  const card = one("#guiding", root);
  const clock = one("#guiding-clock", card);
  const bar = one("#guiding-bar", card);
  const top = byId("top-clock");

  store.watch(["stage", "room"], () => {
    const { agenda, session: info } = store.docs.stage ?? {};
    const current = onStage(agenda);
    card.hidden = info?.state !== "live";
    one("#guiding-head", card).hidden = one("#guiding-text", card).hidden = !current;
    one("#guiding-none", card).hidden = Boolean(current);
    if (current) {
      const place = t("participant.guiding.place", { place: current.place, total: current.total });
      setText(one("#guiding-place", card), `${place} · ${isolate(pick(current.segment.title))}`);
      show(one("#guiding-text", card), current.question.text);
    }
    drawClock();
  });
  tick(() => {
    drawClock();
    drawSpeaker();
  });

  function drawClock() {
    const { clock: now, current } = store.docs.stage?.agenda ?? {};
    const left = now && current != null && !card.hidden ? clockLeft(now, store.now()) : null;
    clock.hidden = bar.hidden = left === null;
    drawTop(now, left);
    if (!now || left === null) return;
    const state = left < 0 ? "over" : now.state;
    clock.dataset.state = state;
    setText(clock, state === "over" || state === "paused" ? `${formatClock(left)} ${t(`participant.clock.${state}`)}` : formatClock(left));
    const share = now.total > 0 ? Math.min(1, Math.max(0, left / now.total)) : 0;
    assign(one(".guiding-left", bar), { width: `${(share * 100).toFixed(1)}%` });
  }

  /** @param {Clock | undefined} hall @param {number | null} left on the clock of the hall */
  function drawTop(hall, left) {
    const { room } = store;
    const shown = room ? roomLeft(room.clock, store.now()) : left;
    top.hidden = shown === null;
    if (shown === null) return;
    top.dataset.state = shown < 0 ? "over" : (room?.clock ?? hall)?.state ?? "idle";
    setText(top, formatClock(shown));
  }

  function drawSpeaker() {
    const { speakers, session: info } = store.docs.stage ?? {};
    const speaker = speakers?.current;
    one("#speaking", card).hidden = !speaker;
    if (!speaker) return;
    const group = speaker.group ? pick(info?.groups[speaker.group]) : "";
    const spoken = formatSpent(store.now() - speaker.since);
    setText(one("#speaking-name", card), dotted([speaker.name, group, spoken]));
  }
}
