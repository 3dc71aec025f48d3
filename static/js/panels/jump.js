/** A way back to an open poll for somebody who has scrolled away from it; the page itself never moves by itself. */

import { setText } from "../lib/dom.js";
import { t } from "../lib/texts.js";

/** @import { Session } from "../live/session.js" */

/** What stands under the bars at the head and at the foot of the page is not in view. */
const BARS = "-64px 0px -80px 0px";

/** @param {HTMLElement} button @param {HTMLElement} polls where open polls stand @param {Session} session */
export function mountJump(button, polls, session) {
  const { store } = session;
  let inView = true;

  function draw() {
    const all = { ...store.docs.stage?.polls, ...store.room?.polls };
    const sent = new Set(session.pending().map((command) => command.do === "ballot.cast" && command.poll));
    const waiting = Object.entries(all).filter(([id, poll]) => poll.state === "open" && !store.docs.me?.ballots[id] && !sent.has(id));
    button.hidden = inView || !waiting.length;
    setText(button, t("participant.jump", { n: waiting.length }));
  }

  new IntersectionObserver(([entry]) => {
    inView = entry?.isIntersecting ?? true;
    draw();
  }, { rootMargin: BARS }).observe(polls);
  button.addEventListener("click", () => {
    polls.scrollIntoView({ block: "start", behavior: "smooth" });
    polls.querySelector("button")?.focus({ preventScroll: true });
  });
  store.watch(["stage", "me", "room"], draw);
  session.onPending(draw);
}
