/**
 * A poll in two taps: choose yes / no or agree 1 to 5, then open it. The question can be put into words in between; the
 * answers stand in all languages of the session.
 *
 * Everybody votes on one question: when it gets words of its own in one language, the proposed words of the others are
 * taken away, unless the moderator says that they fit.
 */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { leftBehind } from "./kit/languages.js";
import { whereField } from "./kit/rooms-where.js";
import { textField } from "./kit/text-field.js";
import { button } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {"yes_no" | "agree"} Kind */

/**
 * @param {HTMLElement} row of buttons that begin a poll
 * @param {HTMLElement} place where the form opens
 * @param {Tools} tools
 */
export function mountQuickPoll(row, place, tools) {
  const openers = /** @type {Kind[]} */ (["yes_no", "agree"]).map((kind) => {
    const opener = button(t(`moderator.quick.${kind}`), () => void begin(tools, place, kind, opener), {
      class: "small",
    });
    return opener;
  });
  row.append(h("span", { class: "label" }, t("moderator.quick.title")), ...openers);
}

/**
 * @param {Tools} tools
 * @param {HTMLElement} place
 * @param {Kind} kind
 * @param {HTMLElement} opener
 */
async function begin(tools, place, kind, opener) {
  const { languages } = tools;
  const words = await tools.inLanguages(`moderator.quick.${kind}.prompt`);
  const prompt = textField({ label: t("moderator.poll.prompt"), languages, value: words, oninput: clearOthers });
  /** @type {string[]} languages whose proposed words were taken away */
  let cleared = [];
  /** @type {Set<string>} */
  const confirmed = new Set();
  const restore = button(t("moderator.quick.others.restore"), () => restoreOthers(), { class: "small" });
  const others = h(
    "div",
    { class: "stack tight", hidden: true },
    h("p", { class: "hint" }, t("moderator.quick.others")),
    h("div", { class: "row" }, restore),
  );
  const open = h("button", { type: "submit", class: "button primary" }, t("moderator.poll.open_now"));
  const where = whereField(tools);
  const done = () => {
    form.remove();
    opener.focus();
  };
  const form = h(
    "form",
    { class: "card stack tight", "data-place": "", novalidate: true },
    prompt.el,
    h("div", { role: "status" }, others),
    where.el,
    h("div", { class: "actions" }, button(t("common.cancel"), done, { look: "quiet" }), open),
  );
  form.addEventListener("keydown", (event) => event.key === "Escape" && done());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!prompt.check()) return;
    const asked = prompt.value();
    const fields = { ...(await answers(tools, kind)), prompt: asked };
    const made = await tools.act(open, "poll.create", fields);
    if (
      made &&
      (await tools.act(
        open,
        "poll.open",
        { poll: made.made, ...where.value() },
        { said: t("moderator.poll.opened"), undo: [["poll.close", { poll: made.made }]] },
      ))
    )
      done();
  });
  place.replaceChildren(form);
  open.focus();

  function clearOthers() {
    const stale = leftBehind(words, prompt.value(), confirmed);
    for (const lang of stale) prompt.write(lang, "");
    cleared.push(...stale);
    // Words written meanwhile are a translation; only what is still empty can be put back.
    const now = prompt.value();
    cleared = cleared.filter((lang) => now[lang] === undefined);
    others.hidden = cleared.length === 0;
  }

  function restoreOthers() {
    for (const lang of cleared) {
      prompt.write(lang, words[lang] ?? "");
      confirmed.add(lang);
    }
    cleared = [];
    others.hidden = true;
    prompt.focus();
  }
}

/** @param {Tools} tools @param {Kind} kind */
async function answers(tools, kind) {
  const words = (/** @type {string} */ end) => tools.inLanguages(`moderator.quick.${kind}.${end}`);
  if (kind === "yes_no") return { kind: "single", options: await Promise.all(["yes", "no"].map(words)) };
  const [low, high] = await Promise.all(["low", "high"].map(words));
  return { kind: "scale", settings: { from: 1, to: 5, low, high } };
}
