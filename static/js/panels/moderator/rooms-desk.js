/**
 * Breakout rooms on the moderator's page: what steers the open plan stands in the stage column, or on the board while that
 * is open; the other plans, and the link of video rooms, stand below it.
 */
import { h, keyed, setText } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { mountBoard } from "./rooms-board.js";
import { mountHelp } from "./rooms-help.js";
import { mountLink } from "./rooms-link.js";
import { dropPlan } from "./rooms-plan.js";
import { mountSteering } from "./rooms-steering.js";
import { isWritten } from "./rooms-written.js";
import { BOARD } from "./kit/board.js";
import { currentPlan, openPlan, planOrder } from "./kit/rooms-model.js";
import { planName } from "./kit/rooms-words.js";
import { button } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/**
 * Which plan the page is about.
 * @typedef {{id: () => string | null, plan: () => import("./kit/rooms-model.js").Plan | null, choose: (id: string | null) => void}} Chosen
 */

/**
 * @param {HTMLElement} el
 * @param {HTMLElement} boardEl
 * @param {Tools} tools
 */
export function mountDesk(el, boardEl, tools) {
  const columns = /** @type {HTMLElement} */ (el.closest(".columns"));
  /** @type {string | null} */
  let picked = null;
  /** @type {Chosen} */
  const chosen = {
    id: () => currentPlan(tools.desk.rooms, picked),
    plan: () => tools.desk.rooms?.[chosen.id() ?? ""] ?? null,
    choose: (id) => {
      picked = id;
      draw();
      board.draw();
      steering.draw();
    },
  };
  const steering = mountSteering(tools, chosen);
  const help = mountHelp(tools);
  const control = h("div", { class: "stack tight rooms-control" }, steering.el, help.el);
  const here = h("div", null, control);
  const board = mountBoard(boardEl, tools, chosen, () => open(false));
  const opener = button(t("moderator.rooms.board"), () => open(true), { class: "small", key: "r" });
  const begin = button(t("moderator.rooms.new"), () => start(), { class: "small" });
  const list = h("ul", { class: "plain" });
  const summary = h("summary", null);
  const others = h("details", { class: "rooms-others" }, summary, list);
  el.replaceChildren(h("div", { class: "row" }, opener, begin), here, others, mountLink(tools));

  function draw() {
    const plans = tools.desk.rooms ?? {};
    // What was looked at before rooms opened is not what matters once they are closed.
    if (openPlan(plans) !== null) picked = null;
    const now = chosen.id();
    const rest = planOrder(plans).filter((id) => id !== now);
    const ended = tools.stage.session.state === "ended";
    begin.hidden = ended;
    opener.hidden = nothing();
    others.hidden = rest.length === 0;
    setText(summary, t("moderator.rooms.others", { n: rest.length }));
    keyed(
      list,
      rest,
      (id) => id,
      (id) => createOther(tools, id, () => (chosen.choose(id), open(true))),
      (li, id) => {
        const plan = plans[id];
        const [words] = li.children;
        if (plan && words)
          setText(
            words,
            `${planName(plan)} · ${t(`moderator.rooms.state.${plan.state}`)} · ${tools.timeOf(plan.made)}`,
          );
      },
    );
  }
  tools.store.watch(["stage", "desk", "record"], draw);

  /** Whether the board would have nothing to show. */
  function nothing() {
    return chosen.id() === null && !isWritten(tools.store.docs.record);
  }

  /** @param {boolean} on */
  function open(on, focus = true) {
    const changed = on !== "board" in columns.dataset;
    if (on) columns.dataset.board = "";
    else delete columns.dataset.board;
    (on ? board.steering : here).append(control);
    if (changed && focus) (on ? boardEl.querySelector("h2") : opener)?.focus();
    if (on) board.draw();
  }
  columns.addEventListener(BOARD, () => open(false, false));

  function start() {
    open(true);
    board.form();
  }
  if (tools.drafts.read("rooms.new")) board.form(false);
  return {
    begin: start,
    toggle: () => {
      if (nothing() && !board.filling() && !("board" in columns.dataset))
        return tools.say(t("moderator.rooms.none"));
      open(!("board" in columns.dataset));
    },
    focusHelp: help.focus,
  };
}

/** @param {Tools} tools @param {string} id @param {() => void} look */
function createOther(tools, id, look) {
  const drop = button(t("moderator.drop"), () => void dropPlan(tools, id, drop), {
    look: "quiet",
    class: "small danger-text",
  });
  return h(
    "li",
    { class: "rooms-other", "data-place": "" },
    h("p", null),
    h("div", { class: "row" }, button(t("moderator.rooms.look_plan"), look, { class: "small" }), drop),
  );
}
