/**
 * The keyboard: one listener for all shortcuts, and the sheet that lists them. Shortcuts rest while somebody types, while
 * a dialog is open, and for whoever switched them off (speech input triggers single letters by mistake).
 */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { openDialog } from "../../lib/dialog.js";
import { shortcut } from "./kit/keypress.js";
import { toggle } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

const OFF = "baraza:keys-off";

/**
 * @param {HTMLElement} opener the button that shows the sheet
 * @param {Tools} tools with all shortcuts of the other panels
 */
export function mountKeys(opener, tools) {
  const title = h("h2", { class: "dialog-title", id: "keys-title" }, t("moderator.keys.title"));
  const on = toggle(t("moderator.keys.on"), (checked) => setOff(!checked));
  on.input.checked = !isOff();
  tools.shortcut("u", t("moderator.keys.undo"), () => tools.undo());
  tools.shortcut("?", t("moderator.keys.help"), () => opener.click());
  const rows = [...tools.shortcuts.values()].map(({ key, label }) =>
    h("div", { class: "keys-row" }, h("dt", null, h("kbd", null, key)), h("dd", null, label)),
  );
  const dialog = h(
    "dialog",
    { class: "dialog keys", "aria-labelledby": title.id },
    h(
      "div",
      { class: "stack" },
      title,
      h("dl", { class: "keys-list" }, rows),
      on.el,
      h(
        "form",
        { method: "dialog", class: "actions" },
        h("button", { class: "button", autofocus: true }, t("common.close")),
      ),
    ),
  );
  document.body.append(dialog);
  opener.addEventListener("click", () => void openDialog(dialog));

  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement | null} */ (event.target instanceof HTMLElement ? event.target : null);
    const key = shortcut(event, target);
    if (key === null || document.querySelector("dialog[open]") || (isOff() && key !== "?")) return;
    const found = tools.shortcuts.get(key);
    if (!found) return;
    event.preventDefault();
    found.run();
  });
}

/** @returns {boolean} */
function isOff() {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
}

/** @param {boolean} off */
function setOff(off) {
  try {
    if (off) localStorage.setItem(OFF, "1");
    else localStorage.removeItem(OFF);
  } catch {
    // A browser that keeps nothing forgets the choice with the page.
  }
}
