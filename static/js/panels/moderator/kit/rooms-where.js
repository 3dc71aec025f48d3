/**
 * Where a poll opens: in the hall, in all rooms side by side, or in one room. There is a choice only while rooms are open.
 */
import { h } from "../../../lib/dom.js";
import { roomName } from "../../../lib/rooms.js";
import { t } from "../../../lib/texts.js";
import { openPlan } from "./rooms-model.js";
import { field, select } from "./ui.js";

/** @typedef {import("./tools.js").Tools} Tools */

/**
 * The places where a poll can be opened now, the hall first; the hall alone while no room is open.
 * @param {import("../../../live/types.js").Desk} desk
 * @returns {string[]}
 */
export function placesOf({ rooms }) {
  const plan = rooms?.[openPlan(rooms) ?? ""];
  return plan ? ["hall", "rooms", ...plan.order.filter((id) => !plan.rooms[id]?.closed)] : ["hall"];
}

/**
 * A place in words.
 * @param {import("../../../live/types.js").Desk} desk
 * @param {string} where
 */
export function placeName({ rooms }, where) {
  if (where === "hall" || where === "rooms") return t(`moderator.rooms.where.${where}`);
  const room = Object.values(rooms ?? {}).flatMap((plan) => plan.rooms[where] ?? [])[0];
  return room ? roomName(room) : t("moderator.rooms.where.gone");
}

/**
 * The field that asks for it; it hides itself where there is no choice.
 * @param {Tools} tools
 * @param {string} [preset] a place that may not be offered any more
 */
export function whereField(tools, preset = "hall") {
  const list = select([["hall", ""]], "hall");
  const el = field(t("moderator.rooms.where"), list);
  let wanted = preset;
  list.addEventListener("change", () => (wanted = list.value));

  function draw() {
    const places = placesOf(tools.desk);
    el.hidden = places.length < 2;
    if ([...list.options].map(({ value }) => value).join() !== places.join() || !list.options[0]?.text) {
      list.replaceChildren(...places.map((place) => h("option", { value: place }, placeName(tools.desk, place))));
    }
    list.value = places.includes(wanted) ? wanted : "hall";
  }
  let placed = false;
  // A form that was left needs no news any more.
  const stop = tools.store.watch(["desk"], () => {
    placed ||= el.isConnected;
    if (placed && !el.isConnected) stop();
    else draw();
  });
  return {
    el,
    /** The field of `poll.open`: nothing for the hall. @returns {{where?: string}} */
    value: () => (list.value === "hall" ? {} : { where: list.value }),
  };
}
