/**
 * Questions that people asked: vote for others', follow one's own.
 *
 * Nothing moves under the finger: the order stays as it was shown, new ones and a changed order wait behind a button. A
 * question that the moderators pin is what the hall talks about now: it comes first at once.
 */

import { assign, clone, h, keyed, one, setText } from "../lib/dom.js";
import { confirmDialog } from "../lib/dialog.js";
import { dotted } from "../lib/isolate.js";
import { formatNumber, pick, refusal, show, t } from "../lib/texts.js";
import { toast } from "../lib/toast.js";
import { Counted } from "../live/counted.js";
import { Intents } from "../live/intents.js";

/** @import { Session } from "../live/session.js" */
/** @import { AskedQuestion, StageQuestion, Text } from "../live/types.js" */
/** @typedef {{id: string, item: StageQuestion}} Entry */
/** @typedef {{id: string, text: Text | string, anonymous: boolean, state: string, reason?: Text | null}} Own */

/** The answer to a question that was sent comes by so much before the document that lists it, at most, ms. */
const SOON = 50;

/** @param {HTMLElement} root @param {Session} session */
export function mountQuestions(root, session) {
  const { store } = session;
  const list = one("#questions-live", root);
  const more = /** @type {HTMLButtonElement} */ (one("#questions-new", root));
  /** The order in which live questions stand on the page. @type {string[]} */
  let shown = sorted().map(({ id }) => id);
  /** How many own questions stand there as being sent. */
  let sending = 0;
  /** @type {Intents<boolean>} */
  const intents = new Intents(session, draw, (command) =>
    command.do === "question.vote" ? [String(command.question), command.on === true] : null,
  );
  const counted = new Counted(store, (me) => me?.voted, draw);

  list.addEventListener("click", onVote);
  one("#mine-list", root).addEventListener("click", (event) => void onWithdraw(event));
  more.addEventListener("click", () => {
    shown = sorted().map(({ id }) => id);
    draw();
    one(".vote", list).focus({ preventScroll: true });
  });
  store.watch(["stage", "me"], draw);
  session.onPending(() => {
    // What is no longer on its way stays on the page until the document with it is here.
    if (asking().length < sending) setTimeout(draw, SOON);
    else draw();
  });

  /** Live questions: the pinned one, then more votes first, then older first. @returns {Entry[]} */
  function sorted() {
    const { items = {}, pinned } = store.docs.stage?.questions ?? {};
    return Object.entries(items)
      .map(([id, item]) => ({ id, item }))
      .filter(({ item }) => item.state === "live")
      .sort((a, b) => Number(b.id === pinned) - Number(a.id === pinned) || b.item.votes - a.item.votes || a.item.at - b.item.at);
  }

  /** @param {string[]} ids @returns {string[]} */
  function pinnedFirst(ids) {
    const { items, pinned } = store.docs.stage?.questions ?? {};
    if (pinned == null || items?.[pinned]?.state !== "live") return ids;
    return [pinned, ...ids.filter((id) => id !== pinned)];
  }

  function draw() {
    const wanted = sorted();
    const byId = new Map(wanted.map((entry) => [entry.id, entry]));
    const kept = shown.filter((id) => byId.has(id));
    // With nothing on the page there is nothing that could move.
    shown = kept.length ? pinnedFirst(kept) : wanted.map(({ id }) => id);
    const entries = shown.flatMap((id) => byId.get(id) ?? []);
    keyed(list, entries, ({ id }) => id, () => clone("question-template"), update);
    const fresh = wanted.length - entries.length;
    const moved = wanted.some(({ id }, index) => id !== shown[index]);
    more.hidden = !fresh && !moved;
    setText(more, fresh ? t("participant.questions.new", { n: fresh }) : t("participant.questions.sort"));
    drawAnswered();
    drawMine();
    drawNone(!wanted.length);
  }

  /** @param {HTMLElement} el @param {Entry} entry */
  function update(el, { id, item }) {
    const own = store.docs.me?.asked[id] !== undefined;
    const vote = intents.get(id, store.docs.me?.voted[id] === true);
    // The stage counts what it has seen; a vote on its way is added for the eye of its owner.
    const votes = item.votes + Number(vote.value) - Number(counted.value?.[id] === true);
    const button = /** @type {HTMLButtonElement} */ (one(".vote", el));
    const state = own ? "own" : vote.waiting ? (session.status === "live" ? "sent" : "kept") : vote.value ? "counted" : "vote";
    setText(one(".vote-count", el), formatNumber(votes));
    setText(one(".vote-state", el), t(`participant.vote.${state}`));
    assign(button, {
      disabled: own || item.state !== "live" || store.docs.stage?.session.state === "ended",
      "aria-pressed": own ? null : String(vote.value),
      "aria-label": `${t("participant.vote.label", { n: votes })}, ${t(`participant.vote.${state}`)}: ${pick(item.text)}`,
    });
    show(one(".question-text", el), item.text);
    setText(one(".question-who", el), who(item));
    one(".question-chip", el).hidden = store.docs.stage?.questions.pinned !== id;
    const answer = one(".question-answer", el);
    answer.hidden = !item.answer;
    show(answer, item.answer);
  }

  /** @param {StageQuestion} item */
  function who(item) {
    const group = item.group ? pick(store.docs.stage?.session.groups[item.group]) : "";
    return dotted([item.name ?? t("participant.question.anonymous"), group]);
  }

  /** @param {boolean} none no question is live */
  function drawNone(none) {
    const { questions, session: info } = store.docs.stage ?? {};
    const closed = questions?.open === false || info?.state === "ended";
    const line = one("#questions-none", root);
    line.hidden = !closed && !none;
    setText(line, t(closed ? "participant.questions.closed" : "participant.questions.none"));
  }

  function drawAnswered() {
    const answered = Object.entries(store.docs.stage?.questions.items ?? {})
      .map(([id, item]) => ({ id, item }))
      .filter(({ item }) => item.state === "answered")
      .sort((a, b) => b.item.votes - a.item.votes || a.item.at - b.item.at);
    one("#questions-answered-fold", root).hidden = !answered.length;
    setText(one("#questions-answered-title", root), t("participant.questions.answered", { n: answered.length }));
    keyed(one("#questions-answered", root), answered, ({ id }) => id, () => clone("question-template"), update);
  }

  function asking() {
    return session.pending().filter((command) => command.do === "question.ask");
  }

  function drawMine() {
    const ended = store.docs.stage?.session.state === "ended";
    const asked = Object.entries(store.docs.me?.asked ?? {});
    /** @type {Own[]} */
    const own = asked.map(([id, question]) => ({ id, ...question })).sort((a, b) => b.at - a.at);
    const onTheWay = asking();
    sending = onTheWay.length;
    for (const command of onTheWay) {
      own.unshift({ id: command.id, text: String(command.text), anonymous: command.anonymous === true, state: "sending" });
    }
    one("#mine", root).hidden = !own.length;
    keyed(one("#mine-list", root), own, ({ id }) => id, createOwn, (el, question) => updateOwn(el, question, ended));
  }

  /** @param {MouseEvent} event */
  function onVote(event) {
    const button = /** @type {HTMLElement} */ (event.target).closest(".vote");
    const id = /** @type {HTMLElement | undefined | null} */ (button?.closest(".question"))?.dataset.key;
    if (id === undefined) return;
    const on = !intents.get(id, store.docs.me?.voted[id] === true).value;
    void intents.run(id, on, "question.vote", { question: id, on }).then((outcome) => {
      const why = intents.refusal(id);
      if (!outcome && why) toast(refusal(why), "problem");
    });
  }

  /** @param {MouseEvent} event */
  async function onWithdraw(event) {
    const button = /** @type {HTMLElement} */ (event.target).closest(".own-withdraw");
    const id = /** @type {HTMLElement | undefined | null} */ (button?.closest("li"))?.dataset.key;
    if (id === undefined) return;
    const sure = await confirmDialog({
      title: t("participant.mine.withdraw.title"),
      confirm: t("participant.mine.withdraw"),
      danger: true,
    });
    if (sure) session.send("question.withdraw", { question: id }).catch((error) => toast(refusal(error), "problem"));
  }
}

function createOwn() {
  return h("li", { class: "own", tabindex: -1 },
    h("p", { class: "own-text" }),
    h("p", { class: "row small-text" },
      h("span", { class: "chip own-state" }),
      h("span", { class: "muted own-anonymous" }, t("participant.question.anonymous")),
      h("button", { type: "button", class: "button quiet small own-withdraw" }, t("participant.mine.withdraw")),
    ),
    h("p", { class: "own-reason small-text" }),
  );
}

/** @param {HTMLElement} el @param {Own} question @param {boolean} ended nothing can be taken back after the end */
function updateOwn(el, question, ended) {
  const { text, state, anonymous, reason } = question;
  if (typeof text === "string") setText(one(".own-text", el), text);
  else show(one(".own-text", el), text);
  const chip = one(".own-state", el);
  setText(chip, t(`participant.mine.${state}`));
  chip.className = `chip own-state ${TONES[/** @type {AskedQuestion["state"]} */ (state)] ?? ""}`;
  one(".own-anonymous", el).hidden = !anonymous;
  const withdraw = one(".own-withdraw", el);
  const focused = document.activeElement === withdraw;
  withdraw.hidden = ended || (state !== "pending" && state !== "live");
  // The button that was just used goes; the question it was about keeps the focus.
  if (focused && withdraw.hidden) el.focus({ preventScroll: true });
  const why = one(".own-reason", el);
  why.hidden = !reason;
  show(why, reason);
}

/** @type {Record<AskedQuestion["state"], string>} */
const TONES = { pending: "notice", live: "action", answered: "action", declined: "caution", withdrawn: "", merged: "" };
