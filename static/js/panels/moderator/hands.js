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
import { after, dropped, inOrder, stepped } from "./kit/queue-model.js";
import { button } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/** How many hands are shown until all are asked for: the questions below stay in reach. */
const SHOWN = 5;
/** How many hands are shown at most: what stands behind them is a number. */
const MOST = 100;
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
  const behind = h("p", { class: "muted" });
  el.replaceChildren(floor.el, list, behind, more, empty, settings.el);

  function draw() {
    const { speakers, session } = tools.stage;
    const ended = session.state === "ended";
    floor.draw();
    settings.draw();
    const { hands } = tools.desk;
    const waiting = inOrder(hands);
    const n = waiting.length;
    const { order, gone } = steady.order(list, waiting.slice(0, all ? MOST : SHOWN), draw);
    more.hidden = ended || n <= SHOWN;
    more.setAttribute("aria-expanded", String(all));
    const choice = all ? "fewer" : n > MOST ? "most" : "all";
    setText(more, t(`moderator.hands.${choice}`, { n, most: MOST }));
    behind.hidden = ended || !all || n <= MOST;
    setText(behind, t("moderator.hands.behind", { n: n - MOST }));
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
        if (hands[person]) rows.get(li)?.(waiting.indexOf(person));
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
    const { hands, people } = tools.desk;
    const [hand, who] = [hands[person], people[person]];
    if (!hand || !who) return;
    gone.hidden = who.here || who.link;
    setText(place, String(at + 1));
    setText(name, who.name);
    kind.hidden = hand.kind === "speak";
    setText(kind, t(`moderator.hand.kind.${hand.kind}`));
    first.hidden = who.turns > 0;
    const words = [tools.groupName(who.group), t(`moderator.hand.why.${hand.why}`)];
    if (who.turns) words.push(t("moderator.hand.spoken", { n: who.turns, time: formatSpent(who.spoken) }));
    setText(facts, words.join(" · "));
    const given = pick(hand.reason);
    reason.hidden = !given;
    setText(reason, given);
    call.hidden = tools.stage.speakers.current?.person === person;
    call.setAttribute("aria-label", t("moderator.hand.call.name", { name: who.name }));
    lower.setAttribute("aria-label", t("moderator.hand.lower.name", { name: who.name }));
    up.setAttribute("aria-label", t("moderator.hand.up.name", { name: who.name }));
    down.setAttribute("aria-label", t("moderator.hand.down.name", { name: who.name }));
    // A step that leads nowhere keeps its place and the focus: the row must not jump.
    up.setAttribute("aria-disabled", String(at <= 0));
    down.setAttribute("aria-disabled", String(at >= inOrder(hands).length - 1));
  });
  return li;
}

/** @param {Tools} tools @param {string} person */
function nameOf(tools, person) {
  return tools.desk.people[person]?.name ?? "";
}

/** @param {Tools} tools @param {string} person @param {HTMLElement} control */
function callSpeaker(tools, person, control) {
  const name = nameOf(tools, person);
  return tools.act(
    control,
    "speaker.call",
    { person },
    { said: t("moderator.speaker.called", { name: isolate(name) }), undo: giveBack(tools) },
  );
}

/** @param {Tools} tools @param {string} person @param {HTMLElement} control */
async function lowerHand(tools, person, control) {
  const name = nameOf(tools, person);
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
  return move(tools, person, stepped(inOrder(tools.desk.hands), person, by), control);
}

/** @param {Tools} tools @param {string} person @param {string | null | undefined} before @param {HTMLElement} control */
function move(tools, person, before, control) {
  if (before === undefined) return;
  const said = t("moderator.hand.moved", { name: isolate(nameOf(tools, person)) });
  return tools.act(
    control,
    "speaker.move",
    { person, before },
    { said, undo: [["speaker.move", { person, before: after(inOrder(tools.desk.hands), person) }]] },
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
    void move(tools, dragged, dropped(inOrder(tools.desk.hands), dragged, person), li);
  });
}
