/**
 * What a moderator does with a plan of rooms as a whole: open it, rotate, call everybody back, and the clock of the round.
 * One main action at a time; the others are quiet.
 */
import { announce } from "../../lib/announce.js";
import { h, setText } from "../../lib/dom.js";
import { roomName } from "../../lib/rooms.js";
import { t } from "../../lib/texts.js";
import { clockLeft } from "../../lib/time.js";
import { callBack, doMain } from "./rooms-acts.js";
import { mountRoomsClock } from "./rooms-clock.js";
import { mountNews } from "./rooms-news.js";
import { dropPlan, editPlan } from "./rooms-plan.js";
import { GRACE, SHORT, isOpen, mainStep, peopleHere, seatMap, unseated } from "./kit/rooms-model.js";
import { warningDue } from "./kit/rooms-watch.js";
import { closedWords, planName } from "./kit/rooms-words.js";
import { button, chip, keepFocus } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("./rooms-desk.js").Chosen} Chosen */
/** @typedef {import("./kit/rooms-model.js").Plan} Plan */

/**
 * @param {Tools} tools
 * @param {Chosen} chosen
 */
export function mountSteering(tools, chosen) {
  const state = chip("");
  const place = h("span", { class: "muted" });
  const name = h("p", { class: "rooms-name", dir: "auto" });
  const facts = h("p", { class: "hint" });
  const ahead = h("p", { class: "hint" });
  const progress = h("progress", { "aria-label": t("moderator.rooms.planning") });
  const clock = mountRoomsClock(tools, chosen);
  const news = mountNews(tools, chosen);
  const label = h("span", { class: "run-main-label" });
  const next = h("span", { class: "run-main-next" });
  // The second click of a double one meets what the first has made of the button.
  const main = button([label, next], ({ detail }) => void (detail < 2 && doMain(tools, chosen, main)), {
    look: "primary",
    class: "run-main",
  });
  const recall = button(t("moderator.rooms.recall"), () => void callBack(tools, recall), { class: "small" });
  const stay = button(
    t("moderator.rooms.stay"),
    () => void tools.act(stay, "rooms.extend", { seconds: 60 }, { said: t("moderator.rooms.stayed") }),
  );
  const sooner = button(
    t("moderator.rooms.sooner", { n: SHORT }),
    () =>
      void tools.act(sooner, "rooms.close", { grace: SHORT }, { said: t("moderator.rooms.sooner.done", { n: SHORT }) }),
    { class: "small" },
  );
  const edit = button(t("moderator.rooms.plan.edit"), () => void editPlan(tools, chosen.id() ?? ""), {
    look: "quiet",
    class: "small",
  });
  const drop = button(t("moderator.drop"), () => void dropPlan(tools, chosen.id() ?? "", drop), {
    look: "quiet",
    class: "small danger-text",
  });
  const shown = h("span", null);
  const hide = button(
    t("moderator.rooms.hide"),
    () => void tools.act(hide, "rooms.hide", {}, { said: t("moderator.rooms.hidden") }),
    { class: "small" },
  );
  const onScreen = h("p", { class: "row apart rooms-shown" }, shown, hide);
  const el = h(
    "div",
    { class: "card raised stack rooms-steering", "data-place": "" },
    h(
      "div",
      { class: "stack tight" },
      h("p", { class: "run-state" }, state, place),
      name,
      progress,
      facts,
      clock.el,
      news.el,
      onScreen,
    ),
    h("div", { class: "stack tight" }, main, ahead, h("div", { class: "row rooms-quiet" }, stay, sooner, recall, edit, drop)),
  );
  /** @type {{key: string, left: number | null}} what the clock was when it was last looked at */
  let seen = { key: "", left: null };

  function draw() {
    const plan = chosen.plan();
    el.hidden = plan === null;
    if (!plan) return;
    keepFocus(el, () => drawPlan(plan));
    drawSooner(plan);
  }

  /** @param {Plan} plan */
  function drawPlan(plan) {
    const ended = tools.stage.session.state === "ended";
    const step = mainStep(plan);
    setText(state, t(`moderator.rooms.state.${plan.state}`));
    state.className = `chip ${isOpen(plan) ? "live" : plan.state === "ready" ? "action" : ""}`;
    setText(place, placeWords(plan));
    setText(name, planName(plan));
    progress.hidden = plan.state !== "planning";
    setText(facts, factWords(tools, plan));
    main.hidden = step === "wait" || ended;
    // What is over is opened again rarely: it does not ask for it.
    main.classList.toggle("primary", step !== "reopen");
    setText(label, t(`moderator.rooms.main.${step}`));
    setText(next, nextWords(tools, plan));
    const closed = ended ? "" : closedWords(plan);
    ahead.hidden = !closed;
    setText(ahead, closed);
    recall.hidden = step !== "rotate";
    stay.hidden = plan.state !== "closing";
    edit.hidden = ended || plan.state === "planning";
    drop.hidden = isOpen(plan) || ended;
    const { shown: notes } = tools.stage.rooms ?? {};
    onScreen.hidden = !notes;
    if (notes) setText(shown, t("moderator.rooms.shown", { room: roomName(notes) }));
    clock.draw();
    news.draw();
  }

  /** It is offered while more is left than what it would cut to; the focus then goes to what takes nothing away. @param {Plan} plan */
  function drawSooner({ state, closing }) {
    const hidden = state !== "closing" || closing == null || closing - tools.store.now() <= SHORT * 1000;
    if (hidden === sooner.hidden) return;
    if (hidden && !stay.hidden && document.activeElement === sooner) stay.focus();
    keepFocus(el, () => (sooner.hidden = hidden));
  }

  function tick() {
    const plan = chosen.plan();
    if (!plan) return;
    clock.draw();
    drawSooner(plan);
    const key = `${chosen.id()} ${plan.round}`;
    const left =
      plan.state === "open" && plan.clock.state === "running" ? clockLeft(plan.clock, tools.store.now()) : null;
    const minutes = warningDue(seen.key === key ? seen.left : null, left);
    if (minutes !== null) announce(t("moderator.rooms.warning", { n: minutes }));
    seen = { key, left };
  }
  tools.store.watch(["stage", "desk"], draw);
  tools.onTick(tick);
  return { el, draw };
}

/** @param {Plan} plan */
function placeWords(plan) {
  if (plan.rounds === 1) return t("moderator.rooms.count", { n: plan.order.length });
  return plan.round
    ? t("rooms.round_of", { n: plan.round, count: plan.rounds })
    : t("moderator.rooms.rounds", { n: plan.rounds });
}

/** @param {Tools} tools @param {Plan} plan */
function factWords(tools, plan) {
  if (plan.state === "planning") return t("moderator.rooms.planning");
  const round = Math.max(1, plan.round);
  const words = [t("moderator.rooms.seated", { n: seatMap(plan, round).size, rooms: plan.order.length })];
  const without = unseated(plan, round, tools.desk.people).length;
  if (without && plan.state !== "closed") words.push(t("moderator.rooms.unseated.n", { n: without }));
  if (isOpen(plan) && plan.auto) words.push(t("moderator.rooms.auto.on"));
  return words.join(" · ");
}

/** What stands below the words of the main button. @param {Tools} tools @param {Plan} plan */
function nextWords(tools, plan) {
  switch (mainStep(plan)) {
    case "open":
      return t("moderator.rooms.main.open.more", { n: peopleHere(tools.desk.people).length });
    case "rotate":
      return t(`moderator.rooms.main.rotate.${plan.rotate}`, { n: plan.round + 1, all: plan.rounds });
    case "recall":
      return t("moderator.rooms.main.recall.more", { n: GRACE });
    default:
      return "";
  }
}
