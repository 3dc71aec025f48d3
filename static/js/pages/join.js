/** The join page: says when the session starts, and sends the form once however often one taps. */

import { loadTexts, locale, t } from "../lib/texts.js";
import { formatDay, ownTimezone } from "../lib/time.js";

/** A form without an answer for so long may be sent again, ms. */
const HANGS = 8_000;

const form = document.getElementById("join-form");
form?.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  // On a bad link one stops what hangs and taps again.
  setTimeout(() => delete form.dataset.sent, HANGS);
});
// Back from the next page, the form may be sent again.
window.addEventListener("pageshow", () => delete form?.dataset.sent);

const line = document.getElementById("starts");
if (line?.dataset.starts && line.dataset.over === undefined) {
  await loadTexts(document.documentElement.lang);
  const starts = Number(line.dataset.starts);
  const time = formatDay(starts, line.dataset.timezone, locale());
  const here = formatDay(starts, ownTimezone(), locale());
  line.textContent = time === here ? t("participant.lobby.starts", { time }) : t("participant.lobby.starts.both", { time, here });
  line.hidden = false;
}
