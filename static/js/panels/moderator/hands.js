/**
 * The speaker queue: the raised hands in order with the reason for each place, and everything a moderator does with them.
 */
import { h, keyed, setText } from "../../lib/dom.js";
import { isolate } from "../../lib/isolate.js";
import { pick, t } from "../../lib/texts.js";
import { formatSpent } from "../../lib/time.js";
import { confirmDialog } from "../../lib/dialog.js";
import { giveBack, mountFloor } from "./floor.js";
import { mountQueueSettings } from "./queue-settings.js";
import { after, dropped, stepped } from "./kit/queue-model.js";
import { button } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/** How many hands are shown until all are asked for: the questions below stay in reach. */
const SHOWN = 5;
/** What a dragged hand carries. */
const DRAGGED = "application/x-baraza-hand";

/**
 * @param {HTMLElement} el
 * @param {Tools} tools
 * @param {import("./kit/steady.js").Steady} steady
 */
export function mountHands(el, tools, steady) {
  const floor = mountFloor(tools);
  const list = h("ol", { class: "plain hands" });
  const empty = h("p", { class: "muted" });
  const settings = mountQueueSettings(tools);
  let all = false;
  const more = button(
    "",
    () => {
      all = !all;
      draw();
    },
    { look: "quiet", class: "small" },
  );
  el.replaceChildren(floor.el, list, more, empty, settings.el);

  function draw() {
    const { speakers, session } = tools.stage;
    const ended = session.state === "ended";
    floor.draw();
    settings.draw();
    const { waiting } = speakers;
    const { order, gone } = steady.order(list, all ? waiting : waiting.slice(0, SHOWN), draw);
    more.hidden = ended || waiting.length <= SHOWN;
    more.setAttribute("aria-expanded", String(all));
    setText(more, t(all ? "moderator.hands.fewer" : "moderator.hands.all", { n: waiting.length }));
    empty.hidden = order.length > 0 || ended;
    list.hidden = ended;
    setText(empty, t(speakers.open ? "moderator.hands.none" : "moderator.hands.none.closed"));
    keyed(
      list,
      order,
      (person) => person,
      (person) => createHand(tools, person),
      (li, person) => {
        li.inert = gone.has(person);
        if (speakers.hands[person]) rows.get(li)?.(waiting.indexOf(person));
      },
    );
  }
  tools.store.watch(["stage", "desk"], draw);
  tools.onTick(floor.tick);
}

/** @type {WeakMap<HTMLElement, (place: number) => void>} */
const rows = new WeakMap();

/** @param {Tools} tools @param {string} person */
function createHand(tools, person) {
  const place = h("span", { class: "hand-place", "aria-hidden": "true" });
  const name = h("span", { class: "hand-name", dir: "auto" });
  const kind = h("span", { class: "chip notice" });
  const first = h("span", { class: "chip action" }, t("moderator.hand.first"));
  const gone = h("span", { class: "chip" }, t("moderator.people.gone"));
  const facts = h("p", { class: "muted small-text" });
  const reason = h("p", { class: "hand-reason", dir: "auto" });
  const call = button(t("moderator.hand.call"), () => void callSpeaker(tools, person, call), { class: "small" });
  const step = (/** @type {-1 | 1} */ by) => {
    const control = button(by < 0 ? "↑" : "↓", () => void moveBy(tools, person, by, control), {
      look: "quiet",
      class: "small",
    });
    return control;
  };
  const up = step(-1);
  const down = step(1);
  const lower = button(t("moderator.hand.lower"), () => void lowerHand(tools, person, lower), {
    look: "quiet",
    class: "small",
  });
  const actions = h("div", { class: "row hand-actions" }, call, up, down, lower);
  const handle = h("span", { class: "hand-handle", draggable: "true", "aria-hidden": "true" }, "⠿");
  const li = h(
    "li",
    { class: "hand", "data-place": "" },
    h(
      "div",
      { class: "hand-view" },
      place,
      h("div", { class: "grow" }, h("p", { class: "row hand-head" }, name, kind, first, gone), facts, reason),
      handle,
    ),
    actions,
  );
  makeDraggable(tools, li, handle, person);
  rows.set(li, (at) => {
    const { hands, waiting } = tools.stage.speakers;
    const hand = hands[person];
    if (!hand) return;
    const { spoken = 0, turns = 0, here = true, link = false } = tools.desk.people[person] ?? {};
    gone.hidden = here || link;
    setText(place, String(at + 1));
    setText(name, hand.name);
    kind.hidden = hand.kind === "speak";
    setText(kind, t(`moderator.hand.kind.${hand.kind}`));
    first.hidden = !hand.first;
    const words = [tools.groupName(hand.group), t(`moderator.hand.why.${hand.why}`)];
    if (turns) words.push(t("moderator.hand.spoken", { n: turns, time: formatSpent(spoken) }));
    setText(facts, words.join(" · "));
    const given = pick(tools.desk.hands?.[person]?.reason);
    reason.hidden = !given;
    setText(reason, given);
    call.hidden = tools.stage.speakers.current?.person === person;
    call.setAttribute("aria-label", t("moderator.hand.call.name", { name: hand.name }));
    lower.setAttribute("aria-label", t("moderator.hand.lower.name", { name: hand.name }));
    up.setAttribute("aria-label", t("moderator.hand.up.name", { name: hand.name }));
    down.setAttribute("aria-label", t("moderator.hand.down.name", { name: hand.name }));
    // A step that leads nowhere keeps its place and the focus: the row must not jump.
    up.setAttribute("aria-disabled", String(at <= 0));
    down.setAttribute("aria-disabled", String(at >= waiting.length - 1));
  });
  return li;
}

/** @param {Tools} tools @param {string} person @param {HTMLElement} control */
function callSpeaker(tools, person, control) {
  const name = tools.stage.speakers.hands[person]?.name ?? "";
  return tools.act(
    control,
    "speaker.call",
    { person },
    { said: t("moderator.speaker.called", { name: isolate(name) }), undo: giveBack(tools) },
  );
}

/** @param {Tools} tools @param {string} person @param {HTMLElement} control */
async function lowerHand(tools, person, control) {
  const name = tools.stage.speakers.hands[person]?.name ?? "";
  const sure = await confirmDialog({
    title: t("moderator.hand.lower.title", { name: isolate(name) }),
    body: t("moderator.hand.lower.body"),
    confirm: t("moderator.hand.lower"),
  });
  if (sure)
    await tools.act(control, "hand.lower", { person }, { said: t("moderator.hand.lowered", { name: isolate(name) }) });
}

/** @param {Tools} tools @param {string} person @param {-1 | 1} by @param {HTMLElement} control */
function moveBy(tools, person, by, control) {
  return move(tools, person, stepped(tools.stage.speakers.waiting, person, by), control);
}

/** @param {Tools} tools @param {string} person @param {string | null | undefined} before @param {HTMLElement} control */
function move(tools, person, before, control) {
  if (before === undefined) return;
  const { waiting, hands } = tools.stage.speakers;
  const said = t("moderator.hand.moved", { name: isolate(hands[person]?.name ?? "") });
  return tools.act(
    control,
    "speaker.move",
    { person, before },
    { said, undo: [["speaker.move", { person, before: after(waiting, person) }]] },
  );
}

/**
 * Dragging, for a mouse; the buttons do the same for everybody else.
 * @param {Tools} tools
 * @param {HTMLElement} li
 * @param {HTMLElement} handle
 * @param {string} person
 */
function makeDraggable(tools, li, handle, person) {
  handle.addEventListener("dragstart", (event) => {
    event.dataTransfer?.setData(DRAGGED, person);
    event.dataTransfer?.setDragImage(li, 0, 0);
    li.classList.add("dragged");
  });
  handle.addEventListener("dragend", () => li.classList.remove("dragged"));
  const mark = (/** @type {boolean} */ on) => li.classList.toggle("drop-here", on);
  li.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes(DRAGGED)) return;
    event.preventDefault();
    mark(true);
  });
  li.addEventListener("dragleave", () => mark(false));
  li.addEventListener("drop", (event) => {
    mark(false);
    const dragged = event.dataTransfer?.getData(DRAGGED);
    if (!dragged) return;
    event.preventDefault();
    void move(tools, dragged, dropped(tools.stage.speakers.waiting, dragged, person), li);
  });
}
