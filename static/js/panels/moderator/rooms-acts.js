/**
 * What the main button of a plan does, and calling everybody back.
 */
import { confirmDialog } from "../../lib/dialog.js";
import { t } from "../../lib/texts.js";
import { clockLeft } from "../../lib/time.js";
import { GRACE, mainStep, roundNow, unseated } from "./kit/rooms-model.js";
import { closedWords } from "./kit/rooms-words.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("./kit/tools.js").After} After */
/** @typedef {import("./rooms-desk.js").Chosen} Chosen */
/** @typedef {import("./kit/rooms-model.js").Plan} Plan */

/** With more than this left on the clock, rotating asks first, ms. */
const EARLY = 60_000;

/** @param {Tools} tools @param {Chosen} chosen @param {HTMLElement} control */
export async function doMain(tools, chosen, control) {
  const plan = chosen.plan();
  const id = chosen.id();
  if (!plan || id === null) return;
  /** @type {(what: string, fields: Record<string, unknown>, after: After) => unknown} */
  const act = (what, fields, after) => tools.act(control, what, fields, after);
  switch (mainStep(plan)) {
    case "open":
    case "reopen":
      return act(
        "rooms.open",
        { plan: id },
        { said: openedWords(tools, plan), undo: [["rooms.close", { grace: 0 }]] },
      );
    case "rotate":
      if (await maySkip(tools, plan)) {
        return act(
          "rooms.rotate",
          { round: plan.round },
          { said: t("moderator.rooms.rotated", { n: plan.round + 1 }) },
        );
      }
      return undefined;
    case "recall":
      return callBack(tools, control);
    case "close":
      return act(
        "rooms.close",
        { grace: 0 },
        { said: t("moderator.rooms.closed"), undo: [["rooms.open", { plan: id }]] },
      );
    default:
      return undefined;
  }
}

/** Where people choose, or are placed by hand, not everybody is in a room. @param {Tools} tools @param {Plan} plan */
function openedWords(tools, plan) {
  const n = unseated(plan, roundNow(plan), tools.desk.people).length;
  return n ? t("moderator.rooms.opened.without", { n }) : t("moderator.rooms.opened");
}

/** Nobody can be moved back to a round that is over, so with time left it is asked. @param {Tools} tools @param {Plan} plan */
async function maySkip(tools, plan) {
  const left = clockLeft(plan.clock, tools.store.now());
  if (left === null || left <= EARLY) return true;
  return confirmDialog({
    title: t("moderator.rooms.rotate.title", { n: plan.round + 1 }),
    body: [t("moderator.rooms.rotate.body", { n: Math.round(left / 60_000) }), closedWords(plan)].join(" ").trim(),
    confirm: t("moderator.rooms.main.rotate"),
  });
}

/** @param {Tools} tools @param {HTMLElement} control */
export function callBack(tools, control) {
  return tools.act(
    control,
    "rooms.close",
    { grace: GRACE },
    { said: t("moderator.rooms.recalled", { n: GRACE }), undo: [["rooms.extend", { seconds: 0 }]] },
  );
}
