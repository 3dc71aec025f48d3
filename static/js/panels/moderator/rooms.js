/**
 * The place of breakout rooms on the page, and the keys that lead there. What plans and steers them is loaded when there is
 * a plan or somebody wants one.
 */
import { announce } from "../../lib/announce.js";
import { byId } from "../../lib/dom.js";
import { roomName } from "../../lib/rooms.js";
import { t } from "../../lib/texts.js";
import { openPlan } from "./kit/rooms-model.js";
import { helpQueue } from "./kit/rooms-watch.js";
import { button } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {ReturnType<typeof import("./rooms-desk.js").mountDesk>} RoomsDesk */

/**
 * @param {HTMLElement} el the place in the stage column
 * @param {HTMLElement} board the place of the plan board
 * @param {Tools} tools
 */
export function mountRooms(el, board, tools) {
  const begin = button(t("moderator.rooms.new"), () => void load().then((desk) => desk?.begin()), { class: "small" });
  const start = () => {
    if (!coming && !el.contains(begin)) el.replaceChildren(begin);
  };
  /** @type {Promise<RoomsDesk | null> | null} */
  let coming = null;

  /** Without network the button stays, and a second press tries again. @returns {Promise<RoomsDesk | null>} */
  function load() {
    coming ??= import("./rooms-desk.js").then(
      ({ mountDesk }) => mountDesk(el, board, tools),
      () => {
        coming = null;
        tools.say(t("common.failed"));
        return null;
      },
    );
    return coming;
  }

  let waiting = new Set(helpQueue(tools.desk.rooms).map(({ room }) => room));
  tools.store.watch(["desk", "record"], () => {
    const plans = tools.desk.rooms ?? {};
    putFirst(openPlan(plans) !== null);
    // A plan that was dropped left what was written in its rooms.
    const kept = tools.store.docs.record?.rooms ?? {};
    if (Object.keys(plans).length || Object.keys(kept).length) void load();
    else start();
    const queue = helpQueue(plans);
    for (const { plan, room } of queue) {
      if (!waiting.has(room)) announce(t("moderator.rooms.help.asked", { room: roomName(plans[plan]?.rooms[room]) }));
    }
    waiting = new Set(queue.map(({ room }) => room));
  });
  tools.shortcut("r", t("moderator.keys.rooms"), () => void load().then((desk) => desk?.toggle()));
  tools.shortcut("w", t("moderator.keys.help_room"), () => {
    if (helpQueue(tools.desk.rooms).length === 0) return tools.say(t("moderator.rooms.help.none"));
    void load().then((desk) => desk?.focusHelp());
  });
}

/**
 * While people are in rooms these stand first in their column, else below what the hall sees. What has the focus stays where
 * it is, because it would lose the focus, and the other part moves; it is kept in view.
 * @param {boolean} first
 */
function putFirst(first) {
  const rooms = byId("stage-rooms");
  const hall = byId("stage-hall");
  const [upper, lower] = first ? [rooms, hall] : [hall, rooms];
  if (upper.nextElementSibling === lower) return;
  const focused = document.activeElement;
  if (upper.contains(focused)) upper.after(lower);
  else lower.before(upper);
  if (focused && (rooms.contains(focused) || hall.contains(focused))) focused.scrollIntoView({ block: "nearest" });
}
