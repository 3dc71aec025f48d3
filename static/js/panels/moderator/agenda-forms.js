/**
 * The forms of the agenda: change, move or drop a line where it stands, add a guiding question or a segment.
 */
import { h } from "../../lib/dom.js";
import { pick, t } from "../../lib/texts.js";
import { confirmDialog } from "../../lib/dialog.js";
import { guidingQuestions, moveOf, placeOf } from "./kit/agenda-model.js";
import { textField } from "./kit/text-field.js";
import { button, field } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("./kit/tools.js").Step} Step */

/**
 * Change, move or drop a guiding question or a segment, where it stands.
 * @param {Tools} tools
 * @param {HTMLElement} li
 * @param {HTMLElement} view what the form replaces
 * @param {string} item
 * @param {HTMLElement} opener
 */
export function openEditor(tools, li, view, item, opener) {
  const { agenda } = tools.stage;
  const question = guidingQuestions(agenda).find(({ id }) => id === item);
  const before = question?.text ?? agenda.segments[item]?.title;
  if (!before) return;
  const text = textField({
    label: t(question ? "moderator.agenda.question" : "moderator.agenda.segment"),
    languages: tools.languages,
    value: before,
    long: Boolean(question),
    max: question ? 1000 : 300,
  });
  const minutes = question ? minutesField(question.seconds) : null;
  const done = () => {
    form.remove();
    view.hidden = false;
    opener.focus();
  };
  const move = (/** @type {-1 | 1} */ step) => {
    const key = step < 0 ? "moderator.up" : "moderator.down";
    const control = button(
      t(key),
      () => {
        const fields = moveOf(tools.stage.agenda, item, step);
        const place = placeOf(tools.stage.agenda, item);
        if (!fields || !place) return tools.say(t("moderator.agenda.edge"));
        void tools.act(
          control,
          "agenda.move",
          { ...fields },
          { said: t("moderator.agenda.moved"), undo: [["agenda.move", { ...place }]] },
        );
      },
      { look: "quiet", class: "small" },
    );
    return control;
  };
  const drop = button(t("moderator.drop"), () => void dropItem(tools, item, drop), {
    look: "quiet",
    class: "small danger-text",
  });
  const form = formOf(
    [text.el, minutes?.el],
    [move(-1), move(1), drop],
    async (save) => {
      if (!text.check()) return;
      const value = text.value();
      const seconds = minutes?.seconds();
      const changed = JSON.stringify(value) !== JSON.stringify(before);
      const fields = {
        item,
        ...(changed && { text: value }),
        ...(question && seconds !== question.seconds && { seconds }),
      };
      if (Object.keys(fields).length === 1) return done();
      /** @type {Step} */
      const undo = ["agenda.edit", { item, text: before, ...(question && { seconds: question.seconds }) }];
      if (await tools.act(save, "agenda.edit", fields, { said: t("moderator.agenda.saved"), undo: [undo] })) done();
    },
    done,
  );
  view.hidden = true;
  view.after(form);
  text.focus();
}

/** @param {Tools} tools @param {string} item @param {HTMLElement} control */
async function dropItem(tools, item, control) {
  const { agenda } = tools.stage;
  const segment = agenda.segments[item];
  const words = pick(segment?.title ?? guidingQuestions(agenda).find(({ id }) => id === item)?.text);
  const sure = await confirmDialog({
    title: t("moderator.agenda.drop.title", { what: words }),
    body: segment?.order.length
      ? t("moderator.agenda.drop.segment", { n: segment.order.length })
      : t("moderator.agenda.drop.body"),
    confirm: t("moderator.drop"),
    danger: true,
  });
  if (sure) await tools.act(control, "agenda.drop", { item }, { said: t("moderator.agenda.dropped") });
}

/** @param {Tools} tools @param {HTMLElement} place @param {string} segment @param {HTMLElement} opener */
export function openQuestionForm(tools, place, segment, opener) {
  const text = textField({ label: t("moderator.agenda.question"), languages: tools.languages, long: true, max: 1000 });
  const minutes = minutesField(300);
  addForm(tools, place, opener, text, [text.el, minutes.el], () => ({
    segment,
    text: text.value(),
    seconds: minutes.seconds(),
  }));
}

/** @param {Tools} tools @param {HTMLElement} place @param {HTMLElement} opener */
export function openSegmentForm(tools, place, opener) {
  const text = textField({ label: t("moderator.agenda.segment"), languages: tools.languages, max: 300 });
  addForm(tools, place, opener, text, [text.el], () => ({ title: text.value() }));
}

/**
 * @param {Tools} tools
 * @param {HTMLElement} place
 * @param {HTMLElement} opener
 * @param {import("./kit/text-field.js").TextField} text
 * @param {HTMLElement[]} fields
 * @param {() => Record<string, unknown>} command
 */
function addForm(tools, place, opener, text, fields, command) {
  const done = () => {
    form.remove();
    opener.hidden = false;
    opener.focus();
  };
  const form = formOf(
    fields,
    [],
    async (save) => {
      if (!text.check()) return;
      const added = await tools.act(save, "agenda.add", command(), {
        said: t("moderator.agenda.added"),
        undo: ({ made }) => [["agenda.drop", { item: made }]],
      });
      if (added) done();
    },
    done,
  );
  opener.hidden = true;
  place.append(form);
  text.focus();
}

/**
 * A form inside a row. Enter in a single line saves, Escape gives up.
 * @param {(HTMLElement | null | undefined)[]} fields
 * @param {HTMLElement[]} more further buttons
 * @param {(save: HTMLElement) => unknown} onsave
 * @param {() => void} oncancel
 */
function formOf(fields, more, onsave, oncancel) {
  const save = h("button", { type: "submit", class: "button primary small" }, t("moderator.save"));
  const form = h(
    "form",
    { class: "inline-form stack", "data-place": "", novalidate: true },
    fields,
    h("div", { class: "actions" }, save, button(t("common.cancel"), oncancel, { class: "small" }), more),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void onsave(save);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") oncancel();
  });
  return form;
}

/** Planned minutes; empty: none. @param {number} seconds */
function minutesField(seconds) {
  const input = h("input", {
    type: "number",
    class: "input number-input",
    min: 0,
    max: 1440,
    step: 0.5,
    inputmode: "decimal",
  });
  input.value = seconds ? String(seconds / 60) : "";
  const el = field(t("moderator.agenda.planned"), input, t("moderator.agenda.planned.hint"));
  return { el, seconds: () => Math.max(0, Math.min(86_400, Math.round(Number(input.value) * 60) || 0)) };
}
