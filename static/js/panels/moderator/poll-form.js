/**
 * The form of a poll, for a new one and for a draft. What stands in it survives a reload; what is wrong is said beside the
 * field, and nothing typed is lost.
 */
import { clear, h } from "../../lib/dom.js";
import { letter } from "../../lib/marks.js";
import { t } from "../../lib/texts.js";
import { emptyForm, pollFields } from "./kit/poll-model.js";
import { textField } from "./kit/text-field.js";
import { button, field, newId, select, toggle } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("./kit/poll-model.js").PollForm} Form */
/** @typedef {import("./kit/poll-model.js").PollFields} Fields */
/** @typedef {import("./kit/text-field.js").TextField} TextField */

const MAX_OPTIONS = 20;
const KINDS = /** @type {const} */ (["single", "multiple", "scale"]);

/**
 * @param {object} options
 * @param {Tools} options.tools
 * @param {string} options.draft the name under which the form is kept
 * @param {Form} [options.form] what it begins with, unless a draft was kept
 * @param {boolean} [options.fixedKind] the kind of a poll that exists cannot change
 * @param {{label: string, primary?: boolean, run: (fields: Fields, control: HTMLElement) => Promise<boolean>}[]} options.ways
 *   how to leave the form with something; `run` says whether it worked
 * @param {HTMLElement} [options.more] what else is asked before the form is left
 * @param {() => void} options.onclose
 */
export function pollForm({ tools, draft, form = emptyForm(), fixedKind = false, ways, more, onclose }) {
  const kept = /** @type {Partial<Form> | null} */ (tools.drafts.read(draft));
  /** @type {Form} */
  const state = { ...form, ...kept };
  const keep = () => {
    wrong.hidden = true;
    tools.drafts.write(draft, read());
  };
  const { languages } = tools;
  const prompt = textField({
    label: t("moderator.poll.prompt"),
    languages,
    value: state.prompt,
    long: true,
    alone: true,
    oninput: keep,
  });
  const kindName = newId("kind");
  const kinds = h(
    "fieldset",
    { class: "field", hidden: fixedKind },
    h("legend", null, t("moderator.poll.kind")),
    h(
      "div",
      { class: "choices" },
      KINDS.map((kind) => {
        const input = h("input", { type: "radio", name: kindName, value: kind, checked: kind === state.kind });
        input.addEventListener("change", () => {
          state.kind = kind;
          keep();
          drawKind();
        });
        return h("label", { class: "choice" }, input, t(`moderator.poll.kind.${kind}`));
      }),
    ),
  );
  /** @type {TextField[]} */
  let options = [];
  const optionList = h("ol", { class: "plain stack tight" });
  const addOption = button(
    t("moderator.poll.option.add"),
    () => {
      options.push(makeOption({}));
      drawOptions();
      options.at(-1)?.focus();
    },
    { look: "quiet", class: "small" },
  );
  const optionSet = h(
    "fieldset",
    { class: "field" },
    h("legend", null, t("moderator.poll.options")),
    optionList,
    addOption,
  );
  const min = number(state.min, 1, MAX_OPTIONS, keep);
  const max = number(state.max, 1, MAX_OPTIONS, keep);
  const range = h(
    "div",
    { class: "row" },
    field(t("moderator.poll.min"), min),
    field(t("moderator.poll.max"), max, t("moderator.poll.max.hint")),
  );
  const from = select(
    [
      ["0", "0"],
      ["1", "1"],
    ],
    state.from,
  );
  const to = select(
    Array.from({ length: 9 }, (_, index) => /** @type {const} */ ([String(index + 2), String(index + 2)])),
    state.to,
  );
  for (const control of [from, to]) control.addEventListener("change", keep);
  const low = textField({
    label: t("moderator.poll.low"),
    languages,
    value: state.low,
    max: 300,
    alone: true,
    oninput: keep,
  });
  const high = textField({
    label: t("moderator.poll.high"),
    languages,
    value: state.high,
    max: 300,
    alone: true,
    oninput: keep,
  });
  const scale = h(
    "div",
    { class: "stack tight" },
    h("div", { class: "row" }, field(t("moderator.poll.from"), from), field(t("moderator.poll.to"), to)),
    low.el,
    high.el,
  );
  const texts = [state.prompt, ...state.options, state.low, state.high];
  let everyLanguage = texts.some((text) => languages.slice(1).some((lang) => text[lang]));
  const opener = button(
    t("moderator.text.languages", { n: languages.length - 1 }),
    () => showLanguages(!everyLanguage),
    { look: "quiet", class: "small text-field-more" },
  );
  opener.hidden = languages.length < 2;
  const live = toggle(t("moderator.poll.live"), keep);
  live.input.checked = state.live;
  const wrong = h("p", { class: "error", role: "alert", hidden: true });
  const leave = () => {
    tools.drafts.drop(draft);
    onclose();
  };
  const buttons = ways.map(({ label, primary, run }) => {
    const control = button(label, () => void submit(run, control), { look: primary ? "primary" : "plain" });
    return control;
  });
  const el = h(
    "form",
    { class: "card stack poll-form", "data-place": "", novalidate: true },
    prompt.el,
    opener,
    kinds,
    optionSet,
    range,
    scale,
    live.el,
    more ?? null,
    wrong,
    h("div", { class: "actions" }, button(t("common.cancel"), leave, { look: "quiet" }), buttons),
  );
  // Enter in a field of several must not open a poll to a whole hall.
  el.addEventListener("submit", (event) => event.preventDefault());
  state.options.forEach((option) => options.push(makeOption(option)));
  drawOptions();
  drawKind();
  showLanguages(everyLanguage);

  /** @param {boolean} on */
  function showLanguages(on) {
    everyLanguage = on;
    opener.setAttribute("aria-expanded", String(on));
    for (const text of [prompt, low, high, ...options]) text.showOthers(on);
  }

  /** @param {import("../../live/types.js").Text} value */
  function makeOption(value) {
    const option = textField({
      label: t("moderator.poll.option"),
      hideLabel: true,
      languages,
      value,
      max: 300,
      alone: true,
      oninput: keep,
    });
    option.showOthers(everyLanguage);
    return option;
  }

  function drawOptions() {
    clear(
      optionList,
      options.map((option, index) => {
        const remove = button(
          "×",
          () => {
            options = options.filter((other) => other !== option);
            drawOptions();
            (options[index] ?? options[index - 1])?.focus();
            keep();
          },
          { look: "quiet", name: t("moderator.poll.option.remove", { option: letter(index) }) },
        );
        remove.hidden = options.length <= 2;
        const input = /** @type {HTMLInputElement} */ (option.el.querySelector("input"));
        input.setAttribute("aria-label", t("moderator.poll.option.name", { option: letter(index) }));
        return h(
          "li",
          { class: "poll-option" },
          h("span", { class: "mark", "data-shape": index % 6, "aria-hidden": "true" }, letter(index)),
          option.el,
          remove,
        );
      }),
    );
    addOption.hidden = options.length >= MAX_OPTIONS;
  }

  function drawKind() {
    optionSet.hidden = state.kind === "scale";
    range.hidden = state.kind !== "multiple";
    scale.hidden = state.kind !== "scale";
  }

  /** @returns {Form} */
  function read() {
    return {
      kind: state.kind,
      prompt: prompt.value(),
      options: options.map((option) => option.value()),
      min: min.value,
      max: max.value,
      from: from.value,
      to: to.value,
      low: low.value(),
      high: high.value(),
      live: live.input.checked,
    };
  }

  /**
   * @param {(fields: Fields, control: HTMLElement) => Promise<boolean>} run
   * @param {HTMLElement} control
   */
  async function submit(run, control) {
    wrong.hidden = true;
    const asked = state.kind === "scale" ? [low, high] : options;
    if (!prompt.check() || !asked.every((text) => text.check({ optional: true }))) return;
    const result = pollFields(read());
    wrong.hidden = "fields" in result;
    if ("wrong" in result) {
      wrong.textContent = t(`moderator.poll.wrong.${result.wrong}`);
      ({ prompt, options: options[0] ?? prompt, min: { focus: () => min.focus() }, to: { focus: () => to.focus() } })[
        result.field
      ].focus();
      return;
    }
    if (await run(result.fields, control)) leave();
  }

  return { el, focus: () => prompt.focus() };
}

/** @param {string} value @param {number} min @param {number} max @param {() => void} oninput */
function number(value, min, max, oninput) {
  const input = h("input", { type: "number", class: "input number-input", inputmode: "numeric", min, max, oninput });
  input.value = value;
  return input;
}
