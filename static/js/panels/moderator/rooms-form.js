/**
 * The form of a new plan of rooms. It begins with what most moderators want, says live what would come of it, survives a
 * reload, and tells beside the field what is wrong.
 */
import { h, setText } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { choices, noteOf, number, outcomeWords, planOption, sayWrongs, textPlace } from "./rooms-form-parts.js";
import { mountTopics } from "./rooms-topics.js";
import {
  asked,
  emptyPlan,
  MOST,
  outcome,
  partsOf,
  planFields,
  restored,
  WAYS,
  withQuestions,
} from "./kit/rooms-form-model.js";
import { peopleHere, planOrder } from "./kit/rooms-model.js";
import { wrongsOf } from "./kit/rooms-refusals.js";
import { textField } from "./kit/text-field.js";
import { button, field, select, toggle } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("./kit/rooms-form-model.js").RoomsForm} Form */

/** Under this name the form is kept. */
const DRAFT = "rooms.new";

/**
 * @param {Tools} tools
 * @param {(plan: string | null) => void} onclose with the plan that was made, null where none was
 */
export function planForm(tools, onclose) {
  const here = () => peopleHere(tools.desk.people).length;
  const kept = tools.drafts.read(DRAFT);
  const state = restored(emptyPlan(here()), kept);
  /** Whether the number of rooms still follows the people who come in. */
  let usual = kept === null;

  const title = h("h3", { tabindex: -1 }, t("moderator.rooms.form.title"));
  const by = choices(
    "by",
    /** @type {const} */ (["rooms", "size"]),
    state.by,
    t("moderator.rooms.form.by"),
    (one) => t(`moderator.rooms.form.by.${one}`),
    changed,
  );
  const rooms = number(state.rooms, 1, MOST.rooms);
  const size = number(state.size, 2, MOST.size);
  const roomsField = field(t("moderator.rooms.form.rooms"), rooms);
  const sizeField = field(t("moderator.rooms.form.size"), size);
  const result = h("p", { class: "rooms-outcome", role: "status" });
  const assign = choices(
    "assign",
    WAYS,
    state.assign,
    t("moderator.rooms.assign"),
    (one) => t(`moderator.rooms.assign.${one}`),
    changed,
  );
  const assignHint = h("p", { class: "hint" });
  const places = number(state.places, 1, MOST.size);
  const placesField = field(t("moderator.rooms.form.places"), places, t("moderator.rooms.form.places.hint"));
  const plans = planOrder(tools.desk.rooms).filter((id) => tools.desk.rooms[id]?.state !== "planning");
  const from = select(
    [["", t("moderator.rooms.form.from.choose")], ...plans.map((id) => planOption(tools, id))],
    state.from,
  );
  const fromField = field(t("moderator.rooms.form.from"), from);
  const rounds = number(state.rounds, 1, MOST.rounds);
  const roundsField = field(t("moderator.rooms.form.rounds"), rounds);
  const rotate = choices(
    "rotate",
    /** @type {const} */ (["people", "questions"]),
    state.rotate,
    t("moderator.rooms.rotate"),
    (one) => t(`moderator.rooms.rotate.${one}`),
    changed,
  );
  const questions = h("p", { class: "hint" }, t("moderator.rooms.rotate.by_hand"));
  const minutes = number(state.minutes, 0, MOST.minutes);
  const minutesField = field(t("moderator.rooms.form.minutes"), minutes, t("moderator.rooms.form.minutes.hint"));
  const auto = toggle(t("moderator.rooms.form.auto"), changed);
  auto.input.checked = state.auto;
  const name = textField({
    label: t("moderator.rooms.form.name"),
    languages: tools.languages,
    value: state.name,
    max: 300,
    hint: t("moderator.rooms.form.name.hint"),
    oninput: changed,
  });
  const topics = mountTopics(tools, changed, (segment) => {
    const filled = withQuestions(read(), tools.stage.agenda, segment);
    usual = false;
    by.set(filled.by);
    rooms.value = filled.rooms;
    topics.set(filled.topics);
    changed();
  });
  topics.set(state.topics);
  topics.el.open = state.topics.some(
    (topic) => topic.question || topic.host || Object.keys({ ...topic.name, ...topic.task }).length > 0,
  );
  for (const control of [rooms, size, places, rounds, minutes]) control.addEventListener("input", changed);
  rooms.addEventListener("input", () => (usual = false));
  from.addEventListener("change", changed);

  /** Where what is wrong is said, in the order of the form. */
  const notes = {
    places: noteOf(places),
    from: noteOf(from),
    rooms: noteOf(rooms),
    size: noteOf(size),
    rounds: noteOf(rounds),
    minutes: noteOf(minutes),
    topics: noteOf(/** @type {HTMLElement} */ (topics.el.querySelector("summary"))),
  };
  roomsField.append(notes.rooms.note);
  sizeField.append(notes.size.note);
  placesField.append(notes.places.note);
  fromField.append(notes.from.note);
  roundsField.append(notes.rounds.note);
  minutesField.append(notes.minutes.note);

  const make = h("button", { type: "submit", class: "button primary" }, t("moderator.rooms.form.make"));
  const sizes = h("div", { class: "row rooms-size" }, by.el, roomsField, sizeField);
  const el = h(
    "form",
    { class: "card stack rooms-form", "data-place": "", novalidate: true },
    title,
    h("div", { class: "stack tight" }, assign.el, assignHint, placesField, fromField),
    sizes,
    result,
    h("div", { class: "row rooms-size" }, roundsField, minutesField, rotate.el),
    questions,
    auto.el,
    h("div", null, topics.el, notes.topics.note),
    name.el,
    h(
      "div",
      { class: "actions rooms-actions" },
      button(t("common.cancel"), () => leave(null), { look: "quiet" }),
      make,
    ),
  );
  el.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });

  /** @returns {Form} */
  function read() {
    return {
      by: by.value(),
      rooms: rooms.value,
      size: size.value,
      assign: assign.value(),
      places: places.value,
      from: from.value,
      rounds: rounds.value,
      rotate: rotate.value(),
      minutes: minutes.value,
      auto: auto.input.checked,
      name: name.value(),
      topics: topics.value(),
    };
  }

  function changed() {
    for (const note of Object.values(notes)) note.say("");
    tools.drafts.write(DRAFT, read());
    draw();
  }

  function draw() {
    const people = here();
    if (usual && document.activeElement !== rooms) rooms.value = emptyPlan(people).rooms;
    const form = read();
    const parts = partsOf(form);
    const made = outcome(form, people);
    sizes.hidden = parts.again;
    roomsField.hidden = form.by !== "rooms";
    sizeField.hidden = form.by !== "size";
    rotate.el.hidden = !parts.rotates || parts.byHand;
    questions.hidden = !parts.rotates || !parts.byHand;
    roundsField.hidden = parts.again;
    placesField.hidden = form.assign !== "chosen";
    fromField.hidden = !parts.again;
    topics.el.hidden = parts.again;
    setText(assignHint, t(`moderator.rooms.assign.${form.assign}.hint`));
    setText(result, outcomeWords(form, people, made));
    topics.resize(parts.again ? 0 : (asked(form, people) ?? 0));
  }

  async function submit() {
    const form = read();
    if (!topics.check(asked(form, here()) ?? 0) || !name.check({ optional: true })) return;
    const found = planFields(form, here());
    if ("wrongs" in found) return void sayWrongs(notes, found.wrongs);
    const made = await tools.act(make, "rooms.plan", found.fields, {
      said: t("moderator.rooms.form.made"),
      undo: ({ made }) => [["rooms.drop", { plan: made }]],
      refused: (refusal) => sayWrongs({ ...notes, name: textPlace(name) }, wrongsOf("rooms.plan", refusal)),
    });
    if (!made) return;
    leave(made.made ?? null);
    sayReady(tools, String(made.made));
  }

  /** @param {string | null} plan */
  function leave(plan) {
    tools.drafts.drop(DRAFT);
    stop();
    onclose(plan);
  }
  const stop = tools.store.watch(["desk"], () => el.isConnected && draw());
  return { el, draw };
}

/** What was said of a plan in the making ends with it. @param {Tools} tools @param {string} id */
function sayReady(tools, id) {
  const stop = tools.store.on("desk", look);
  look();

  function look() {
    const plan = tools.desk.rooms?.[id];
    if (!plan || plan.state === "planning") return;
    tools.amend(t("moderator.rooms.form.made"), t("moderator.rooms.form.ready"));
    stop();
  }
}
