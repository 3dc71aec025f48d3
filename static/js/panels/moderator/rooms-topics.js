/**
 * The part of the form of a plan that says what each room is about: its name, guiding question, task and host; and one press
 * that gives each room a guiding question of a segment.
 */
import { h, keyed, setText } from "../../lib/dom.js";
import { lang, pick, t } from "../../lib/texts.js";
import { emptyTopic, segmentNow } from "./kit/rooms-form-model.js";
import { textField } from "./kit/text-field.js";
import { button, field, select } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("./kit/rooms-form-model.js").TopicForm} TopicForm */

/**
 * Put the agenda's guiding questions into a list to choose from.
 * @param {Tools} tools
 * @param {HTMLSelectElement} list
 */
export function questionOptions(tools, list) {
  const { agenda } = tools.stage;
  for (const segment of agenda.order) {
    const part = agenda.segments[segment];
    if (!part?.order.length) continue;
    list.append(
      h(
        "optgroup",
        { label: pick(part.title) },
        part.order.map((id) => h("option", { value: id }, pick(part.questions[id]?.text))),
      ),
    );
  }
}

/**
 * Put the people who can host a table into a list to choose from, those who are here first.
 * @param {Tools} tools
 * @param {HTMLSelectElement} list
 */
export function hostOptions(tools, list) {
  const able = Object.entries(tools.desk.people).filter(([, { role, removed }]) => !removed && role !== "screen");
  able.sort(([, a], [, b]) => a.name.localeCompare(b.name, lang()));
  const part = (/** @type {string} */ label, /** @type {typeof able} */ people) =>
    people.length > 0 &&
    list.append(
      h(
        "optgroup",
        { label },
        people.map(([id, { name }]) => h("option", { value: id }, name)),
      ),
    );
  part(
    t("moderator.rooms.topic.here"),
    able.filter(([, { here, link }]) => here && !link),
  );
  part(
    t("moderator.rooms.topic.team"),
    able.filter(([, { link }]) => link),
  );
  part(
    t("moderator.rooms.topic.gone"),
    able.filter(([, { here, link }]) => !here && !link),
  );
}

/**
 * @param {Tools} tools
 * @param {() => void} oninput
 * @param {(segment: string) => void} onquestions one guiding question of this segment for each room
 */
export function mountTopics(tools, oninput, onquestions) {
  const { agenda } = tools.stage;
  const segments = agenda.order.filter((id) => agenda.segments[id]?.order.length);
  const segment = select(
    segments.map((id) => /** @type {const} */ ([id, pick(agenda.segments[id]?.title)])),
    segmentNow(agenda) ?? "",
  );
  const fill = button(t("moderator.rooms.topic.fill"), () => onquestions(segment.value), { class: "small" });
  const which = field(t("moderator.rooms.topic.segment"), segment);
  which.hidden = segments.length < 2;
  const list = h("ol", { class: "plain stack tight" });
  const el = h(
    "details",
    { class: "rooms-more rooms-topics" },
    h("summary", null, t("moderator.rooms.topic.title")),
    h(
      "div",
      { class: "stack tight" },
      h("div", { class: "row rooms-fill", hidden: segments.length === 0 }, which, fill),
      list,
    ),
  );
  /** @type {ReturnType<typeof topicRow>[]} */
  const rows = [];

  /** Show as many rooms as there will be. @param {number} count */
  function resize(count) {
    while (rows.length < count) rows.push(topicRow(tools, rows.length + 1, oninput));
    keyed(
      list,
      rows.slice(0, count),
      ({ number }) => String(number),
      (row) => row.el,
    );
  }

  return {
    el,
    resize,
    /** @param {TopicForm[]} topics */
    set: (topics) => {
      resize(topics.length);
      topics.forEach((topic, index) => rows[index]?.set(topic));
    },
    value: () => rows.map((row) => row.value()),
    /** @param {number} count */
    check: (count) => rows.slice(0, count).every((row) => row.check(() => (el.open = true))),
  };
}

/** @param {Tools} tools @param {number} number @param {() => void} oninput */
function topicRow(tools, number, oninput) {
  const { languages } = tools;
  const name = textField({ label: t("moderator.rooms.topic.name"), languages, max: 300, oninput });
  const task = textField({ label: t("moderator.rooms.topic.task"), languages, long: true, oninput });
  const question = select([["", t("moderator.rooms.topic.no_question")]], "");
  questionOptions(tools, question);
  const host = select([["", t("moderator.rooms.topic.no_host")]], "");
  hostOptions(tools, host);
  const words = h("span", { class: "muted small-text", dir: "auto" });
  const summarize = () => {
    const { name: own, question: asked } = value();
    setText(
      words,
      [pick(own), asked && question.selectedOptions[0]?.textContent, host.value && host.selectedOptions[0]?.textContent]
        .filter(Boolean)
        .join(" · "),
    );
  };
  for (const control of [question, host]) control.addEventListener("change", () => (summarize(), oninput()));
  name.el.addEventListener("input", summarize);
  const details = h(
    "details",
    { class: "rooms-topic" },
    h("summary", null, h("strong", null, t("rooms.number", { n: number })), " ", words),
    h(
      "fieldset",
      { class: "stack tight" },
      h("legend", { class: "visually-hidden" }, t("rooms.number", { n: number })),
      name.el,
      field(t("moderator.rooms.topic.question"), question),
      task.el,
      field(t("moderator.rooms.topic.host"), host),
    ),
  );
  /** @returns {TopicForm} */
  function value() {
    return { ...emptyTopic(), name: name.value(), task: task.value(), question: question.value, host: host.value };
  }
  return {
    number,
    el: h("li", null, details),
    value,
    /** @param {TopicForm} topic */
    set: (topic) => {
      name.set(topic.name);
      task.set(topic.task);
      question.value = topic.question;
      host.value = topic.host;
      summarize();
    },
    /** @param {() => void} show called before what is wrong takes the focus */
    check: (show) => {
      const fine = [name, task].every((text) => text.check({ optional: true }));
      if (!fine) {
        show();
        details.open = true;
        [name, task].every((text) => text.check({ optional: true }));
      }
      return fine;
    },
  };
}
