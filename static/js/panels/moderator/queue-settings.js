/**
 * How the speaker queue works: open or closed, the order of new hands, the time for a turn.
 */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { formatClock } from "../../lib/time.js";
import { field, select, toggle } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/** Limits of a turn to choose from, seconds. */
const LIMITS = [0, 60, 90, 120, 180, 300];

/** @param {Tools} tools */
export function mountQueueSettings(tools) {
  const open = toggle(
    t("moderator.hands.open"),
    (on, input) =>
      void set(
        input,
        on ? "speakers.open" : "speakers.close",
        {},
        on ? "speakers.close" : "speakers.open",
        t(on ? "moderator.hands.opened" : "moderator.hands.closed"),
      ),
  );
  const policy = select(
    /** @type {const} */ (["arrival", "first_time"]).map((key) => [key, t(`moderator.hands.policy.${key}`)]),
    "arrival",
  );
  const limit = select(
    LIMITS.map((n) => [String(n), n ? formatClock(n * 1000) : t("moderator.hands.limit.none")]),
    "0",
  );
  policy.addEventListener("change", () => {
    void set(policy, "speakers.policy", { policy: policy.value }, "speakers.policy", t("moderator.hands.policy.set"), {
      policy: tools.stage.speakers.policy,
    });
  });
  limit.addEventListener("change", () => {
    void set(
      limit,
      "session.settings",
      { limit: Number(limit.value) },
      "session.settings",
      t("moderator.hands.limit.set"),
      { limit: tools.stage.speakers.limit },
    );
  });
  const el = h(
    "div",
    { class: "hands-settings stack tight", "data-place": "" },
    open.el,
    h("div", { class: "row" }, field(t("moderator.hands.policy"), policy), field(t("moderator.hands.limit"), limit)),
  );

  /**
   * @param {HTMLElement} control
   * @param {string} what
   * @param {Record<string, unknown>} fields
   * @param {string} back
   * @param {string} said
   * @param {Record<string, unknown>} [former]
   */
  async function set(control, what, fields, back, said, former) {
    await tools.act(control, what, fields, { said, undo: [[back, former]] });
    draw();
  }

  function draw() {
    const { speakers, session } = tools.stage;
    el.hidden = session.state === "ended";
    open.input.checked = speakers.open;
    if (policy.getAttribute("aria-busy") !== "true") policy.value = speakers.policy;
    if (limit.getAttribute("aria-busy") === "true") return;
    if (![...limit.options].some(({ value }) => value === String(speakers.limit))) {
      limit.append(h("option", { value: speakers.limit }, formatClock(speakers.limit * 1000)));
    }
    limit.value = String(speakers.limit);
  }
  return { el, draw };
}
