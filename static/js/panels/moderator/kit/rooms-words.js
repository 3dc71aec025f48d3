/**
 * What plans of rooms and people in them are called.
 */
import { isolate } from "../../../lib/isolate.js";
import { letter, mark } from "../../../lib/marks.js";
import { roomName } from "../../../lib/rooms.js";
import { lang, pick, t } from "../../../lib/texts.js";
import { closedAhead } from "./rooms-model.js";

/** @typedef {import("./tools.js").Tools} Tools */
/** @typedef {import("./rooms-model.js").Plan} Plan */
/** @typedef {import("./rooms-mix.js").Mix} Mix */

/**
 * A plan by its name, else by how its people were chosen.
 * @param {Plan} plan
 */
export function planName(plan) {
  return pick(plan.name) || t(`moderator.rooms.named.${plan.assign}`, { n: plan.order.length });
}

/**
 * Where the next round takes the people of rooms that are closed; nothing where there are none.
 * @param {Plan} plan
 */
export function closedWords(plan) {
  const { rooms, to } = closedAhead(plan);
  if (rooms.length === 0) return "";
  const names = rooms.map((id) => isolate(roomName(plan.rooms[id])));
  const list = new Intl.ListFormat(lang(), { type: "conjunction" }).format(names);
  return t(`moderator.rooms.rotate.closed.${to}`, { n: rooms.length, rooms: list });
}

/**
 * The letter and shape of a stakeholder group, the same on the whole board; nothing for people without one.
 * @param {Tools} tools
 * @param {string | null | undefined} group
 */
export function groupMark(tools, group) {
  const at = tools.stage.session.group_order.indexOf(group ?? "");
  return mark(Math.max(0, at), at < 0 ? "–" : letter(at));
}

/**
 * The groups of a mix in the session's order, people without one last.
 * @param {Tools} tools
 * @param {Mix} mix
 * @returns {string[]}
 */
export function groupsOf(tools, mix) {
  return [...tools.stage.session.group_order, "none"].filter((group) => (mix[group] ?? 0) > 0);
}

/** @param {Tools} tools @param {string} group or `none` */
export function groupWord(tools, group) {
  return tools.groupName(group === "none" ? null : group);
}
