/** Ask a question, by name or anonymously. What was typed is kept until the server has it. */

import { byId, setText } from "../lib/dom.js";
import { openDialog } from "../lib/dialog.js";
import { keepDraft } from "../lib/draft.js";
import { refusal, t } from "../lib/texts.js";
import { toast } from "../lib/toast.js";

/** @import { Session } from "../live/session.js" */

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
  store.watch(["stage", "me"], () => {
    const { open = true, moderated = true } = store.docs.stage?.questions ?? {};
    button.setAttribute("aria-disabled", String(!open));
    setText(byId("ask-hint"), t(moderated ? "participant.ask.moderated" : "participant.ask.direct"));
    setText(byId("ask-own-name"), store.docs.me?.name ?? "");
  });

  async function ask() {
    const asked = text.value.trim();
    if (!asked) return complain(t("participant.ask.empty"));
    const anonymous = new FormData(form).get("as") === "anonymous";
    const outcome = session.send("question.ask", { text: asked, ...(anonymous && { anonymous }) });
    error.hidden = true;
    send.disabled = true;
    const taken = outcome.then(
      () => {
        draft.forget();
        sheet.close();
        toast(t(store.docs.stage?.questions.moderated ? "participant.ask.sent.moderated" : "participant.ask.sent"));
      },
      (reason) => {
        // The text is still in the field: whoever closed the sheet meanwhile finds it there.
        complain(refusal(reason));
        if (!sheet.open) toast(refusal(reason), "problem");
      },
    );
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, "late"));
    if ((await Promise.race([taken, late])) === "late" && sheet.open) {
      sheet.close();
      toast(t("participant.ask.kept"));
    }
    send.disabled = false;
  }

  /** @param {string} words */
  function complain(words) {
    setText(error, words);
    error.hidden = false;
  }
}
