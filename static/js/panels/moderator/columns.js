/**
 * The three columns: all side by side on a desk, one at a time on a phone with a bar that carries what waits in each.
 */
import { byId, setText } from "../../lib/dom.js";
import { announce } from "../../lib/announce.js";
import { t } from "../../lib/texts.js";
import { clockLeft, formatClock } from "../../lib/time.js";
import { closeBoard } from "./kit/board.js";
import { waiting } from "./kit/waiting.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

const COLUMNS = /** @type {const} */ (["run", "stage", "people"]);
/** Below this width one column is shown at a time; the sheet says the same. */
const NARROW = "(max-width: 63.99rem)";

/** @param {Tools} tools */
export function mountColumns(tools) {
  const columns = byId("columns");
  const narrow = matchMedia(NARROW);
  /** @type {Record<string, number>} */
  const places = {};
  let last = { questions: 0, hands: 0 };

  function show(/** @type {string} */ name, focus = false) {
    const former = columns.dataset.column ?? "run";
    // The board of the rooms stands where the other columns do: whoever wants these closes it.
    if ("board" in columns.dataset && name !== "run" && (!narrow.matches || name === former)) {
      closeBoard();
    }
    if (narrow.matches && former !== name) {
      places[former] = scrollY;
      columns.dataset.column = name;
      scrollTo({ top: places[name] ?? 0, behavior: "instant" });
    }
    columns.dataset.column = name;
    for (const column of COLUMNS) byId(`tab-${column}`).toggleAttribute("aria-current", column === name);
    if (byId(`tab-${name}`).hasAttribute("aria-current")) byId(`tab-${name}`).setAttribute("aria-current", "true");
    if (focus) byId("board" in columns.dataset && name === "stage" ? "board-title" : `${name}-title`).focus();
  }

  COLUMNS.forEach((name, index) => {
    byId(`tab-${name}`).addEventListener("click", (event) => {
      event.preventDefault();
      show(name);
    });
    tools.shortcut(String(index + 1), t(`moderator.keys.column.${name}`), () => show(name, true));
  });
  show("run");

  function draw() {
    const counts = waiting({ stage: tools.stage, desk: tools.desk }, tools.store.now());
    for (const name of COLUMNS) {
      const n = counts[name];
      for (const place of [byId(`tab-${name}-count`), byId(`${name}-count`)]) {
        place.hidden = n === 0;
        setText(place, name === "run" ? "!" : n);
        place.title = t(`moderator.waits.${name}`, { n });
      }
      setText(byId(`tab-${name}-words`), n ? t(`moderator.waits.${name}`, { n }) : "");
    }
    const jump = byId("jump-questions");
    jump.hidden = counts.questions === 0;
    setText(jump, t("moderator.waits.questions", { n: counts.questions }));
    if (counts.questions > last.questions) announce(t("moderator.waits.questions", { n: counts.questions }));
    if (counts.hands > last.hands) announce(t("moderator.waits.hands", { n: counts.hands }));
    last = counts;
  }
  last = waiting({ stage: tools.stage, desk: tools.desk }, tools.store.now());
  function tick() {
    const { agenda, session } = tools.stage;
    const left =
      session.state === "live" && agenda.clock.state !== "idle" ? clockLeft(agenda.clock, tools.store.now()) : null;
    for (const place of ["tab-clock", "run-clock"]) setText(byId(place), left === null ? "" : formatClock(left));
  }
  tools.store.watch(["stage", "desk"], draw);
  tools.onTick(draw);
  tools.onTick(tick);
  byId("jump-questions").addEventListener("click", (event) => {
    event.preventDefault();
    byId("questions-title").scrollIntoView({ block: "start" });
    tools.shortcuts.get("q")?.run();
  });
}
