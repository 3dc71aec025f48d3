/**
 * What was written in the rooms, on the board: fetched when somebody first wants to read it.
 */
import { h, setText } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { bring } from "./kit/later.js";
import { button } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/** The part of the page: its module and its words are called so. */
const PART = "moderator-harvest";
const SHEETS = ["kinds", "harvest"];

/**
 * Whether anything was written in rooms, also in those of plans that were dropped.
 * @param {import("../../live/types.js").Minutes | undefined} record
 */
export function isWritten(record) {
  return Object.values(record?.rooms ?? {}).some(
    ({ notes, handovers }) => Object.keys(notes).length + Object.keys(handovers).length > 0,
  );
}

/**
 * The two sides of the board, who sits where and what was written, and the second of them.
 * @param {Tools} tools
 * @param {readonly string[]} modules that the second is made of
 * @param {() => void} onchange another side was chosen
 */
export function mountSides(tools, modules, onchange) {
  let reading = false;
  let asked = false;
  const turn = (/** @type {boolean} */ to) => {
    reading = to;
    onchange();
  };
  const who = button(t("moderator.rooms.who"), () => turn(false), { class: "small" });
  const count = h("span", { class: "count", hidden: true });
  const what = button([t("moderator.rooms.written"), " ", count], () => turn(true), { class: "small" });
  const sides = h("div", { class: "row", role: "group", "aria-label": t("moderator.rooms.sides") }, who, what);
  const coming = h("p", { class: "muted", role: "status" });
  const place = h("div", null);
  const written = h("div", { class: "rooms-written", hidden: true }, coming, place);

  /** How many notes came while somebody reads. @param {number} n */
  function onWaiting(n) {
    count.hidden = n === 0;
    setText(count, n);
    count.title = t("moderator.rooms.written.waiting", { n });
  }

  /** Bring what was written, the first time. */
  function load() {
    if (asked) return;
    asked = true;
    setText(coming, t("moderator.rooms.written.coming"));
    void bring(PART, SHEETS, modules, () => import("../../pages/moderator-harvest.js")).then(({ mountHarvest }) => {
      coming.remove();
      mountHarvest(place, tools.session, { onWaiting });
    });
  }

  return {
    sides,
    written,
    /** Go back to who sits where. */
    reset: () => (reading = false),
    /**
     * @param {boolean} planned whether there is a plan to show
     * @param {boolean} filling whether a form takes the place of both
     * @returns {boolean} whether what was written is shown, or would be
     */
    draw: (planned, filling) => {
      const reads = reading || (!planned && isWritten(tools.store.docs.record));
      sides.hidden = filling || !planned;
      written.hidden = filling || !reads;
      if (!written.hidden) load();
      who.setAttribute("aria-pressed", String(!reads));
      what.setAttribute("aria-pressed", String(reads));
      return reads;
    },
  };
}
