/**
 * A poll in two taps: choose yes / no or agree 1 to 5, then open it. The question can be put into words in between; the
 * answers stand in all languages of the session.
 */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { inLanguages } from "./kit/languages.js";
import { textField } from "./kit/text-field.js";
import { button } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {"yes_no" | "agree"} Kind */

/**
 * @param {HTMLElement} el
 * @param {Tools} tools
 */
export function mountQuickPoll(el, tools) {
  const place = h("div", { class: "quick-place" });
  const openers = /** @type {Kind[]} */ (["yes_no", "agree"]).map((kind) => {
    const opener = button(t(`moderator.quick.${kind}`), () => void begin(tools, place, kind, opener), { class: "small" });
    return opener;
  });
  const row = h("div", { class: "row quick-row" }, h("span", { class: "label" }, t("moderator.quick.title")), openers);
  el.replaceChildren(row, place);
  tools.store.watch(["stage"], () => (el.hidden = tools.stage.session.state === "ended"));
}

/**
 * @param {Tools} tools
 * @param {HTMLElement} place
 * @param {Kind} kind
 * @param {HTMLElement} opener
 */
async function begin(tools, place, kind, opener) {
  const { languages } = tools;
  const words = await inLanguages(`moderator.quick.${kind}.prompt`, languages);
  const prompt = textField({ label: t("moderator.poll.prompt"), languages, value: words });
  const open = h("button", { type: "submit", class: "button primary" }, t("moderator.poll.open_now"));
  const done = () => {
    form.remove();
    opener.focus();
  };
  const form = h("form", { class: "card stack tight", "data-place": "", novalidate: true }, prompt.el, h("div", { class: "actions" }, button(t("common.cancel"), done, { look: "quiet" }), open));
  form.addEventListener("keydown", (event) => event.key === "Escape" && done());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const asked = prompt.value();
    if (Object.keys(asked).length === 0) return prompt.focus();
    const fields = { ...(await answers(kind, languages)), prompt: asked };
    const made = await tools.act(open, "poll.create", fields);
    if (made && (await tools.act(open, "poll.open", { poll: made.made }, { said: t("moderator.poll.opened"), undo: [["poll.close", { poll: made.made }]] }))) done();
  });
  place.replaceChildren(form);
  open.focus();
}

/** @param {Kind} kind @param {readonly string[]} languages */
async function answers(kind, languages) {
  const words = (/** @type {string} */ end) => inLanguages(`moderator.quick.${kind}.${end}`, languages);
  if (kind === "yes_no") return { kind: "single", options: await Promise.all(["yes", "no"].map(words)) };
  const [low, high] = await Promise.all(["low", "high"].map(words));
  return { kind: "scale", settings: { from: 1, to: 5, low, high } };
}
