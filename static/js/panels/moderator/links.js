/**
 * How people come in: the code, the QR code and the join link, and new links for the roles.
 */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { confirmDialog, openDialog } from "../../lib/dialog.js";
import { button } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/** Under this name the moderators' new link outlives the reload that follows it. */
const RENEWED = "link.moderator";
const ROLES = /** @type {const} */ (["moderator", "rapporteur", "screen"]);

/**
 * @param {HTMLElement} opener the button that shows the dialog
 * @param {HTMLAnchorElement} screen the link to the screen's page
 * @param {Tools} tools
 */
export function mountLinks(opener, screen, tools) {
  const { code, join_url: joinUrl } = tools.session.boot;
  const title = h("h2", { class: "dialog-title", id: "links-title" }, t("moderator.links.title"));
  const dialog = h(
    "dialog",
    { class: "dialog links", "aria-labelledby": title.id },
    h(
      "div",
      { class: "stack" },
      title,
      h(
        "div",
        { class: "links-join" },
        h("img", { src: `/j/${code}/qr.svg`, alt: t("moderator.links.qr"), width: 220, height: 220, loading: "lazy" }),
        h(
          "div",
          { class: "stack tight grow" },
          h("p", { class: "muted" }, t("moderator.links.code")),
          h("p", { class: "join-code" }, code),
        ),
      ),
      linkField(t("moderator.links.join"), joinUrl),
      h("h3", null, t("moderator.links.roles")),
      h("p", { class: "hint" }, t("moderator.links.roles.hint")),
      h(
        "ul",
        { class: "plain stack tight" },
        ROLES.map((role) => roleRow(tools, role)),
      ),
      h(
        "form",
        { method: "dialog", class: "actions" },
        h("button", { class: "button", autofocus: true }, t("common.close")),
      ),
    ),
  );
  document.body.append(dialog);
  opener.addEventListener("click", () => void openDialog(dialog));
  screen.addEventListener("click", (event) => {
    event.preventDefault();
    void openScreen(screen, dialog, tools);
  });
  const renewed = tools.drafts.read(RENEWED);
  if (typeof renewed !== "string") return;
  tools.drafts.drop(RENEWED);
  void openDialog(dialog);
  showLink(
    /** @type {HTMLElement} */ (dialog.querySelector('[data-role="moderator"]')),
    t("moderator.role.moderator"),
    renewed,
  );
}

/**
 * The screen has a key of its own, so that no private byte reaches a hall. A browser that holds it opens the page; for
 * any other one the dialog says how to get it.
 * @param {HTMLAnchorElement} screen
 * @param {HTMLDialogElement} dialog
 * @param {Tools} tools
 */
async function openScreen(screen, dialog, tools) {
  const answer = await fetch(`/api/sessions/${tools.session.boot.session}/view?as=screen`).catch(() => null);
  if (answer?.ok) {
    window.open(screen.href, "_blank", "noopener");
    return;
  }
  void openDialog(dialog);
  const row = /** @type {HTMLElement} */ (dialog.querySelector('[data-role="screen"]'));
  row.replaceChildren(h("p", { class: "hint", role: "status" }, t("moderator.links.screen")));
  row.parentElement?.querySelector("button")?.focus();
}

/** @param {HTMLElement} place @param {string} role @param {string} link */
function showLink(place, role, link) {
  const open = h(
    "a",
    { class: "button small", href: link, target: "_blank", rel: "noopener" },
    t("moderator.links.go"),
  );
  place.replaceChildren(linkField(t("moderator.links.new", { role }), link), open);
  place.querySelector("input")?.focus();
}

/** @param {Tools} tools @param {(typeof ROLES)[number]} role */
function roleRow(tools, role) {
  const place = h("div", { "data-role": role });
  const renew = button(t("moderator.links.renew"), () => void renewLink(tools, role, renew, place), {
    class: "small",
    name: t("moderator.links.renew.name", { role: t(`moderator.role.${role}`) }),
  });
  return h(
    "li",
    { class: "links-role", "data-place": "" },
    h("div", { class: "row apart" }, h("span", null, t(`moderator.role.${role}`)), renew),
    place,
  );
}

/**
 * @param {Tools} tools
 * @param {(typeof ROLES)[number]} role
 * @param {HTMLElement} control
 * @param {HTMLElement} place
 */
async function renewLink(tools, role, control, place) {
  const name = t(`moderator.role.${role}`);
  const sure = await confirmDialog({
    title: t("moderator.links.renew.title", { role: name }),
    body: t(role === "moderator" ? "moderator.links.renew.moderator" : "moderator.links.renew.body"),
    confirm: t("moderator.links.renew"),
    danger: true,
  });
  if (!sure) return;
  control.setAttribute("aria-busy", "true");
  try {
    const { link = "" } = await post(`/api/sessions/${tools.session.boot.session}/links`, { role });
    if (role !== "moderator") return showLink(place, name, link);
    // The key of this page has ended too; the answer brought the new one, and a reload takes it up.
    tools.drafts.write(RENEWED, link);
    location.reload();
  } catch (error) {
    tools.refuse(control, error);
  } finally {
    control.removeAttribute("aria-busy");
  }
}

/**
 * @param {string} path
 * @param {Record<string, string>} body
 * @returns {Promise<Record<string, string>>} rejects with the refusal
 */
async function post(path, body) {
  const answer = await fetch(`${path}?as=moderator`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw found;
  return found;
}

/** A link to read, select and copy. @param {string} label @param {string} link */
function linkField(label, link) {
  const input = h("input", { type: "text", class: "input link-input", readonly: true, dir: "ltr" });
  input.value = link;
  input.setAttribute("aria-label", label);
  input.addEventListener("focus", () => input.select());
  const done = h("span", { role: "status", class: "small-text muted" });
  const copy = button(
    t("moderator.links.copy"),
    () => {
      // Without the clipboard (plain HTTP, an old browser) the link is selected, ready for the person's own copy.
      const fallback = () => {
        input.focus();
        done.textContent = t("moderator.links.copy.self");
      };
      if (!navigator.clipboard) return fallback();
      navigator.clipboard.writeText(link).then(() => (done.textContent = t("moderator.links.copied")), fallback);
    },
    { class: "small", name: `${t("moderator.links.copy")}: ${label}` },
  );
  return h(
    "div",
    { class: "link-field" },
    h("span", { class: "label small-text", "aria-hidden": "true" }, label),
    h("div", { class: "row" }, h("div", { class: "grow" }, input), copy),
    done,
  );
}
