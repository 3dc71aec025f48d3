/**
 * Whether questions may be asked, and whether each is read by a moderator first.
 */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { toggle } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/** @param {Tools} tools */
export function mountQuestionSettings(tools) {
  const open = toggle(t("moderator.questions.open"), (on, input) => void set(input, "open", on));
  const moderated = toggle(t("moderator.questions.moderated"), (on, input) => void set(input, "moderated", on));
  const el = h(
    "div",
    { class: "asks-settings", "data-place": "" },
    open.el,
    moderated.el,
    h("p", { class: "hint" }, t("moderator.questions.moderated.hint")),
  );

  /** @param {HTMLElement} control @param {"open" | "moderated"} name @param {boolean} on */
  async function set(control, name, on) {
    const said = t(`moderator.questions.${name}.${on ? "on" : "off"}`);
    await tools.act(
      control,
      "questions.settings",
      { [name]: on },
      { said, undo: [["questions.settings", { [name]: !on }]] },
    );
    draw();
  }

  function draw() {
    el.hidden = tools.stage.session.state === "ended";
    open.input.checked = tools.questions.open;
    moderated.input.checked = tools.questions.moderated;
  }
  tools.store.watch(["stage"], draw);
  return el;
}
