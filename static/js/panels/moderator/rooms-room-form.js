/**
 * What one room is about: its name, task, guiding question and host.
 */
import { h } from "../../lib/dom.js";
import { roomName } from "../../lib/rooms.js";
import { t } from "../../lib/texts.js";
import { openDialog } from "../../lib/dialog.js";
import { noteOf, sayWrongs, textPlace } from "./rooms-form-parts.js";
import { hostOptions, questionOptions } from "./rooms-topics.js";
import { wrongsOf } from "./kit/rooms-refusals.js";
import { changeOf } from "./kit/text-change.js";
import { textField } from "./kit/text-field.js";
import { button, field, newId, select } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/** @param {Tools} tools @param {string} plan @param {string} id */
export async function editRoom(tools, plan, id) {
  const room = tools.desk.rooms?.[plan]?.rooms[id];
  if (!room) return;
  const title = h(
    "h2",
    { class: "dialog-title", id: newId("room") },
    t("moderator.rooms.edit.title", { room: roomName(room) }),
  );
  const name = textField({
    label: t("moderator.rooms.topic.name"),
    languages: tools.languages,
    value: room.name ?? {},
    max: 300,
  });
  const task = textField({
    label: t("moderator.rooms.topic.task"),
    languages: tools.languages,
    value: room.task ?? {},
    long: true,
  });
  const question = select([["", t("moderator.rooms.topic.no_question")]], "");
  questionOptions(tools, question);
  question.value = room.question ?? "";
  const host = select([["", t("moderator.rooms.topic.no_host")]], "");
  hostOptions(tools, host);
  host.value = room.host ?? "";
  const questionField = field(t("moderator.rooms.topic.question"), question);
  const hostField = field(t("moderator.rooms.topic.host"), host, t("moderator.rooms.topic.host.hint"));
  const [wrongQuestion, wrongHost] = [noteOf(question), noteOf(host)];
  questionField.append(wrongQuestion.note);
  hostField.append(wrongHost.note);
  question.addEventListener("change", () => wrongQuestion.say(""));
  host.addEventListener("change", () => wrongHost.say(""));
  const places = { name: textPlace(name), question: wrongQuestion, task: textPlace(task), host: wrongHost };
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
      questionField,
      task.el,
      hostField,
      h(
        "div",
        { class: "actions" },
        button(t("common.cancel"), () => dialog.close("")),
        save,
      ),
    ),
  );

  async function submit() {
    if (![name, task].every((text) => text.check({ optional: true }))) return;
    /** @type {Record<string, unknown>} */
    const fields = { room: id };
    for (const [key, text, before] of /** @type {const} */ ([
      ["name", name, room?.name],
      ["task", task, room?.task],
    ])) {
      const change = changeOf(before, text.value());
      if (change !== undefined) fields[key] = change;
    }
    if (question.value !== (room?.question ?? "")) fields.question = question.value || null;
    if (host.value !== (room?.host ?? "")) fields.host = host.value || null;
    const changed = Object.keys(fields).length > 1;
    const after = {
      said: t("moderator.rooms.edit.saved"),
      refused: (/** @type {import("./kit/tools.js").Refusal} */ refusal) =>
        sayWrongs(places, wrongsOf("rooms.edit", refusal)),
    };
    if (!changed || (await tools.act(save, "rooms.edit", fields, after))) dialog.close("");
  }
  document.body.append(dialog);
  await openDialog(dialog);
  dialog.remove();
}
