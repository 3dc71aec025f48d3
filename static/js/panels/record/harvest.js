/**
 * The harvest of breakout rooms, for rapporteurs and moderators: every plan as table x round with all that was written, of
 * which a note is lifted into the record in one step, and a room's notes are put on the screen.
 *
 * New notes move nothing that is being read: they wait until one asks for them. J and K or the arrows go from note to note, U
 * lifts; these keys act only while the focus is in the harvest.
 */

import { assign, clear, h, keyed, one, setText } from "../../lib/dom.js";
import { guidingQuestions } from "../../lib/record.js";
import { originName, roomName } from "../../lib/rooms.js";
import { t } from "../../lib/texts.js";
import { harvestActs } from "./harvest-acts.js";
import { mountFilters, titleOf } from "./harvest-filters.js";
import { ALL, allNotes, fateOf, harvest } from "./harvest-model.js";
import { drawPlan } from "./harvest-plan.js";

/** @import { Session } from "../../live/session.js" */
/** @import { Minutes, Stage } from "../../live/types.js" */
/** @import { Plan } from "./harvest-model.js" */

/** From this width on, in pixels, a table has room, and down to that one it stays: a scroll bar must not flip it. */
const TABLE = 704;
const STAYS = 672;

/**
 * @param {HTMLElement} root takes the panel; what the server rendered in it goes
 * @param {Session} session
 * @param {{onSee?: (note: string) => void, onWaiting?: (n: number) => void}} [calls] `onSee`: somebody wants to see the note of
 *   the record that was lifted, left out where the page has no such place; `onWaiting`: how many notes of rooms wait unread
 * @returns {{reveal: (note: string) => void, step: (by: 1|-1) => boolean}} `reveal` brings a note of a room into view, `step`
 *   goes to the next or previous note and tells whether there is one
 */
export function mountHarvest(root, session, { onSee, onWaiting } = {}) {
  const { store } = session;
  let filter = ALL;
  let wide = true;
  /** What was last drawn from; a stage changes with every vote. @type {unknown[]} */
  let drawn = [];
  /** @type {Set<string>|null} notes that are not new */
  let known = null;
  /** @type {Map<string, boolean>} plans that were opened or shut by hand */
  const opened = new Map();

  const acts = { ...harvestActs(session, () => draw(true)), see: onSee };
  const filters = mountFilters((next) => {
    filter = next;
    draw(true);
  });
  const host = h("div", { class: "harvest-plans" });
  const empty = h("p", { class: "muted", tabindex: -1 });
  const more = h("button", { type: "button", class: "button harvest-more", hidden: true, onclick: takeIn });
  const onScreen = h("p", { class: "harvest-on-screen", hidden: true }, h("span", { class: "harvest-what" }),
    h("button", { type: "button", class: "button quiet small", onclick: acts.hide }, t("rapporteur.rooms.take_off")));
  clear(root,
    filters.el,
    h("p", { class: "harvest-keys" }, t("rapporteur.rooms.keys")),
    empty, host, h("div", { class: "harvest-foot" }, more, onScreen));
  root.classList.add("harvest");

  const visible = () => root.clientHeight > 0;

  /** @param {boolean} [anew] though no document changed */
  function draw(anew = false) {
    const { stage, record } = store.docs;
    if (!stage || !record) return;
    const plans = record.rooms ?? {};
    const from = [plans, record.notes, stage.rooms, stage.agenda, stage.session, visible(), session.status, session.pending().length];
    if (!anew && from.every((each, index) => each === drawn[index])) return;
    // Whoever comes back finds everything: nothing can jump under somebody who was not there.
    if (visible() && drawn[5] === false) known = null;
    drawn = from;
    const held = hold(record);
    onWaiting?.(held.size);
    if (!visible()) return;
    const open = stage.rooms.open?.plan ?? null;
    filters.draw(filter, harvest(plans), stage);
    const found = harvest(plans, { filter, held, open });
    const rooms = found.reduce((sum, { rows }) => sum + rows.length, 0);
    empty.hidden = rooms > 0;
    setText(empty, t(filter.question ?? filter.kind ?? filter.room ?? null ? "rapporteur.rooms.none_of_filter" : "rapporteur.rooms.empty"));
    const pending = session.pending();
    const view = {
      stage, questions: guidingQuestions(stage.agenda), wide, live: session.status === "live",
      fate: (/** @type {import("./harvest-model.js").Line} */ { id, note }) => fateOf(id, note, record.notes, pending),
      acts,
    };
    keyed(host, found, ({ id }) => id, createPlan, (el, plan) => {
      const details = /** @type {HTMLDetailsElement} */ (el);
      drawTitle(details, plan, stage);
      details.open = opened.get(plan.id) ?? (plan === found[0] || rooms < 13);
      if (details.open) drawPlan(one(".harvest-body", details), plan, view);
    });
    more.hidden = held.size === 0;
    setText(more, t("rapporteur.rooms.more", { n: held.size }));
    const { shown } = stage.rooms;
    onScreen.hidden = !shown;
    if (shown) {
      const what = shown.round == null ? t("rapporteur.rooms.all_rounds", { room: roomName(shown) }) : originName({ ...shown, round: shown.round });
      setText(one(".harvest-what", onScreen), t("rapporteur.rooms.on_screen", { what }));
      assign(one("button", onScreen), { "aria-label": t("rapporteur.rooms.hide_what", { what }) });
    }
  }

  /**
   * The notes that wait. What came while the harvest was not looked at waits for nobody; one's own shows at once.
   *
   * @param {Minutes} record
   * @returns {Set<string>}
   */
  function hold(record) {
    const notes = allNotes(record.rooms ?? {});
    if (known === null || (visible() && host.children.length === 0)) known = new Set(notes.map(([id]) => id));
    for (const [id, note] of notes) if (note.person === session.boot.person) known.add(id);
    return new Set(notes.filter(([id]) => !known?.has(id)).map(([id]) => id));
  }

  /** Show what waits, and go to the first of it. */
  function takeIn() {
    const { record } = store.docs;
    if (!record) return;
    const waited = hold(record);
    known = null;
    draw(true);
    const first = notesShown().find((el) => waited.has(el.dataset.key ?? ""));
    first?.scrollIntoView({ block: "nearest" });
    first?.focus({ preventScroll: true });
  }

  /** @param {Plan} plan */
  function createPlan({ id }) {
    const details = h("details", { class: "harvest-plan" },
      h("summary", null, h("h3", { dir: "auto" }), h("span", { class: "harvest-chips" })), h("div", { class: "harvest-body" }));
    details.addEventListener("toggle", () => {
      opened.set(id, details.open);
      draw(true);
    });
    return details;
  }

  /** @param {HTMLElement} details @param {Plan} plan @param {Stage} stage */
  function drawTitle(details, plan, stage) {
    const round = plan.open ? stage.rooms.open?.round ?? 0 : 0;
    setText(one("h3", details), titleOf(plan, stage));
    const words = [
      plan.open && t("rapporteur.rooms.open"), round > 0 && plan.rounds > 1 && t("rooms.round_of", { n: round, count: plan.rounds }),
      plan.dropped && t("rapporteur.rooms.dropped"), t("rapporteur.rooms.count", { n: plan.notes }),
    ];
    setText(one(".harvest-chips", details), words.filter(Boolean).join(" · "));
    assign(details, { "data-dropped": plan.dropped });
  }

  const notesShown = () => /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".harvest-note")]).filter((el) => el.getClientRects().length > 0);

  /** @param {1|-1} by */
  function step(by) {
    const notes = notesShown();
    const at = notes.findIndex((el) => el.contains(document.activeElement));
    const next = notes[at < 0 ? (by > 0 ? 0 : notes.length - 1) : Math.min(notes.length - 1, Math.max(0, at + by))];
    next?.scrollIntoView({ block: "nearest", inline: "nearest" });
    next?.focus({ preventScroll: true });
    return next !== undefined;
  }

  root.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !(target instanceof Element)) return;
    if (target.matches("select, input, textarea")) return;
    const note = /** @type {HTMLElement|null} */ (target.closest(".harvest-note"));
    const by = key === "j" || (note && key === "ArrowDown") ? 1 : key === "k" || (note && key === "ArrowUp") ? -1 : 0;
    if (by !== 0) step(by);
    else if (key === "u" && note?.dataset.key) acts.lift(note.dataset.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  new ResizeObserver(() => {
    const width = root.clientWidth;
    const before = wide;
    if (width > 0) wide = width >= (wide ? STAYS : TABLE);
    draw(wide !== before);
  }).observe(root);
  session.onPending(() => draw());
  session.onStatus(() => draw());
  store.watch(["record", "stage"], () => draw());

  return {
    step,
    reveal(id) {
      const plan = Object.entries(store.docs.record?.rooms ?? {}).find(([, { notes }]) => notes[id]);
      if (!plan) return;
      filter = ALL;
      known = null;
      opened.set(plan[0], true);
      draw(true);
      const el = notesShown().find((each) => each.dataset.key === id);
      el?.scrollIntoView({ block: "center" });
      el?.focus({ preventScroll: true });
    },
  };
}
