/**
 * One button for each person on the board, the same one wherever they sit: it moves with the person and keeps the focus.
 * Tab goes from room to room, the arrow keys from person to person.
 */
import { h, keyed } from "../../lib/dom.js";
import { isolate } from "../../lib/isolate.js";
import { t } from "../../lib/texts.js";
import { groupMark } from "./kit/rooms-words.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("./kit/rooms-model.js").Plan} Plan */

export class Chips {
  #tools;
  #hint;
  #onpress;
  /** @type {Map<string, HTMLLIElement>} */
  #chips = new Map();

  /**
   * @param {Tools} tools
   * @param {string} hint the id of what says how people are moved
   * @param {(person: string, control: HTMLElement) => void} onpress
   */
  constructor(tools, hint, onpress) {
    this.#tools = tools;
    this.#hint = hint;
    this.#onpress = onpress;
  }

  /**
   * Show these people in a list.
   * @param {HTMLElement} list
   * @param {readonly string[]} people
   * @param {Plan} plan
   * @param {string | null} room
   * @param {boolean} past whether nobody can be moved here any more
   */
  draw(list, people, plan, room, past) {
    keyed(
      list,
      people,
      (person) => person,
      (person) => this.#chip(person),
      (li, person) => this.#update(li, person, plan, room, past),
    );
    const buttons = /** @type {HTMLButtonElement[]} */ ([...list.children].map((li) => li.firstElementChild));
    const stop =
      buttons.find((one) => one === document.activeElement) ?? buttons.find((one) => one.tabIndex === 0) ?? buttons[0];
    for (const one of buttons) if (one.tabIndex !== (one === stop ? 0 : -1)) one.tabIndex = one === stop ? 0 : -1;
  }

  /**
   * Redraw, and leave the focus on the person who had it, wherever they sit then.
   * @param {() => void} redraw
   */
  keepingFocus(redraw) {
    const person = /** @type {HTMLElement | null} */ (document.activeElement?.closest(".room-person"))?.dataset.person;
    redraw();
    const control = person === undefined ? null : this.control(person);
    if (!control || !control.isConnected || document.activeElement === control) return;
    control.focus({ preventScroll: true });
    control.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#stopAt(control);
  }

  /** The button of a person. @param {string} person @returns {HTMLElement | null} */
  control(person) {
    return /** @type {HTMLElement | null} */ (this.#chips.get(person)?.firstElementChild ?? null);
  }

  /** @param {string} person @returns {HTMLLIElement} */
  #chip(person) {
    const known = this.#chips.get(person);
    if (known) return known;
    const control = h("button", {
      type: "button",
      class: "person-chip",
      tabindex: -1,
      "aria-haspopup": "dialog",
      "aria-describedby": this.#hint,
      onclick: () => control.getAttribute("aria-disabled") !== "true" && this.#onpress(person, control),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#step(event, control),
      onfocus: () => this.#stopAt(control),
    });
    const li = h("li", { class: "room-person", "data-person": person }, control);
    this.#chips.set(person, li);
    return li;
  }

  /** @param {HTMLElement} li @param {string} id @param {Plan} plan @param {string | null} room @param {boolean} past */
  #update(li, id, plan, room, past) {
    const control = /** @type {HTMLElement} */ (li.firstElementChild);
    const person = this.#tools.desk.people[id];
    const host = room !== null && plan.rooms[room]?.host === id;
    const away = plan.away[id] === true;
    const here = Boolean(person?.here || person?.link) && !person?.removed;
    const words = [
      host && t("moderator.rooms.person.host"),
      !here && t("moderator.rooms.person.gone"),
      here && away && t("moderator.rooms.person.away"),
    ];
    const said = words.filter((word) => typeof word === "string");
    const group = person?.group ?? null;
    const look = [person?.name, group, ...said, past].join("|");
    if (li.dataset.look === look) return;
    li.dataset.look = look;
    li.toggleAttribute("data-past", past);
    control.replaceChildren(
      groupMark(this.#tools, group),
      h("span", { class: "chip-name", dir: "auto" }, person?.name ?? id),
    );
    if (said.length) control.append(h("span", { class: "chip-words" }, said.join(" · ")));
    control.setAttribute("aria-label", [isolate(person?.name ?? id), ...said, this.#tools.groupName(group)].join(", "));
    control.classList.toggle("gone", !here || away);
    if (past) control.setAttribute("aria-disabled", "true");
    else control.removeAttribute("aria-disabled");
  }

  /** @param {KeyboardEvent} event @param {HTMLElement} control */
  #step(event, control) {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const all = [...(control.closest(".board")?.querySelectorAll(".person-chip") ?? [])];
    const next = all[all.indexOf(control) + by];
    if (!(next instanceof HTMLElement)) return;
    next.focus();
  }

  /** @param {HTMLElement} control */
  #stopAt(control) {
    for (const one of control.closest(".rooms-people")?.querySelectorAll(".person-chip") ?? []) {
      /** @type {HTMLElement} */ (one).tabIndex = one === control ? 0 : -1;
    }
  }
}
