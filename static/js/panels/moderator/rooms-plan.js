/**
 * A plan as a whole, outside of what steers it: its name, its minutes, whether rounds end by themselves; and its end.
 */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { confirmDialog, openDialog } from "../../lib/dialog.js";
import { noteOf, sayWrongs, textPlace } from "./rooms-form-parts.js";
import { MOST } from "./kit/rooms-form-model.js";
import { wrongsOf } from "./kit/rooms-refusals.js";
import { planName } from "./kit/rooms-words.js";
import { changeOf } from "./kit/text-change.js";
import { textField } from "./kit/text-field.js";
import { button, field, newId, toggle } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/** @param {Tools} tools @param {string} plan @param {HTMLElement} control */
export async function dropPlan(tools, plan, control) {
  const found = tools.desk.rooms?.[plan];
  if (!found) return;
  const notes = Object.values(found.rooms).reduce((all, room) => all + room.notes, 0);
  const sure = await confirmDialog({
    title: t("moderator.rooms.drop.title", { plan: planName(found) }),
    body: notes ? t("moderator.rooms.drop.notes", { n: notes }) : t("moderator.rooms.drop.body"),
    confirm: t("moderator.drop"),
    danger: true,
  });
  if (sure) await tools.act(control, "rooms.drop", { plan }, { said: t("moderator.rooms.dropped") });
}

/** @param {Tools} tools @param {string} plan */
export async function editPlan(tools, plan) {
  const found = tools.desk.rooms?.[plan];
  if (!found) return;
  const title = h("h2", { class: "dialog-title", id: newId("plan") }, t("moderator.rooms.plan.title"));
  const name = textField({
    label: t("moderator.rooms.form.name"),
    languages: tools.languages,
    value: found.name ?? {},
    max: 300,
    hint: t("moderator.rooms.form.name.hint"),
  });
  const minutes = h("input", {
    type: "number",
    class: "input number-input",
    min: 0,
    max: MOST.minutes,
    step: 0.5,
    inputmode: "decimal",
  });
  minutes.value = found.seconds ? String(found.seconds / 60) : "";
  const minutesField = field(t("moderator.rooms.form.minutes"), minutes, t("moderator.rooms.plan.minutes.hint"));
  const wrong = noteOf(minutes);
  minutesField.append(wrong.note);
  minutes.addEventListener("input", () => wrong.say(""));
  const auto = toggle(t("moderator.rooms.form.auto"), () => {});
  auto.input.checked = found.auto;
  const save = h("button", { type: "submit", class: "button primary" }, t("moderator.save"));
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": title.id },
    h(
      "form",
      {
        class: "stack",
        "data-place": "",
        novalidate: true,
        onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), void submit()),
      },
      title,
      name.el,
      minutesField,
      auto.el,
      h(
        "div",
        { class: "actions" },
        button(t("common.cancel"), () => dialog.close("")),
        save,
      ),
    ),
  );

  async function submit() {
    if (!name.check({ optional: true })) return;
    const words = changeOf(found?.name, name.value());
    const seconds = Math.round((Number(minutes.value) || 0) * 60);
    const fields = {
      plan,
      ...(words !== undefined && { name: words }),
      ...(seconds !== found?.seconds && { seconds }),
      ...(auto.input.checked !== found?.auto && { auto: auto.input.checked }),
    };
    const changed = Object.keys(fields).length > 1;
    const after = {
      said: t("moderator.rooms.plan.saved"),
      refused: (/** @type {import("./kit/tools.js").Refusal} */ refusal) =>
        sayWrongs({ name: textPlace(name), minutes: wrong }, wrongsOf("rooms.edit", refusal)),
    };
    if (!changed || (await tools.act(save, "rooms.edit", fields, after))) dialog.close("");
  }
  document.body.append(dialog);
  await openDialog(dialog);
  dialog.remove();
}
