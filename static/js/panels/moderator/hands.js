/**
 * The speaker queue: who has the floor and for how long, the raised hands in order with the reason for each place, and
 * everything a moderator does with them.
 */
import { h, keyed, setText } from "../../lib/dom.js";
import { pick, t } from "../../lib/texts.js";
import { formatClock } from "../../lib/time.js";
import { confirmDialog } from "../../lib/dialog.js";
import { after, dropped, stepped } from "./kit/queue-model.js";
import { button, field, isolate, keepFocus, select, toggle } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("./kit/tools.js").Step} Step */

/** Limits of a turn to choose from, seconds. */
const LIMITS = [0, 60, 90, 120, 180, 300];
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
  const settings = mountSettings(tools);
  let all = false;
  const more = button("", () => {
    all = !all;
    draw();
  }, { look: "quiet", class: "small" });
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
    keyed(list, order, (person) => person, (person) => createHand(tools, person), (li, person) => {
      li.inert = gone.has(person);
      if (speakers.hands[person]) rows.get(li)?.(waiting.indexOf(person));
    });
  }
  tools.store.watch(["stage", "desk"], draw);
  tools.onTick(floor.tick);
}

/** @param {Tools} tools */
function mountFloor(tools) {
  const name = h("p", { class: "floor-name" });
  const facts = h("p", { class: "floor-facts" });
  const next = button(t("moderator.speaker.next"), () => void nextSpeaker(tools, next), { look: "primary", key: "h" });
  const finish = button(t("moderator.speaker.finish"), () => void finishSpeaker(tools, finish), { key: "f" });
  const back = button("", () => void tools.act(back, "speaker.return", {}, { said: t("moderator.speaker.returned") }), { look: "quiet", class: "small" });
  const el = h("div", { class: "card stack tight floor", "data-place": "" }, h("div", null, name, facts), h("div", { class: "actions floor-actions" }, back, finish, next));

  function draw() {
    keepFocus(el, () => {
      const { speakers, session } = tools.stage;
      const { current, last, waiting } = speakers;
      el.classList.toggle("on-air", Boolean(current));
      el.hidden = session.state === "ended";
      setText(name, current ? current.name : t("moderator.speaker.none"));
      finish.hidden = !current;
      next.hidden = waiting.length === 0;
      setText(next, t(current ? "moderator.speaker.next" : "moderator.speaker.first"));
      back.hidden = !last || last.person in speakers.hands || last.person === current?.person;
      if (last) setText(back, t("moderator.speaker.return", { name: isolate(last.name) }));
    });
    tick();
  }

  /** The part that depends on the time alone. */
  function tick() {
    const { current, limit, waiting, hands } = tools.stage.speakers;
    const following = hands[waiting[0] ?? ""]?.name;
    const words = [];
    el.dataset.over = "false";
    if (current) {
      const spoken = tools.store.now() - current.since;
      words.push(tools.groupName(current.group), t("moderator.speaker.since", { time: formatClock(Math.max(0, Math.floor(spoken / 1000) * 1000)) }));
      if (limit) words.push(spoken > limit * 1000 ? t("moderator.speaker.over") : t("moderator.speaker.limit", { time: formatClock(limit * 1000) }));
      el.dataset.over = String(Boolean(limit && spoken > limit * 1000));
    }
    if (following) words.push(t("moderator.speaker.following", { name: isolate(following) }));
    setText(facts, words.join(" · "));
  }

  tools.press("h", t("moderator.keys.speaker"), () => next);
  tools.press("f", t("moderator.keys.finish"), () => finish);
  return { el, draw, tick };
}

/** @type {WeakMap<HTMLElement, (place: number) => void>} */
const rows = new WeakMap();

/** @param {Tools} tools @param {string} person */
function createHand(tools, person) {
  const place = h("span", { class: "hand-place", "aria-hidden": "true" });
  const name = h("span", { class: "hand-name", dir: "auto" });
  const kind = h("span", { class: "chip notice" });
  const first = h("span", { class: "chip action" }, t("moderator.hand.first"));
  const facts = h("p", { class: "muted small-text" });
  const reason = h("p", { class: "hand-reason", dir: "auto" });
  const call = button(t("moderator.hand.call"), () => void callSpeaker(tools, person, call), { class: "small" });
  const step = (/** @type {-1 | 1} */ by) => {
    const control = button(by < 0 ? "↑" : "↓", () => void moveBy(tools, person, by, control), { look: "quiet", class: "small" });
    return control;
  };
  const up = step(-1);
  const down = step(1);
  const lower = button(t("moderator.hand.lower"), () => void lowerHand(tools, person, lower), { look: "quiet", class: "small" });
  const actions = h("div", { class: "row hand-actions" }, call, up, down, lower);
  const handle = h("span", { class: "hand-handle", draggable: "true", "aria-hidden": "true" }, "⠿");
  const li = h(
    "li",
    { class: "hand", "data-place": "" },
    h("div", { class: "hand-view" }, place, h("div", { class: "grow" }, h("p", { class: "row hand-head" }, name, kind, first), facts, reason), handle),
    actions,
  );
  makeDraggable(tools, li, handle, person);
  rows.set(li, (at) => {
    const { hands, waiting } = tools.stage.speakers;
    const hand = hands[person];
    if (!hand) return;
    const { spoken = 0, turns = 0 } = tools.desk.people[person] ?? {};
    setText(place, String(at + 1));
    setText(name, hand.name);
    kind.hidden = hand.kind === "speak";
    setText(kind, t(`moderator.hand.kind.${hand.kind}`));
    first.hidden = !hand.first;
    const words = [tools.groupName(hand.group), t(`moderator.hand.why.${hand.why}`)];
    if (turns) words.push(t("moderator.hand.spoken", { n: turns, time: formatClock(spoken) }));
    setText(facts, words.join(" · "));
    const given = pick(tools.desk.hands?.[person]?.reason);
    reason.hidden = !given;
    setText(reason, given);
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

/** @param {Tools} tools */
function mountSettings(tools) {
  const open = toggle(t("moderator.hands.open"), (on, input) => void set(input, on ? "speakers.open" : "speakers.close", {}, on ? "speakers.close" : "speakers.open", t(on ? "moderator.hands.opened" : "moderator.hands.closed")));
  const policy = select(/** @type {const} */ (["arrival", "first_time"]).map((key) => [key, t(`moderator.hands.policy.${key}`)]), "arrival");
  const limit = select(LIMITS.map((n) => [String(n), n ? formatClock(n * 1000) : t("moderator.hands.limit.none")]), "0");
  policy.addEventListener("change", () => {
    void set(policy, "speakers.policy", { policy: policy.value }, "speakers.policy", t("moderator.hands.policy.set"), { policy: tools.stage.speakers.policy });
  });
  limit.addEventListener("change", () => {
    void set(limit, "session.settings", { limit: Number(limit.value) }, "session.settings", t("moderator.hands.limit.set"), { limit: tools.stage.speakers.limit });
  });
  const el = h("div", { class: "hands-settings stack tight", "data-place": "" }, open.el, h("div", { class: "row" }, field(t("moderator.hands.policy"), policy), field(t("moderator.hands.limit"), limit)));

  /**
   * @param {HTMLElement} control
   * @param {string} what
   * @param {Record<string, unknown>} fields
   * @param {string} back
   * @param {string} said
   * @param {Record<string, unknown>} [former]
   */
  async function set(control, what, fields, back, said, former) {
    await tools.act(control, what, fields, { said, undo: [[back, former]] });
    draw();
  }

  function draw() {
    const { speakers, session } = tools.stage;
    el.hidden = session.state === "ended";
    open.input.checked = speakers.open;
    if (policy.getAttribute("aria-busy") !== "true") policy.value = speakers.policy;
    if (limit.getAttribute("aria-busy") === "true") return;
    if (![...limit.options].some(({ value }) => value === String(speakers.limit))) {
      limit.append(h("option", { value: speakers.limit }, formatClock(speakers.limit * 1000)));
    }
    limit.value = String(speakers.limit);
  }
  return { el, draw };
}

/**
 * What gives the floor back to whoever has it now, after somebody else was called.
 * @param {Tools} tools
 * @returns {Step[]}
 */
function giveBack(tools) {
  const person = tools.stage.speakers.current?.person;
  if (!person) return [["speaker.finish"], ["speaker.return"]];
  return [["speaker.return"], ["speaker.call", { person }], ["speaker.return"]];
}

/** @param {Tools} tools @param {HTMLElement} control */
function nextSpeaker(tools, control) {
  const { current, waiting, hands } = tools.stage.speakers;
  const name = hands[waiting[0] ?? ""]?.name ?? "";
  return tools.act(control, "speaker.next", { current: current?.person ?? null }, { said: t("moderator.speaker.called", { name: isolate(name) }), undo: giveBack(tools) });
}

/** @param {Tools} tools @param {HTMLElement} control */
function finishSpeaker(tools, control) {
  const { current } = tools.stage.speakers;
  /** @type {Step[]} */
  const undo = current ? [["speaker.call", { person: current.person }]] : [];
  return tools.act(control, "speaker.finish", {}, { said: t("moderator.speaker.finished", { name: isolate(current?.name ?? "") }), undo });
}

/** @param {Tools} tools @param {string} person @param {HTMLElement} control */
function callSpeaker(tools, person, control) {
  const name = tools.stage.speakers.hands[person]?.name ?? "";
  return tools.act(control, "speaker.call", { person }, { said: t("moderator.speaker.called", { name: isolate(name) }), undo: giveBack(tools) });
}

/** @param {Tools} tools @param {string} person @param {HTMLElement} control */
async function lowerHand(tools, person, control) {
  const name = tools.stage.speakers.hands[person]?.name ?? "";
  const sure = await confirmDialog({ title: t("moderator.hand.lower.title", { name: isolate(name) }), body: t("moderator.hand.lower.body"), confirm: t("moderator.hand.lower") });
  if (sure) await tools.act(control, "hand.lower", { person }, { said: t("moderator.hand.lowered", { name: isolate(name) }) });
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
  return tools.act(control, "speaker.move", { person, before }, { said, undo: [["speaker.move", { person, before: after(waiting, person) }]] });
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
