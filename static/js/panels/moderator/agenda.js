/**
 * The agenda: segments with their guiding questions, any of which can take the stage; each line can be changed, moved
 * and dropped where it stands, and new ones added.
 */
import { h, keyed, setText } from "../../lib/dom.js";
import { pick, show, t } from "../../lib/texts.js";
import { confirmDialog } from "../../lib/dialog.js";
import { guidingQuestions, moveOf, neighbour, placeOf } from "./kit/agenda-model.js";
import { textField } from "./kit/text-field.js";
import { button, field, newId } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("./kit/tools.js").Step} Step */
/** @typedef {import("./kit/agenda-model.js").GuidingQuestion} GuidingQuestion */

/**
 * @param {HTMLElement} el
 * @param {Tools} tools
 */
export function mountAgenda(el, tools) {
  const segments = h("ol", { class: "agenda-segments" });
  const adder = h("div", { class: "agenda-add", "data-place": "" });
  el.replaceChildren(segments, adder);
  const addSegment = button(t("moderator.agenda.add_segment"), () => openSegmentForm(tools, adder, addSegment), { look: "quiet" });
  adder.append(addSegment);

  /** A question that goes over into another segment takes its row along, with what is being typed there. */
  const rows = /** @type {Map<string, HTMLElement>} */ (new Map());
  const rowOf = (/** @type {string} */ id) => {
    const row = rows.get(id) ?? createQuestion(tools, id);
    rows.set(id, row);
    return row;
  };

  function draw() {
    const focused = document.activeElement;
    drawList();
    if (focused instanceof HTMLElement && focused !== document.activeElement && el.contains(focused)) focused.focus({ preventScroll: true });
  }

  function drawList() {
    const { agenda, session } = tools.stage;
    const ended = session.state === "ended";
    adder.hidden = ended;
    const numbers = new Map(guidingQuestions(agenda).map(({ id }, index) => [id, index + 1]));
    const now = ended ? null : agenda.current;
    const next = ended ? null : neighbour(agenda, agenda.current, 1)?.id;
    keyed(segments, agenda.order, (id) => id, (id) => createSegment(tools, id), (li, id) => {
      const segment = agenda.segments[id];
      if (!segment) return;
      show(part(li, "title"), segment.title);
      part(li, "tools").hidden = ended;
      part(li, "foot").hidden = ended;
      keyed(part(li, "list"), segment.order, (item) => item, rowOf, (row, item) => {
        const question = segment.questions[item];
        if (!question) return;
        const state = item === now ? "now" : item === next ? "next" : "";
        row.dataset.state = state;
        setText(part(row, "number"), String(numbers.get(item) ?? ""));
        show(part(row, "text"), question.text);
        const minutes = question.seconds ? t("moderator.agenda.minutes", { n: Math.round(question.seconds / 60) }) : "";
        setText(part(row, "facts"), [state && t(`moderator.agenda.${state}`), minutes].filter(Boolean).join(" · "));
        part(row, "go").hidden = ended || state === "now";
        part(row, "edit").hidden = ended;
        const words = pick(question.text);
        part(row, "go").setAttribute("aria-label", t("moderator.agenda.go.name", { question: words }));
        part(row, "edit").setAttribute("aria-label", t("moderator.agenda.edit.name", { question: words }));
      });
    });
  }
  tools.store.watch(["stage"], draw);
}

/** @param {HTMLElement} el @param {string} name @returns {HTMLElement} */
function part(el, name) {
  return /** @type {HTMLElement} */ (el.querySelector(`[data-part="${name}"]`));
}

/** @param {Tools} tools @param {string} id */
function createSegment(tools, id) {
  const title = h("h4", { class: "agenda-title", "data-part": "title", id: newId("segment") });
  const head = h("div", { class: "agenda-head" }, title);
  const list = h("ol", { class: "agenda-questions", "data-part": "list", "aria-labelledby": title.id });
  const edit = button(t("moderator.edit"), () => openEditor(tools, li, head, id, edit), { look: "quiet", class: "small" });
  const add = button(t("moderator.agenda.add_question"), () => openQuestionForm(tools, foot, id, add), { look: "quiet", class: "small" });
  edit.setAttribute("aria-describedby", title.id);
  add.setAttribute("aria-describedby", title.id);
  head.append(h("div", { "data-part": "tools", class: "agenda-tools" }, edit));
  const foot = h("div", { class: "agenda-add", "data-part": "foot", "data-place": "" }, add);
  const li = h("li", { class: "agenda-segment", "data-place": "" }, head, list, foot);
  return li;
}

/** @param {Tools} tools @param {string} id */
function createQuestion(tools, id) {
  const go = button(t("moderator.agenda.go"), () => void goTo(tools, id, go), { look: "quiet", class: "small" });
  const edit = button(t("moderator.edit"), () => openEditor(tools, li, view, id, edit), { look: "quiet", class: "small" });
  go.dataset.part = "go";
  edit.dataset.part = "edit";
  const view = h(
    "div",
    { class: "agenda-view" },
    h("span", { class: "agenda-number", "data-part": "number", "aria-hidden": "true" }),
    h("p", { class: "agenda-text", "data-part": "text" }),
    h("p", { class: "agenda-facts", "data-part": "facts" }),
    h("div", { class: "agenda-row-actions" }, go, edit),
  );
  const li = h("li", { class: "agenda-question", "data-place": "" }, view);
  return li;
}

/** @param {Tools} tools @param {string} question @param {HTMLElement} control */
async function goTo(tools, question, control) {
  const { session, agenda, presence } = tools.stage;
  if (session.state === "lobby") {
    const sure = await confirmDialog({
      title: t("moderator.agenda.opens.title"),
      body: t("moderator.agenda.opens.body", { n: presence.online }),
      confirm: t("moderator.agenda.opens.confirm"),
    });
    if (!sure) return;
  }
  const former = agenda.current ?? null;
  await tools.act(control, "agenda.go", { question }, {
    said: t("moderator.run.moved"),
    undo: former === null ? [] : [["agenda.go", { question: former }]],
  });
}

/**
 * Change, move or drop a guiding question or a segment, where it stands.
 * @param {Tools} tools
 * @param {HTMLElement} li
 * @param {HTMLElement} view what the form replaces
 * @param {string} item
 * @param {HTMLElement} opener
 */
function openEditor(tools, li, view, item, opener) {
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
    const control = button(t(key), () => {
      const fields = moveOf(tools.stage.agenda, item, step);
      const place = placeOf(tools.stage.agenda, item);
      if (!fields || !place) return tools.say(t("moderator.agenda.edge"));
      void tools.act(control, "agenda.move", { ...fields }, { said: t("moderator.agenda.moved"), undo: [["agenda.move", { ...place }]] });
    }, { look: "quiet", class: "small" });
    return control;
  };
  const drop = button(t("moderator.drop"), () => void dropItem(tools, item, drop), { look: "quiet", class: "small danger-text" });
  const form = formOf([text.el, minutes?.el], [move(-1), move(1), drop], async (save) => {
    const value = text.value();
    const seconds = minutes?.seconds();
    const changed = JSON.stringify(value) !== JSON.stringify(before);
    if (changed && Object.keys(value).length === 0) return text.focus();
    const fields = { item, ...(changed && { text: value }), ...(question && seconds !== question.seconds && { seconds }) };
    if (Object.keys(fields).length === 1) return done();
    /** @type {Step} */
    const undo = ["agenda.edit", { item, text: before, ...(question && { seconds: question.seconds }) }];
    if (await tools.act(save, "agenda.edit", fields, { said: t("moderator.agenda.saved"), undo: [undo] })) done();
  }, done);
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
    body: segment?.order.length ? t("moderator.agenda.drop.segment", { n: segment.order.length }) : t("moderator.agenda.drop.body"),
    confirm: t("moderator.drop"),
    danger: true,
  });
  if (sure) await tools.act(control, "agenda.drop", { item }, { said: t("moderator.agenda.dropped") });
}

/** @param {Tools} tools @param {HTMLElement} place @param {string} segment @param {HTMLElement} opener */
function openQuestionForm(tools, place, segment, opener) {
  const text = textField({ label: t("moderator.agenda.question"), languages: tools.languages, long: true, max: 1000 });
  const minutes = minutesField(300);
  addForm(tools, place, opener, text, [text.el, minutes.el], () => ({ segment, text: text.value(), seconds: minutes.seconds() }));
}

/** @param {Tools} tools @param {HTMLElement} place @param {HTMLElement} opener */
function openSegmentForm(tools, place, opener) {
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
  const form = formOf(fields, [], async (save) => {
    if (Object.keys(text.value()).length === 0) return text.focus();
    const added = await tools.act(save, "agenda.add", command(), {
      said: t("moderator.agenda.added"),
      undo: ({ made }) => [["agenda.drop", { item: made }]],
    });
    if (added) done();
  }, done);
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
  const input = h("input", { type: "number", class: "input number-input", min: 0, max: 1440, step: 0.5, inputmode: "decimal" });
  input.value = seconds ? String(seconds / 60) : "";
  const el = field(t("moderator.agenda.planned"), input, t("moderator.agenda.planned.hint"));
  return { el, seconds: () => Math.max(0, Math.min(86_400, Math.round(Number(input.value) * 60) || 0)) };
}
