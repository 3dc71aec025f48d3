/** A row of reactions: one tap says something to the hall without a word; the counts are of the last ten seconds. */

import { assign, one, setText } from "../lib/dom.js";
import { formatNumber, refusal } from "../lib/texts.js";
import { toast } from "../lib/toast.js";

/** @import { Session } from "../live/session.js" */
/** @import { ReactionKind } from "../live/types.js" */

/** A second tap on the same reaction within this time is taken for the same one, ms. */
const REST = 1_000;

/** @param {HTMLElement} row @param {Session} session */
export function mountReactions(row, session) {
  const { store } = session;
  const buttons = /** @type {HTMLButtonElement[]} */ ([...row.querySelectorAll(".reaction")]);

  row.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest(".reaction");
    if (!(button instanceof HTMLButtonElement) || button.classList.contains("sent")) return;
    if (session.status !== "live") return;
    button.classList.add("sent");
    setTimeout(() => button.classList.remove("sent"), REST);
    // A reaction is of this moment: what a dying connection caught is dropped without a word, not sent later.
    session.send("react", { kind: button.dataset.kind }, { keep: false }).catch((error) => {
      if (error.code !== "lost") toast(refusal(error), "problem");
    });
  });
  // Not `disabled`: that would take the focus from whoever has it there at every loss of the network.
  session.onStatus((status) => buttons.forEach((button) => assign(button, { disabled: false, "aria-disabled": String(status !== "live") })));
  store.watch(["stage"], () => {
    const { reactions, session: info } = store.docs.stage ?? {};
    row.hidden = info?.state !== "live";
    for (const button of buttons) {
      const count = reactions?.[/** @type {ReactionKind} */ (button.dataset.kind)] ?? 0;
      setText(one(".reaction-count", button), count ? formatNumber(count) : "");
    }
  });
}
