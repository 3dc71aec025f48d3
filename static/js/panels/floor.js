/** What the speaker queue asks of this person: "you are next", "you have the floor" with the time spoken. */

import { one, setText } from "../lib/dom.js";
import { t } from "../lib/texts.js";
import { tick } from "../lib/ticker.js";
import { formatClock, formatSpent } from "../lib/time.js";

/** @import { Session } from "../live/session.js" */

/** @param {HTMLElement} card @param {Session} session */
export function mountFloor(card, session) {
  const { store } = session;
  const clock = one("#floor-clock", card);

  store.watch(["stage", "me"], draw);
  tick(drawClock);

  function draw() {
    const { speakers } = store.docs.stage ?? {};
    const person = session.boot.person;
    const speaking = speakers?.current?.person === person;
    const next = !speaking && speakers?.waiting[0] === person;
    card.hidden = !speaking && !next;
    card.classList.toggle("on-air", speaking);
    card.classList.toggle("asks", next);
    setText(one("#floor-title", card), t(speaking ? "participant.floor.yours" : "participant.floor.next"));
    setText(one("#floor-text", card), t(speaking ? "participant.floor.yours.text" : "participant.floor.next.text"));
    drawClock();
  }

  function drawClock() {
    const { current, limit = 0 } = store.docs.stage?.speakers ?? {};
    const mine = current?.person === session.boot.person;
    clock.hidden = !mine;
    if (!mine || !current) return;
    const spoken = Math.max(0, store.now() - current.since);
    const over = limit > 0 && spoken > limit * 1000;
    clock.dataset.state = over ? "over" : "running";
    setText(clock, limit ? t("participant.floor.of", { spoken: formatSpent(spoken), limit: formatClock(limit * 1000) }) : formatSpent(spoken));
  }
}
