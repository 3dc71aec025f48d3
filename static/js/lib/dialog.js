/** Questions that must be answered before something is done, over the browser's own `<dialog>`. */

import { h } from "./dom.js";
import { t } from "./texts.js";

/**
 * Show a dialog that is in the page. Escape and a tap beside it close it, Enter in a field does what its main button does;
 * the focus goes back to where it was, also when that element was rebuilt in the meantime and only its id remained.
 *
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<string>} the dialog's `returnValue`; empty when it was dismissed
 */
export function openDialog(dialog) {
  const before = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    const controller = new AbortController();
    const { signal } = controller;
    dialog.addEventListener("click", (event) => event.target === dialog && outside(dialog, event) && dialog.close(""), { signal });
    dialog.addEventListener("keydown", (event) => confirmField(event), { signal });
    dialog.addEventListener("close", () => {
      controller.abort();
      const target = before?.isConnected ? before : before?.id ? document.getElementById(before.id) : null;
      target?.focus();
      resolve(dialog.returnValue);
    }, { signal });
  });
}

/** Enter in a field would press the first button of the form, which is the one that gives up. @param {KeyboardEvent} event */
function confirmField(event) {
  if (event.key !== "Enter" || event.isComposing || !(event.target instanceof HTMLInputElement)) return;
  const { form } = event.target;
  const main = form?.querySelector("button.primary");
  if (!form || !(main instanceof HTMLButtonElement)) return;
  event.preventDefault();
  if (!main.disabled) form.requestSubmit(main);
}

/** @param {HTMLDialogElement} dialog @param {MouseEvent} event */
function outside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  const { clientX: x, clientY: y } = event;
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}

/**
 * Ask before something that cannot be taken back.
 *
 * @param {{title: string, body?: string, confirm: string, cancel?: string, danger?: boolean}} words
 * @returns {Promise<boolean>} whether it was confirmed
 */
export async function confirmDialog({ title, body, confirm, cancel = t("common.cancel"), danger = false }) {
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "confirm-title", "aria-describedby": body ? "confirm-body" : undefined },
    h("form", { method: "dialog", class: "stack" },
      h("h2", { id: "confirm-title", class: "dialog-title" }, title),
      body && h("p", { id: "confirm-body" }, body),
      h("div", { class: "actions" },
        h("button", { class: "button", value: "", autofocus: danger }, cancel),
        h("button", { class: danger ? "button danger" : "button primary", value: "yes", autofocus: !danger }, confirm),
      ),
    ),
  );
  document.body.append(dialog);
  const answer = await openDialog(dialog);
  dialog.remove();
  return answer === "yes";
}
