/** The links of a new session: who gets which, with a button that copies. */

import { h, setText } from "../lib/dom.js";
import { t } from "../lib/texts.js";

const ROLES = /** @type {const} */ (["moderator", "rapporteur", "screen", "participant"]);

/**
 * @param {HTMLElement} list
 * @param {Record<string, string>} links
 * @param {(done: boolean) => void} copied called after each try to copy a link
 */
export function drawLinks(list, links, copied) {
  list.replaceChildren(...ROLES.flatMap((role) => (links[role] ? [row(role, links[role], copied)] : [])));
}

/** All links as a text to paste, one a line with whom it is for. @param {Record<string, string>} links @returns {string} */
export function listLinks(links) {
  return ROLES.flatMap((role) => (links[role] ? [`${t(`new.link.${role}`)}: ${links[role]}`] : [])).join("\n");
}

/** @param {string} role @param {string} link @param {(done: boolean) => void} copied */
function row(role, link, copied) {
  const id = `link-${role}`;
  const field = h("input", { class: "input", id, value: link, readonly: true, dir: "ltr", onfocus: () => field.select() });
  const copy = h("button", { type: "button", class: "button" }, t("new.copy"));
  copy.addEventListener("click", async () => {
    const done = await copyText(field.value);
    copied(done);
    if (!done) return field.select();
    setText(copy, t("new.copied"));
    setTimeout(() => setText(copy, t("new.copy")), 2_000);
  });
  return h("li", { class: "card stack tight" },
    h("label", { class: "label", for: id }, t(`new.link.${role}`)),
    h("p", { class: "hint" }, t(`new.link.${role}.hint`)),
    h("div", { class: "link-row" }, field, copy, h("a", { class: "button", href: link, target: "_blank", rel: "noopener" }, t("new.open"))),
  );
}

/**
 * Copy a text. The clipboard of the page exists under HTTPS only and may be forbidden; a field that is copied from works
 * in most other places.
 *
 * @param {string} text
 * @returns {Promise<boolean>} whether it is on the clipboard now
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const focused = document.activeElement;
    const field = h("textarea", { class: "visually-hidden", "aria-hidden": "true", tabindex: -1 }, text);
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
    return done;
  }
}
