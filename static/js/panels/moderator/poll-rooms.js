/**
 * The results of a poll that all rooms were asked side by side: one line a room, one column an option.
 */
import { h, keyed, setText } from "../../lib/dom.js";
import { letter } from "../../lib/marks.js";
import { pick, t } from "../../lib/texts.js";
import { roomName } from "./kit/rooms-words.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("../../live/types.js").Poll} Poll */

/** @param {Tools} tools */
export function roomResults(tools) {
  const head = h("tr", null);
  const body = h("tbody", null);
  const el = h(
    "details",
    { class: "rooms-more", hidden: true },
    h("summary", null, t("moderator.rooms.poll.by_room")),
    h(
      "div",
      { class: "table-scroll", tabindex: 0, role: "group", "aria-label": t("moderator.rooms.poll.by_room") },
      h("table", { class: "results-table" }, h("thead", null, head), body),
    ),
  );

  /** @param {Poll} poll */
  function update(poll) {
    const rooms = poll.results?.rooms ?? {};
    el.hidden = Object.keys(rooms).length === 0;
    if (el.hidden) return;
    const column = (/** @type {string} */ option, /** @type {number} */ index) =>
      poll.kind === "scale" ? option : letter(index);
    keyed(
      head,
      ["", ...poll.order],
      (option) => option,
      (option) => h("th", { scope: "col", class: option ? "number" : "", title: pick(poll.options[option]) }),
      (th, option) => setText(th, option ? column(option, poll.order.indexOf(option)) : t("moderator.rooms.poll.room")),
    );
    const known = Object.values(tools.desk.rooms ?? {}).flatMap((plan) =>
      plan.order.map((id) => /** @type {const} */ ([id, plan.rooms[id]])),
    );
    keyed(
      body,
      known.filter(([id]) => rooms[id]),
      ([id]) => id,
      () => h("tr", null, h("th", { scope: "row", dir: "auto" })),
      (tr, [id, room]) => {
        const [first] = tr.children;
        if (first) setText(first, roomName(room));
        while (tr.children.length <= poll.order.length) tr.append(h("td", { class: "number" }));
        poll.order.forEach((option, index) =>
          setText(/** @type {Element} */ (tr.children[index + 1]), rooms[id]?.counts[option] ?? 0),
        );
      },
    );
  }
  return { el, update };
}
