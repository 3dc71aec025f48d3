/**
 * What was written in the rooms, on the board: fetched when somebody first wants to read it.
 */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { bring } from "./kit/later.js";

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
 * @param {Tools} tools
 * @param {readonly string[]} modules that the part is made of
 * @param {(n: number) => void} onwaiting how many notes came while somebody reads
 */
export function mountWritten(tools, modules, onwaiting) {
  const coming = h("p", { class: "muted", role: "status" });
  const place = h("div", null);
  const el = h("div", { class: "rooms-written", hidden: true }, coming, place);
  let asked = false;
  return {
    el,
    /** Bring it, the first time. */
    load: () => {
      if (asked) return;
      asked = true;
      coming.textContent = t("moderator.rooms.written.coming");
      void bring(PART, SHEETS, modules, () => import("../../pages/moderator-harvest.js")).then(({ mountHarvest }) => {
        coming.remove();
        mountHarvest(place, tools.session, { onWaiting: onwaiting });
      });
    },
  };
}
