/** The links of a new session: who gets which, with a button that copies. */

import { h, setText } from "../lib/dom.js";
import { t } from "../lib/texts.js";

const ROLES = /** @type {const} */ (["moderator", "rapporteur", "screen", "participant"]);

/** @param {HTMLElement} list @param {Record<string, string>} links */
export function drawLinks(list, links) {
  list.replaceChildren(...ROLES.flatMap((role) => (links[role] ? [row(role, links[role])] : [])));
}

/** @param {string} role @param {string} link */
function row(role, link) {
  const id = `link-${role}`;
  const field = h("input", { class: "input", id, value: link, readonly: true, dir: "ltr", onfocus: () => field.select() });
  const copy = h("button", { type: "button", class: "button" }, t("new.copy"));
  copy.addEventListener("click", async () => {
    await copyText(field);
    setText(copy, t("new.copied"));
    setTimeout(() => setText(copy, t("new.copy")), 2_000);
  });
  return h("li", { class: "card stack tight" },
    h("label", { class: "label", for: id }, t(`new.link.${role}`)),
    h("p", { class: "hint" }, t(`new.link.${role}.hint`)),
    h("div", { class: "link-row" }, field, copy, h("a", { class: "button", href: link, target: "_blank", rel: "noopener" }, t("new.open"))),
  );
}

/** Copy what a field holds; the clipboard of the page exists under HTTPS only. @param {HTMLInputElement} field */
async function copyText(field) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(field.value);
    return;
  }
  field.select();
  document.execCommand("copy");
}
