/** What the moderators announced, until its time is over or they take it back. */

import { one } from "../lib/dom.js";
import { show } from "../lib/texts.js";
import { tick } from "../lib/ticker.js";

/** @import { Session } from "../live/session.js" */

/** @param {HTMLElement} card @param {Session} session */
export function mountAnnouncement(card, session) {
  const { store } = session;
  function draw() {
    const said = store.docs.stage?.announcement;
    const over = said?.until != null && said.until <= store.now();
    card.hidden = !said || over;
    if (said) show(one("#announcement-text", card), said.text);
  }
  store.watch(["stage"], draw);
  tick(draw);
}
