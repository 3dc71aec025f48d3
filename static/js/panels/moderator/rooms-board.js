/**
 * The board of a plan: a card for each room with its people, the rounds to look at, and what the plan is worth. While
 * people are in the rooms it shows all of them at a glance. Beside it stands what was written in the rooms of all plans.
 *
 * People are moved by dragging, or from the dialog that their button opens; the focus stays on the person. While something is dragged
 * nothing is redrawn, so that no card moves under the pointer.
 */
import { clear, h, keyed, setText } from "../../lib/dom.js";
import { lang, t } from "../../lib/texts.js";
import { createCard, drawCard } from "./rooms-card.js";
import { makeDraggable } from "./rooms-drag.js";
import { planForm } from "./rooms-form.js";
import { mountMessage } from "./rooms-message.js";
import { movePerson, openMove } from "./rooms-move.js";
import { Chips } from "./rooms-people.js";
import { mountSides } from "./rooms-written.js";
import { hallMix, qualityLines } from "./kit/rooms-mix.js";
import { isOpen, roundNow, unseated } from "./kit/rooms-model.js";
import { roundBegan } from "./kit/rooms-watch.js";
import { groupMark, groupsOf, groupWord, planName } from "./kit/rooms-words.js";
import { Steady } from "./kit/steady.js";
import { button, newId } from "./kit/ui.js";
import { waiting } from "./kit/waiting.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("./kit/rooms-model.js").Plan} Plan */

/** The list of those without a seat, beside the rooms. */
const NOWHERE = "";

/**
 * @param {HTMLElement} el
 * @param {Tools} tools
 * @param {import("./rooms-desk.js").Chosen} chosen
 * @param {() => void} onclose
 */
export function mountBoard(el, tools, chosen, onclose) {
  const title = h("h2", { class: "column-title grow", id: "board-title", tabindex: -1 }, t("moderator.rooms.title"));
  const close = button(t("moderator.rooms.board.close"), onclose, { look: "quiet", class: "small", key: "r" });
  const people = button("", () => tools.shortcuts.get("3")?.run(), { look: "quiet", class: "small", key: "3" });
  const steering = h("div", { class: "rooms-top" });
  const formPlace = h("div");
  const columns = /** @type {HTMLElement} */ (el.parentElement);
  const sides = mountSides(tools, (columns.dataset.later ?? "").split(" "), () => draw());
  const name = h("h3", { class: "visually-hidden" });
  const rounds = h("div", { class: "row", role: "group", "aria-label": t("moderator.rooms.rounds.choose") });
  const quality = h("ul", { class: "rooms-quality small-text" });
  const legend = h("ul", { class: "plain row small-text rooms-legend" });
  const hint = h("p", { class: "hint", id: newId("hint") }, t("moderator.rooms.move.hint"));
  const without = h("section", { class: "rooms-without", "data-room": NOWHERE, "data-place": "" });
  const withoutTitle = h("h4");
  const withoutList = h("ul", { class: "plain rooms-people", "data-empty": t("moderator.rooms.unseated.none") });
  without.append(withoutTitle, withoutList);
  const grid = h("ol", { class: "plain rooms-grid" });
  const message = mountMessage(tools, chosen);
  const view = h(
    "div",
    { class: "stack" },
    name,
    h("div", { class: "row apart rooms-about" }, quality, rounds),
    message.el,
    legend,
    hint,
    without,
    grid,
  );
  const none = h("p", { class: "muted" }, t("moderator.rooms.none"));
  el.replaceChildren(
    h("div", { class: "row apart board-head" }, title, people, close),
    steering,
    formPlace,
    sides.sides,
    view,
    sides.written,
    none,
  );
  el.setAttribute("aria-labelledby", title.id);
  new Steady(el);

  const chips = new Chips(tools, hint.id, (person, control) => {
    const id = chosen.id();
    if (id !== null) void openMove(tools, id, person, round(), control);
  });
  /** @type {{plan: string | null, now: number, picked: number | null}} the round to look at, as long as the plan stays where it is */
  let looked = { plan: null, now: 0, picked: null };
  const round = () => {
    const plan = chosen.plan();
    const now = plan ? roundNow(plan) : 1;
    if (looked.plan !== chosen.id() || looked.now !== now) looked = { plan: chosen.id(), now, picked: null };
    return looked.picked ?? now;
  };
  /** @type {{feed: unknown, plan: string | null, began: number | null}} */
  let known = { feed: null, plan: null, began: null };
  const began = () => {
    const feed = tools.store.docs.record?.feed;
    const plan = chosen.id();
    if (plan !== null && (known.feed !== feed || known.plan !== plan))
      known = { feed, plan, began: roundBegan(feed, plan) };
    return known.began;
  };
  const drag = makeDraggable(el, {
    item: ".room-person:not([data-past])",
    target: "[data-room]",
    drop: (item, target) => {
      const id = chosen.id();
      const person = item.dataset.person;
      if (id === null || person === undefined) return;
      void movePerson(
        tools,
        id,
        person,
        target.dataset.room || null,
        round(),
        /** @type {HTMLElement} */ (item.querySelector("button")),
      );
    },
    done: () => draw(),
  });

  function draw() {
    if (drag.active() || !("board" in columns.dataset)) return;
    const plan = chosen.plan();
    const filling = formPlace.childElementCount > 0;
    const reads = sides.draw(plan !== null, filling);
    const { people: n } = waiting({ stage: tools.stage, desk: tools.desk }, tools.store.now());
    people.hidden = n === 0;
    setText(people, t("moderator.rooms.board.people", { n }));
    view.hidden = plan === null || plan.state === "planning" || filling || reads;
    none.hidden = plan !== null || filling || reads;
    steering.hidden = filling;
    message.draw();
    if (plan && !view.hidden) chips.keepingFocus(() => drawPlan(plan));
  }

  /** @param {Plan} plan */
  function drawPlan(plan) {
    const { people } = tools.desk;
    const at = round();
    const hall = hallMix(plan, at, people);
    const groups = groupsOf(tools, hall);
    setText(name, planName(plan));
    drawRounds(plan, at);
    const lines = qualityLines(plan, groups.length);
    quality.hidden = lines.length === 0;
    keyed(
      quality,
      lines,
      ({ key }) => key,
      () => h("li", null),
      (li, { key, vars }) => setText(li, t(`moderator.rooms.quality.${key}`, vars)),
    );
    legend.hidden = groups.length < 2;
    keyed(
      legend,
      groups,
      (group) => group,
      (group) => h("li", { class: "row" }, groupMark(tools, group), h("span", null)),
      (li, group) =>
        setText(
          /** @type {HTMLElement} */ (li.lastElementChild),
          t("moderator.rooms.legend", { group: groupWord(tools, group), n: hall[group] ?? 0 }),
        ),
    );
    const past = at < plan.round || tools.stage.session.state === "ended";
    hint.hidden = past;
    const left = past ? [] : unseated(plan, at, people, lang());
    without.hidden = past || (left.length === 0 && plan.assign !== "manual" && plan.assign !== "chosen");
    setText(withoutTitle, t("moderator.rooms.unseated", { n: left.length }));
    chips.draw(withoutList, left, plan, null, past);
    const order = plan.order.filter((room) => plan.rooms[room]);
    const context = { plan, id: chosen.id() ?? "", round: at, past, hall, began: began(), now: tools.store.now() };
    keyed(
      grid,
      order,
      (room) => room,
      (room) => createCard(tools, chips, room),
      (li) => drawCard(li, context),
    );
  }

  /** @param {Plan} plan @param {number} at */
  function drawRounds(plan, at) {
    rounds.hidden = plan.rounds < 2;
    keyed(
      rounds,
      Array.from({ length: plan.rounds }, (_, index) => index + 1),
      String,
      (n) => button("", () => ((looked.picked = n), draw()), { class: "small" }),
      (control, n) => {
        setText(control, t(plan.round === n && isOpen(plan) ? "moderator.rooms.round.now" : "rooms.round", { n }));
        control.setAttribute("aria-pressed", String(n === at));
      },
    );
  }

  function form(focus = true) {
    if (formPlace.childElementCount === 0) {
      const made = planForm(tools, (plan) => {
        clear(formPlace);
        sides.reset();
        if (plan !== null) chosen.choose(plan);
        draw();
        // The plan itself comes a moment after the word that it was made.
        if (plan === null && chosen.id() === null) onclose();
        else title.focus();
      });
      formPlace.append(made.el);
      made.draw();
    }
    draw();
    if (focus) formPlace.querySelector("h3")?.focus();
  }
  tools.store.watch(["stage", "desk", "record"], draw);
  // A room falls quiet by the time alone, and its own countdown runs.
  let last = 0;
  tools.onTick(() => {
    const now = tools.store.now();
    const counting = Object.values(chosen.plan()?.rooms ?? {}).some((room) => room.closing != null);
    if (now - last < (counting ? 1_000 : 5_000)) return;
    last = now;
    draw();
  });
  return { draw, form, steering, filling: () => formPlace.childElementCount > 0 };
}
