/** Who waits to speak, in order, for everybody to see, and how many wait behind them; one's own place stands out. */

import { assign, h, keyed, one, setText } from "../lib/dom.js";
import { dotted, isolate } from "../lib/isolate.js";
import { pick, t } from "../lib/texts.js";

/** @import { Session } from "../live/session.js" */
/** @import { Hand } from "../live/types.js" */

/** @param {HTMLElement} section @param {Session} session */
export function mountQueue(section, session) {
  const { store } = session;
  store.watch(["stage"], () => {
    const { speakers, session: info } = store.docs.stage ?? {};
    const waiting = (speakers?.waiting ?? []).flatMap((person) => {
      const hand = speakers?.hands[person];
      return hand ? [{ person, hand }] : [];
    });
    section.hidden = !waiting.length || info?.state !== "live";
    keyed(one("#queue-list", section), waiting, ({ person }) => person, create, (el, { person, hand }) => {
      const own = person === session.boot.person;
      assign(el, { "aria-current": own ? "true" : null });
      setText(one(".queue-name", el), own ? t("participant.queue.you", { name: isolate(hand.name) }) : isolate(hand.name));
      setText(one(".queue-why", el), dotted([hand.group ? pick(info?.groups[hand.group]) : "", reason(hand)]));
    });
    const more = one("#queue-more", section);
    more.hidden = !speakers?.more;
    setText(more, t("participant.queue.more", { n: speakers?.more ?? 0 }));
  });
}

function create() {
  return h("li", null, h("span", { class: "queue-name" }), h("span", { class: "queue-why small-text muted" }));
}

/** What is worth saying about a place in the queue; mere arrival is not. @param {Hand} hand */
function reason(hand) {
  if (hand.kind !== "speak") return t(`participant.hand.kind.${hand.kind}`);
  return hand.why === "arrival" ? "" : t(`participant.queue.${hand.why}`);
}
