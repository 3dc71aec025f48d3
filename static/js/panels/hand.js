/** Raise one's hand, see one's place and why it is that place, lower it again. */

import { byId, one, setText } from "../lib/dom.js";
import { openDialog } from "../lib/dialog.js";
import { keepDraft } from "../lib/draft.js";
import { queueLength } from "../lib/queue.js";
import { pick, refusal, t } from "../lib/texts.js";
import { toast } from "../lib/toast.js";
import { Intents } from "../live/intents.js";

/** @import { Session } from "../live/session.js" */

/** @param {Session} session */
export function mountHand(session) {
  const { store, boot } = session;
  const button = /** @type {HTMLButtonElement} */ (byId("hand-button"));
  const raiseSheet = /** @type {HTMLDialogElement} */ (byId("hand-sheet"));
  const placeSheet = /** @type {HTMLDialogElement} */ (byId("place-sheet"));
  const form = /** @type {HTMLFormElement} */ (byId("hand-form"));
  const reason = /** @type {HTMLInputElement} */ (byId("hand-reason"));
  const draft = keepDraft(reason, `baraza:${boot.session}:hand`);
  /** @type {Intents<boolean>} */
  const intents = new Intents(session, draw, (command) => {
    if (command.do === "hand.raise") return ["hand", true];
    return command.do === "hand.lower" ? ["hand", false] : null;
  });

  button.disabled = false;
  button.addEventListener("click", () => void press());
  store.watch(["stage", "me"], draw);
  session.onStatus(draw);

  function hand() {
    return intents.get("hand", store.docs.me?.hand != null);
  }

  function speaking() {
    return store.docs.stage?.speakers.current?.person === boot.person;
  }

  /** Why no hand can be raised now, or an empty text. */
  function closed() {
    const { speakers, session: info } = store.docs.stage ?? {};
    if (speaking()) return t("participant.floor.yours");
    if (info?.state === "lobby") return t("participant.hand.lobby");
    return speakers?.open === false ? t("participant.hand.closed") : "";
  }

  function draw() {
    const up = hand();
    const { waiting = [] } = store.docs.stage?.speakers ?? {};
    // Whose hand is down has no place, even while the queue still shows the one it had.
    const place = up.value ? waiting.indexOf(boot.person) + 1 : 0;
    const where = up.value ? placeWords(place) : "";
    const shut = !up.value && closed();
    button.setAttribute("aria-disabled", String(Boolean(shut)));
    button.classList.toggle("up", up.value || speaking());
    const title = speaking() ? "floor.yours" : place === 1 ? "floor.next" : up.value ? "hand.up" : "hand.raise";
    setText(byId("hand-main"), t(`participant.${title}`));
    let words = speaking() ? "" : shut || "";
    if (up.waiting) words = t(session.status === "live" ? "participant.hand.sent" : "participant.hand.kept");
    else if (where) words = where;
    byId("hand-sub").hidden = !words;
    setText(byId("hand-sub"), words);
    drawPlace(where);
  }

  /** One's place in the queue in words, empty where none is known. @param {number} place in the head of the queue, 0 behind it */
  function placeWords(place) {
    const { speakers } = store.docs.stage ?? {};
    if (place) return t("participant.hand.place", { place, total: queueLength(speakers) });
    return speakers?.more && store.docs.me?.hand ? t("participant.hand.behind", { n: speakers.waiting.length }) : "";
  }

  /** @param {string} where */
  function drawPlace(where) {
    const own = store.docs.me?.hand;
    setText(one("#place-title", placeSheet), where || t("participant.hand.up"));
    setText(one("#place-why", placeSheet), own ? t(`participant.hand.why.${own.why}`) : "");
    setText(one("#place-reason", placeSheet), pick(own?.reason));
  }

  async function press() {
    if (hand().value) {
      if ((await openDialog(placeSheet)) === "lower") await run(false, "hand.lower", {});
      return;
    }
    const shut = closed();
    if (shut) return toast(shut);
    if ((await openDialog(raiseSheet)) !== "raise") return;
    const kind = new FormData(form).get("kind");
    const text = reason.value.trim();
    if (await run(true, "hand.raise", { ...(kind !== "speak" && { kind }), ...(text && { reason: text }) })) draft.forget();
  }

  /** @param {boolean} up @param {string} what @param {Record<string, unknown>} fields */
  async function run(up, what, fields) {
    const outcome = await intents.run("hand", up, what, fields);
    const why = intents.refusal("hand");
    if (!outcome && why) toast(refusal(why), "problem");
    return outcome !== null;
  }
}
