/** The rooms to pick from, where people choose: what each is about, how many places are left, one button each. */

import { assign, h, keyed, setText } from "../../lib/dom.js";
import { roomName } from "../../lib/rooms.js";
import { pick, show, t } from "../../lib/texts.js";
import { toast } from "../../lib/toast.js";
import { choices, questionOf } from "./model.js";

/** @import { Session } from "../../live/session.js" */
/** @import { Whereabouts } from "./whereabouts.js" */

/**
 * @param {HTMLElement} list
 * @param {Session} session
 * @param {Whereabouts} whereabouts
 */
export function mountChooser(list, session, whereabouts) {
  const { store } = session;
  store.watch(["stage", "me"], draw);
  whereabouts.onChange(draw);

  function draw() {
    const { stage, me } = store.docs;
    const open = stage?.rooms.open;
    if (!stage || open?.assign !== "chosen") return;
    keyed(list, choices(open), (id) => id, create, (el, id) => {
      const room = open.rooms[id];
      const [number, name, question, task, left, button] = /** @type {HTMLElement[]} */ ([...el.querySelectorAll("[data-part]")]);
      if (!room || !number || !name || !question || !task || !left || !button) return;
      const own = me?.room === id;
      const full = room.places === 0 && me?.seat !== id;
      setText(number, pick(room.name) ? t("rooms.number", { n: room.number }) : "");
      setText(name, roomName(room));
      const asked = questionOf(stage, room.question);
      question.hidden = !asked;
      if (asked) show(question, asked);
      task.hidden = !room.task;
      if (room.task) show(task, room.task);
      const here = t("participant.room.people", { n: room.people });
      setText(left, room.places == null ? here : `${here} · ${room.places > 0 ? t("participant.room.places", { n: room.places }) : t("participant.room.full")}`);
      setText(button, own ? t("participant.room.choose.here") : t("participant.room.choose.go"));
      assign(button, {
        "aria-label": own ? null : t("participant.room.choose.to", { room: roomName(room) }),
        "aria-disabled": own || full ? "true" : null,
      });
    });
  }

  list.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    const id = /** @type {HTMLElement | null | undefined} */ (button?.closest("[data-key]"))?.dataset.key;
    if (id === undefined) return;
    if (button?.getAttribute("aria-disabled") !== "true") whereabouts.go(id);
    else if (store.docs.me?.room !== id) toast(t("refusal.room.full"), "problem");
  });
}

function create() {
  return h("li", { class: "room-choice" },
    h("p", { class: "eyebrow", "data-part": "number" }),
    h("p", { class: "room-choice-name", "data-part": "name", dir: "auto" }),
    h("p", { "data-part": "question" }),
    h("p", { class: "muted", "data-part": "task" }),
    h("div", { class: "row apart" },
      h("span", { class: "small-text", "data-part": "left" }),
      h("button", { class: "button", type: "button", "data-part": "go" })));
}
