/**
 * What a moderator changes about one person: name, group, role; or gives them the floor, or removes them.
 */
import { h } from "../../lib/dom.js";
import { isolate } from "../../lib/isolate.js";
import { pick, t } from "../../lib/texts.js";
import { confirmDialog } from "../../lib/dialog.js";
import { button, field, select } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("./kit/tools.js").Step} Step */
/** @typedef {import("../../live/types.js").Person} Person */

const ROLES = /** @type {const} */ (["participant", "moderator", "rapporteur"]);

/** @param {Tools} tools @param {string} id @param {Person} person @param {HTMLDetailsElement} details */
export function personForm(tools, id, person, details) {
  const { session } = tools.stage;
  const self = id === tools.session.boot.person;
  const name = h("input", { type: "text", class: "input", maxlength: 80, dir: "auto", autocomplete: "off" });
  name.value = person.name;
  const group = select(
    [
      ["", t("moderator.group.none")],
      ...session.group_order.map((key) => /** @type {[string, string]} */ ([key, pick(session.groups[key])])),
    ],
    person.group ?? "",
  );
  const role = select(
    ROLES.map((key) => [key, t(`moderator.role.${key}`)]),
    person.role,
  );
  const save = h("button", { type: "submit", class: "button primary small" }, t("moderator.save"));
  const floor = button(
    t("moderator.hand.call"),
    () =>
      void tools.act(
        floor,
        "speaker.call",
        { person: id },
        { said: t("moderator.speaker.called", { name: isolate(person.name) }), undo: [["speaker.finish"]] },
      ),
    { class: "small" },
  );
  const remove = button(t("moderator.people.remove"), () => void removePerson(tools, id, person.name, remove), {
    look: "danger",
    class: "small",
  });
  const ended = session.state === "ended";
  const roleField = field(t("moderator.people.role"), role, t("moderator.people.role.hint"));
  const fixed = self || tools.desk.people[id]?.link === true;
  roleField.hidden = fixed;
  remove.hidden = self;
  floor.dataset.part = "floor";
  const nameField = field(t("moderator.people.name"), name);
  const groupField = field(t("moderator.people.group"), group);
  nameField.hidden = groupField.hidden = ended;
  const form = h(
    "form",
    { class: "stack tight", novalidate: true },
    nameField,
    groupField,
    roleField,
    h("div", { class: "actions" }, remove, floor, save),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    /** @type {Step[]} */
    const steps = [];
    /** @type {Step[]} */
    const undo = [];
    const wanted = name.value.trim();
    if (wanted && wanted !== person.name) {
      steps.push(["person.rename", { person: id, name: wanted }]);
      undo.push(["person.rename", { person: id, name: person.name }]);
    }
    if (group.value !== (person.group ?? "")) {
      steps.push(["person.group", { person: id, group: group.value || null }]);
      undo.push(["person.group", { person: id, group: person.group ?? null }]);
    }
    if (!fixed && role.value !== person.role) {
      steps.push(["person.role", { person: id, role: role.value }]);
      undo.push(["person.role", { person: id, role: person.role }]);
    }
    if (
      steps.length === 0 ||
      (await tools.steps(save, steps, {
        said: t("moderator.people.saved", { name: isolate(wanted || person.name) }),
        undo,
      }))
    ) {
      details.open = false;
      details.querySelector("summary")?.focus();
    }
  });
  return form;
}

/**
 * Offer the floor while it can be given: not to whoever has it, and not after the end.
 * @param {Tools} tools
 * @param {string} id
 * @param {HTMLElement} row
 */
export function drawFloor(tools, id, row) {
  const floor = /** @type {HTMLElement | null} */ (row.querySelector('[data-part="floor"]'));
  const { session, speakers } = tools.stage;
  if (floor) floor.hidden = session.state === "ended" || speakers.current?.person === id;
}

/** @param {Tools} tools @param {string} person @param {string} name @param {HTMLElement} control */
async function removePerson(tools, person, name, control) {
  const sure = await confirmDialog({
    title: t("moderator.people.remove.title", { name: isolate(name) }),
    body: t("moderator.people.remove.body"),
    confirm: t("moderator.people.remove"),
    danger: true,
  });
  if (sure)
    await tools.act(
      control,
      "person.remove",
      { person },
      { said: t("moderator.people.removed", { name: isolate(name) }) },
    );
}
