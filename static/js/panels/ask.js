/** Ask a question, by name or anonymously. What was typed is kept until the server has it. */

import { byId, setText } from "../lib/dom.js";
import { openDialog } from "../lib/dialog.js";
import { keepDraft } from "../lib/draft.js";
import { refusal, t } from "../lib/texts.js";
import { toast } from "../lib/toast.js";

/** @import { Session } from "../live/session.js" */
/** @import { Refusal } from "../live/types.js" */

/** An answer that takes longer than this is not waited for with the sheet open, ms. */
const PATIENCE = 1_500;

/** @param {Session} session */
export function mountAsk(session) {
  const { store, boot } = session;
  const button = /** @type {HTMLButtonElement} */ (byId("ask-button"));
  const sheet = /** @type {HTMLDialogElement} */ (byId("ask-sheet"));
  const form = /** @type {HTMLFormElement} */ (byId("ask-form"));
  const text = /** @type {HTMLTextAreaElement} */ (byId("ask-text"));
  const send = /** @type {HTMLButtonElement} */ (byId("ask-send"));
  const error = byId("ask-error");
  const draft = keepDraft(text, `baraza:${boot.session}:ask`);

  button.disabled = false;
  button.addEventListener("click", () => {
    if (store.docs.stage?.questions.open === false) toast(t("participant.questions.closed"));
    else void openDialog(sheet);
  });
  form.addEventListener("submit", (event) => {
    const submitter = /** @type {HTMLButtonElement | null} */ (event.submitter);
    if (submitter?.value !== "send") return;
    event.preventDefault();
    void ask();
  });
  session.onRefused((command, reason) => command.do === "question.ask" && giveBack(String(command.text), reason));
  store.watch(["stage", "me"], () => {
    const { open = true, moderated = true } = store.docs.stage?.questions ?? {};
    button.setAttribute("aria-disabled", String(!open));
    setText(byId("ask-hint"), t(moderated ? "participant.ask.moderated" : "participant.ask.direct"));
    setText(byId("ask-own-name"), store.docs.me?.name ?? "");
  });

  async function ask() {
    const asked = text.value.trim();
    if (send.getAttribute("aria-busy") === "true") return;
    if (!asked) return complain(t("participant.ask.empty"));
    const anonymous = new FormData(form).get("as") === "anonymous";
    const outcome = session.send("question.ask", { text: asked, ...(anonymous && { anonymous }) });
    error.hidden = true;
    send.setAttribute("aria-busy", "true");
    const taken = outcome.then(
      () => {
        leave(asked);
        toast(t(store.docs.stage?.questions.moderated ? "participant.ask.sent.moderated" : "participant.ask.sent"));
      },
      (reason) => giveBack(asked, reason),
    );
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, "late"));
    if ((await Promise.race([taken, late])) === "late") {
      // From here the outbox keeps the words: left in the field they would be sent twice.
      leave(asked);
      toast(t("participant.ask.kept"));
    }
    send.removeAttribute("aria-busy");
  }

  /** The sheet is done with these words; what was typed meanwhile stays. @param {string} asked */
  function leave(asked) {
    if (text.value.trim() !== asked) return;
    draft.forget();
    sheet.close();
  }

  /** Refused words come back into the field, before what was typed meanwhile. @param {string} asked @param {Refusal} reason */
  function giveBack(asked, reason) {
    const typed = text.value.trim();
    if (typed !== asked) draft.put([asked, typed].filter(Boolean).join("\n\n"));
    complain(refusal(reason));
    if (!sheet.open) toast(refusal(reason), "problem");
  }

  /** @param {string} words */
  function complain(words) {
    setText(error, words);
    error.hidden = false;
  }
}
