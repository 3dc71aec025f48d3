/**
 * Questions of participants: what waits for a decision, what is on stage, what was answered or declined. A declined asker
 * always learns why.
 */
import { h, keyed, setText } from "../../lib/dom.js";
import { pick, show, t } from "../../lib/texts.js";
import { heldOrder, shownOrder } from "./kit/question-model.js";
import { mountQuestionSettings } from "./question-settings.js";
import { answerForm, declineForm, editForm, mergeForm } from "./question-forms.js";
import { button, keepFocus } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("./kit/steady.js").Steady} Steady */
/** @typedef {"pending" | "live" | "answered" | "declined"} State */
/** @typedef {import("../../live/types.js").StageQuestion | import("../../live/types.js").DeskQuestion} Question */
/** @typedef {"approve" | "decline" | "edit" | "merge" | "pin" | "unpin" | "answer" | "restore"} Action */

/** @type {Record<State, Action[]>} what can be done, the likeliest first */
const ACTIONS = {
  pending: ["approve", "decline", "edit", "merge"],
  live: ["answer", "pin", "unpin", "edit", "merge", "decline"],
  answered: ["restore", "answer"],
  declined: ["restore"],
};
/** What may still be done when the session has ended. */
const AFTER_END = new Set(["answer"]);

/**
 * @param {HTMLElement} el
 * @param {Tools} tools
 * @param {Steady} steady
 */
export function mountQuestions(el, tools, steady) {
  const waiting = mountList(tools, steady, "pending");
  const live = mountList(tools, steady, "live");
  const answered = mountList(tools, steady, "answered");
  const declined = mountList(tools, steady, "declined");
  const settings = mountQuestionSettings(tools);
  el.replaceChildren(waiting.el, live.el, answered.el, declined.el, settings);
  const first = () => /** @type {HTMLElement | null} */ (waiting.list.querySelector(".ask-approve"));
  const focused = (/** @type {string} */ selector) =>
    /** @type {HTMLElement | null} */ (
      document.activeElement?.closest(".ask")?.querySelector(`${selector}:not([hidden])`) ?? null
    );
  tools.shortcut("q", t("moderator.keys.question"), () => {
    const target = first();
    if (!target) return tools.say(t("moderator.questions.none"));
    target.focus();
    target.closest("li")?.scrollIntoView({ block: "nearest" });
  });
  // Approving by key takes the question that has the focus; without one it leads to the first, which is read before.
  tools.shortcut("a", t("moderator.keys.approve"), () =>
    focused(".ask-approve") ? focused(".ask-approve")?.click() : tools.shortcuts.get("q")?.run(),
  );
  tools.shortcut("d", t("moderator.keys.decline"), () =>
    focused(".ask-decline") ? focused(".ask-decline")?.click() : tools.shortcuts.get("q")?.run(),
  );
}

/**
 * @param {Tools} tools
 * @param {Steady} steady
 * @param {State} state
 */
function mountList(tools, steady, state) {
  const list = h("ol", { class: "plain asks-list" });
  const empty = h("p", { class: "muted" });
  const count = h("span", { class: "count" });
  const title = h("span", null, t(`moderator.questions.${state}`));
  const quiet = state === "answered" || state === "declined";
  const el = quiet
    ? h("details", { class: "asks-group" }, h("summary", null, title, " ", count), list)
    : h("section", { class: "asks-group" }, h("h4", { class: "row" }, title, count), list, empty);

  function draw() {
    const held = state === "pending" || state === "declined";
    const ids = held ? heldOrder(tools.desk.questions, state) : shownOrder(tools.questions, state);
    const { order, gone } = steady.order(list, ids, draw);
    setText(count, ids.length);
    const ended = tools.stage.session.state === "ended";
    count.dataset.count = state === "pending" && !ended ? String(ids.length) : "0";
    el.hidden = quiet && ids.length === 0;
    empty.hidden = order.length > 0;
    setText(empty, t(`moderator.questions.${state}.none`));
    keyed(
      list,
      order,
      (id) => id,
      (id) => createAsk(tools, id, state),
      (li, id) => {
        const question = held ? tools.desk.questions[id] : tools.questions.items[id];
        li.inert = gone.has(id) || question?.state !== state;
        if (question && question.state === state) keepFocus(li, () => rows.get(li)?.(question, ended));
      },
    );
  }
  tools.store.watch(["stage", "desk"], draw);
  return { el, list };
}

/** @type {WeakMap<HTMLElement, (question: Question, ended: boolean) => void>} */
const rows = new WeakMap();

/** @param {Tools} tools @param {string} id @param {State} state */
function createAsk(tools, id, state) {
  const text = h("p", { class: "ask-text" });
  const facts = h("p", { class: "muted small-text" });
  const more = h("p", { class: "ask-more" });
  const forms = h("div", { class: "ask-forms" });
  const actions = h("div", { class: "row ask-actions" });
  const buttons = ACTIONS[state].map((action) => {
    const primary = action === "approve" || (action === "answer" && state === "live");
    const control = button(t(`moderator.question.${action}`), () => perform(tools, id, state, action, control, forms), {
      look: primary && state === "pending" ? "primary" : primary ? "plain" : "quiet",
      class: `small ask-${action}`,
    });
    actions.append(control);
    return /** @type {[Action, HTMLButtonElement]} */ ([action, control]);
  });
  const li = h("li", { class: "ask", "data-place": "" }, text, facts, more, actions, forms);
  rows.set(li, (question, ended) => {
    show(text, question.text);
    setText(facts, factsOf(tools, question));
    const extra = moreOf(question);
    more.hidden = !extra;
    setText(more, extra);
    const pinned = tools.questions.pinned === id;
    li.classList.toggle("pinned", pinned);
    for (const [action, control] of buttons) {
      control.hidden =
        (ended && !AFTER_END.has(action)) ||
        (action === "pin" && pinned) ||
        (action === "unpin" && !pinned) ||
        (action === "merge" && mergeTargets(tools, id).length === 0);
      control.setAttribute("aria-label", `${control.textContent}: ${pick(question.text)}`);
    }
  });
  return li;
}

/** @param {Tools} tools @param {Question} question */
function factsOf(tools, question) {
  const words = [question.name ?? t("moderator.question.anonymous")];
  if (question.name != null) words.push(tools.groupName(question.group));
  if ("votes" in question) words.push(t("moderator.question.votes", { n: question.votes }));
  words.push(tools.timeOf(question.at));
  return words.join(" · ");
}

/** What else there is to read: the asker's own words, the answer, the reason. @param {Question} question */
function moreOf(question) {
  if ("answer" in question && question.answer)
    return t("moderator.question.answer_was", { text: pick(question.answer) });
  if ("reason" in question && question.reason)
    return t("moderator.question.reason_was", { text: pick(question.reason) });
  if ("original" in question && question.original)
    return t("moderator.question.original", { text: pick(question.original) });
  return "";
}

/** The live questions into which this one can be merged. @param {Tools} tools @param {string} id */
function mergeTargets(tools, id) {
  return shownOrder(tools.questions, "live").filter((other) => other !== id);
}

/**
 * @param {Tools} tools
 * @param {string} id
 * @param {State} state
 * @param {Action} action
 * @param {HTMLElement} control
 * @param {HTMLElement} forms
 */
function perform(tools, id, state, action, control, forms) {
  const held = state === "pending" || state === "declined";
  const question = held ? tools.desk.questions[id] : tools.questions.items[id];
  if (!question) return;
  const open = (/** @type {{el: HTMLElement, focus: () => void}} */ form) => {
    forms.replaceChildren(form.el);
    form.focus();
  };
  const close = () => {
    forms.replaceChildren();
    control.focus();
  };
  const context = { tools, id, question, close };
  switch (action) {
    case "approve":
      return tools.act(
        control,
        "question.approve",
        { question: id },
        {
          said: t("moderator.question.approved"),
          undo: [
            ["question.decline", { question: id, reason: t("moderator.question.unapproved") }],
            ["question.restore", { question: id }],
          ],
        },
      );
    case "restore":
      return tools.act(
        control,
        "question.restore",
        { question: id },
        { said: t("moderator.question.restored"), undo: decisionOn(id, question) },
      );
    case "pin":
    case "unpin": {
      const on = action === "pin";
      const former = tools.questions.pinned;
      const back = on && former != null ? { question: former } : { question: id, on: !on };
      return tools.act(
        control,
        "question.pin",
        { question: id, on },
        { said: t(on ? "moderator.question.pinned" : "moderator.question.unpinned"), undo: [["question.pin", back]] },
      );
    }
    case "answer":
      return open(answerForm(context));
    case "decline":
      return open(declineForm(context));
    case "edit":
      return open(editForm({ ...context, approve: state === "pending" }));
    case "merge":
      return open(mergeForm({ ...context, targets: mergeTargets(tools, id) }));
  }
}

/**
 * The command that takes the same decision again.
 * @param {string} id
 * @param {Question} question
 * @returns {import("./kit/tools.js").Step[]}
 */
function decisionOn(id, question) {
  if ("reason" in question && question.reason) return [["question.decline", { question: id, reason: question.reason }]];
  if ("answer" in question && question.answer) return [["question.answer", { question: id, text: question.answer }]];
  return [["question.answer", { question: id }]];
}
