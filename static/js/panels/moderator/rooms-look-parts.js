/**
 * What is seen of a room from inside: its people, its notes of this round, and what was handed over there.
 */
import { h, keyed, setText } from "../../lib/dom.js";
import { isolate } from "../../lib/isolate.js";
import { show, t } from "../../lib/texts.js";
import { openMove } from "./rooms-move.js";
import { roundNow } from "./kit/rooms-model.js";
import { groupMark } from "./kit/rooms-words.js";
import { button } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("./kit/rooms-model.js").Plan} Plan */

/** @param {Tools} tools @param {string} planId @param {string} id */
export function lookPeople(tools, planId, id) {
  const el = h("ul", { class: "plain look-people" });

  /** @param {string} person */
  function createRow(person) {
    const control = button(t("moderator.rooms.look.move"), () => void move(), { look: "quiet", class: "small" });
    const move = () => {
      const plan = tools.desk.rooms[planId];
      return plan && openMove(tools, planId, person, roundNow(plan), control);
    };
    const mark = groupMark(tools, tools.desk.people[person]?.group);
    const words = h(
      "span",
      { class: "row" },
      mark,
      h("span", { dir: "auto" }),
      h("span", { class: "muted small-text" }),
    );
    return h("li", { class: "row apart", "data-place": "" }, words, control);
  }

  /** @param {Plan} plan @param {string[]} seats */
  function draw(plan, seats) {
    keyed(
      el,
      seats,
      (person) => person,
      createRow,
      (li, person) => {
        const known = tools.desk.people[person];
        const [first, control] = li.children;
        const [, called, more] = first?.children ?? [];
        if (control instanceof HTMLElement) control.hidden = tools.stage.session.state === "ended";
        if (called) setText(called, known?.name ?? person);
        control?.setAttribute("aria-label", t("moderator.rooms.move.title", { name: isolate(known?.name ?? person) }));
        const words = [];
        if (plan.rooms[id]?.host === person) words.push(t("moderator.rooms.person.host"));
        if (known && !known.here && !known.link) words.push(t("moderator.rooms.person.gone"));
        else if (plan.away[person]) words.push(t("moderator.rooms.person.away"));
        if (more) setText(more, words.join(" · "));
      },
    );
  }
  return { el, draw };
}

/** @param {Tools} tools @param {string} planId @param {string} id */
export function lookRecord(tools, planId, id) {
  const notes = h("ul", { class: "plain stack tight" });
  const none = h("p", { class: "muted" }, t("moderator.rooms.look.no_notes"));
  const handovers = h("ul", { class: "plain stack tight" });
  const quiet = () => h("span", { class: "muted small-text" });

  /** @param {number} round @returns {boolean} whether anything was handed over */
  function draw(round) {
    const kept = tools.store.docs.record?.rooms?.[planId];
    const own = Object.entries(kept?.notes ?? {}).filter(([, note]) => note.room === id && note.round === round);
    none.hidden = own.length > 0;
    keyed(
      notes,
      own.sort(([, a], [, b]) => a.at - b.at),
      ([key]) => key,
      () => h("li", null, h("span", { class: "chip" }), " ", h("span", { class: "look-words" }), " ", quiet()),
      (li, [, note]) => {
        const [kind, text, who] = li.children;
        if (kind) setText(kind, t(`moderator.rooms.kind.${note.kind}`));
        if (text) show(/** @type {HTMLElement} */ (text), note.text);
        if (who) setText(who, `${isolate(note.name)} · ${tools.timeOf(note.at)}`);
      },
    );
    const left = Object.entries(kept?.handovers ?? {}).filter(([, one]) => one.room === id);
    keyed(
      handovers,
      left.sort(([, a], [, b]) => b.round - a.round),
      ([key]) => key,
      () => h("li", null, quiet(), h("p", { class: "look-words" })),
      (li, [, one]) => {
        const [who, text] = li.children;
        if (who) setText(who, `${t("rooms.round", { n: one.round })} · ${isolate(one.name)}`);
        if (text) show(/** @type {HTMLElement} */ (text), one.text);
      },
    );
    return left.length > 0;
  }
  return { notes, none, handovers, draw };
}
