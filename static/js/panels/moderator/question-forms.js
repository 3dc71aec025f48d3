/**
 * The small forms under a question: decline with a reason, change the words, merge with another, mark as answered.
 */
import { h } from "../../lib/dom.js";
import { pick, t } from "../../lib/texts.js";
import { textField } from "./kit/text-field.js";
import { button, newId, select } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("./questions.js").Question} Question */
/** @typedef {{tools: Tools, id: string, question: Question, close: () => void}} Context */
/** @typedef {{el: HTMLElement, focus: () => void}} Form */

/** The short list of reasons; each is a catalogue key and reaches the asker in the asker's language. */
const REASONS = /** @type {const} */ (["asked", "subject", "later", "unclear", "respect"]);

/** @param {Context} context @returns {Form} */
export function declineForm({ tools, id, question, close }) {
  const own = textField({ label: t("moderator.decline.own"), languages: tools.languages.slice(0, 1), max: 300 });
  const decline = async (/** @type {HTMLElement} */ control, /** @type {Record<string, string>} */ reason) => {
    const live = "votes" in question;
    // A question that was live returns in two steps; a pending one in one.
    const undo = /** @type {import("./kit/tools.js").Step[]} */ ([
      ["question.restore", { question: id }],
      ...(live ? [["question.approve", { question: id }]] : []),
    ]);
    await tools.act(
      control,
      "question.decline",
      { question: id, reason },
      { said: t("moderator.question.declined"), undo },
    );
  };
  const reasons = REASONS.map((reason) => {
    const key = `moderator.decline.${reason}`;
    const control = button(t(key), async () => decline(control, await tools.inLanguages(key)), { class: "small" });
    return control;
  });
  const send = h("button", { type: "submit", class: "button small" }, t("moderator.question.decline"));
  const el = formOf(
    [h("p", { class: "hint" }, t("moderator.decline.hint")), h("div", { class: "row" }, reasons), own.el],
    [send],
    close,
    () => {
      if (own.check()) void decline(send, own.value());
    },
  );
  return { el, focus: () => reasons[0]?.focus() };
}

/** @param {Context & {approve: boolean}} context @returns {Form} */
export function editForm({ tools, id, question, close, approve }) {
  // Only the languages that the asker used are asked for: nobody has to translate in order to mend a word.
  const used = tools.languages.filter((lang) => question.text[lang] !== undefined);
  const others = Object.keys(question.text).filter((lang) => !used.includes(lang));
  const text = textField({
    label: t("moderator.question.words"),
    languages: [...used, ...others],
    value: question.text,
    long: true,
  });
  const save = h("button", { type: "submit", class: "button small" }, t("moderator.save"));
  const both = button(t("moderator.question.save_approve"), () => void send(both, true), {
    look: "primary",
    class: "small",
  });
  both.hidden = !approve;
  async function send(/** @type {HTMLElement} */ control, /** @type {boolean} */ alsoApprove) {
    if (!text.check()) return;
    const value = text.value();
    const steps = /** @type {import("./kit/tools.js").Step[]} */ ([["question.edit", { question: id, text: value }]]);
    if (alsoApprove) steps.push(["question.approve", { question: id }]);
    const done = await tools.steps(control, steps, {
      said: t(alsoApprove ? "moderator.question.approved" : "moderator.question.saved"),
      undo: alsoApprove ? [] : [["question.edit", { question: id, text: question.text }]],
    });
    if (done) close();
  }
  const el = formOf([text.el], [save, both], close, () => void send(save, false));
  return { el, focus: text.focus };
}

/** @param {Context & {targets: string[]}} context @returns {Form} */
export function mergeForm({ tools, id, close, targets }) {
  const { items } = tools.questions;
  const into = select(
    [
      ["", t("moderator.question.merge.choose")],
      ...targets.map((target) => /** @type {[string, string]} */ ([target, pick(items[target]?.text)])),
    ],
    "",
  );
  into.id = newId("merge");
  into.addEventListener("change", () => (send.disabled = into.value === ""));
  // What cannot be undone is not one press away with a question that nobody chose.
  const send = h(
    "button",
    { type: "submit", class: "button small primary", disabled: true },
    t("moderator.question.merge.confirm"),
  );
  const el = formOf(
    [
      h("div", { class: "field" }, h("label", { for: into.id }, t("moderator.question.merge.into")), into),
      h("p", { class: "hint" }, t("moderator.question.merge.hint")),
    ],
    [send],
    close,
    () => {
      if (into.value === "") return into.focus();
      void tools.act(
        send,
        "question.merge",
        { question: id, into: into.value },
        { said: t("moderator.question.merged") },
      );
    },
  );
  return { el, focus: () => into.focus() };
}

/** @param {Context} context @returns {Form} */
export function answerForm({ tools, id, question, close }) {
  const former = "answer" in question && question.answer ? question.answer : {};
  const text = textField({
    label: t("moderator.question.answer_text"),
    languages: tools.languages,
    long: true,
    value: former,
    hint: t("moderator.question.answer_hint"),
  });
  const send = h("button", { type: "submit", class: "button small primary" }, t("moderator.question.answer_mark"));
  const el = formOf([text.el], [send], close, async () => {
    if (!text.check({ optional: true })) return;
    const value = text.value();
    const fields = { question: id, ...(Object.keys(value).length && { text: value }) };
    const again = question.state === "answered";
    const undo = again ? [] : /** @type {import("./kit/tools.js").Step[]} */ ([["question.restore", { question: id }]]);
    if ((await tools.act(send, "question.answer", fields, { said: t("moderator.question.answered"), undo })) && again)
      close();
  });
  return { el, focus: text.focus };
}

/**
 * @param {HTMLElement[]} fields
 * @param {HTMLElement[]} buttons
 * @param {() => void} close
 * @param {() => unknown} onsubmit
 */
function formOf(fields, buttons, close, onsubmit) {
  const el = h(
    "form",
    { class: "inline-form stack tight", "data-place": "", novalidate: true },
    fields,
    h("div", { class: "actions" }, button(t("common.cancel"), close, { look: "quiet", class: "small" }), buttons),
  );
  el.addEventListener("submit", (event) => {
    event.preventDefault();
    onsubmit();
  });
  el.addEventListener("keydown", (event) => event.key === "Escape" && close());
  return el;
}
