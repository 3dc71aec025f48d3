/**
 * The agenda: segments with their guiding questions, any of which can take the stage; each line can be changed, moved
 * and dropped where it stands, and new ones added.
 */
import { h, keyed, setText } from "../../lib/dom.js";
import { pick, show, t } from "../../lib/texts.js";
import { confirmDialog } from "../../lib/dialog.js";
import { openEditor, openQuestionForm, openSegmentForm } from "./agenda-forms.js";
import { guidingQuestions, neighbour } from "./kit/agenda-model.js";
import { button, duration, newId } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/**
 * @param {HTMLElement} el
 * @param {Tools} tools
 */
export function mountAgenda(el, tools) {
  const segments = h("ol", { class: "agenda-segments" });
  const adder = h("div", { class: "agenda-add", "data-place": "" });
  el.replaceChildren(segments, adder);
  const addSegment = button(t("moderator.agenda.add_segment"), () => openSegmentForm(tools, adder, addSegment), {
    look: "quiet",
  });
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
    if (focused instanceof HTMLElement && focused !== document.activeElement && el.contains(focused))
      focused.focus({ preventScroll: true });
  }

  function drawList() {
    const { agenda, session } = tools.stage;
    const ended = session.state === "ended";
    adder.hidden = ended;
    const numbers = new Map(guidingQuestions(agenda).map(({ id }, index) => [id, index + 1]));
    const now = ended ? null : agenda.current;
    const next = ended ? null : neighbour(agenda, agenda.current, 1)?.id;
    keyed(
      segments,
      agenda.order,
      (id) => id,
      (id) => createSegment(tools, id),
      (li, id) => {
        const segment = agenda.segments[id];
        if (!segment) return;
        show(part(li, "title"), segment.title);
        part(li, "tools").hidden = ended;
        part(li, "foot").hidden = ended;
        keyed(
          part(li, "list"),
          segment.order,
          (item) => item,
          rowOf,
          (row, item) => {
            const question = segment.questions[item];
            if (!question) return;
            const state = item === now ? "now" : item === next ? "next" : "";
            row.dataset.state = state;
            setText(part(row, "number"), String(numbers.get(item) ?? ""));
            show(part(row, "text"), question.text);
            const minutes = question.seconds ? duration(question.seconds) : "";
            setText(part(row, "facts"), [state && t(`moderator.agenda.${state}`), minutes].filter(Boolean).join(" · "));
            part(row, "go").hidden = ended || state === "now";
            part(row, "edit").hidden = ended;
            const words = pick(question.text);
            part(row, "go").setAttribute("aria-label", t("moderator.agenda.go.name", { question: words }));
            part(row, "edit").setAttribute("aria-label", t("moderator.agenda.edit.name", { question: words }));
          },
        );
      },
    );
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
  const edit = button(t("moderator.edit"), () => openEditor(tools, li, head, id, edit), {
    look: "quiet",
    class: "small",
  });
  const add = button(t("moderator.agenda.add_question"), () => openQuestionForm(tools, foot, id, add), {
    look: "quiet",
    class: "small",
  });
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
  const edit = button(t("moderator.edit"), () => openEditor(tools, li, view, id, edit), {
    look: "quiet",
    class: "small",
  });
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
  await tools.act(
    control,
    "agenda.go",
    { question },
    {
      said: t("moderator.run.moved"),
      undo: former === null ? [] : [["agenda.go", { question: former }]],
    },
  );
}
