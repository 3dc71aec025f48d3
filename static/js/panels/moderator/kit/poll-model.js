/**
 * What the moderator's page works out for polls: their order, what can be done with each, and the fields of a command
 * from what was typed into the form. Pure.
 *
 * @typedef {import("../../../live/types.js").Poll} Poll
 * @typedef {import("../../../live/types.js").Text} Text
 * @typedef {"open" | "close" | "publish" | "hide" | "reopen" | "rerun" | "edit" | "drop"} PollAction
 *
 * @typedef {object} PollForm what stands in the form; everything a person can type is a string
 * @property {"single" | "multiple" | "scale"} kind
 * @property {Text} prompt
 * @property {Text[]} options
 * @property {string} min fewest options of one ballot
 * @property {string} max most options of one ballot; empty: all of them
 * @property {string} from first number of the scale
 * @property {string} to last number of the scale
 * @property {Text} low what the first number means
 * @property {Text} high what the last number means
 * @property {boolean} live whether everybody sees the results while the poll is open
 *
 * @typedef {object} PollFields the fields of `poll.create`
 * @property {"single" | "multiple" | "scale"} kind
 * @property {Text} prompt
 * @property {Text[]} [options]
 * @property {{min?: number, max?: number, from?: number, to?: number, low?: Text, high?: Text,
 *   visibility: "published" | "live"}} settings
 */

/** The longest scale that still fits a phone as a row of buttons. */
export const LONGEST_SCALE = 11;

/** @type {Record<Poll["state"], number>} */
const RANK = { open: 0, closed: 1, draft: 2, published: 3 };

/** @type {Record<Poll["state"], PollAction[]>} */
const ACTIONS = {
  draft: ["open", "edit", "drop"],
  open: ["close"],
  closed: ["publish", "reopen", "rerun", "drop"],
  published: ["hide", "rerun", "drop"],
};

/**
 * The ids of all polls: open ones, those whose results wait for a decision, drafts, then what was published last.
 * @param {Record<string, Poll>} polls
 * @returns {string[]}
 */
export function pollOrder(polls) {
  return Object.entries(polls)
    .sort(
      ([a, x], [b, y]) =>
        RANK[x.state] - RANK[y.state] || (y.opened ?? 0) - (x.opened ?? 0) || (a < b ? -1 : a > b ? 1 : 0),
    )
    .map(([id]) => id);
}

/**
 * What can be done with a poll in this state, the likeliest first.
 * @param {Poll["state"]} state
 * @returns {PollAction[]}
 */
export function pollActions(state) {
  return ACTIONS[state];
}

/**
 * The commands that take an opening back. Closing a poll with live results publishes them, so they are hidden again.
 * @param {string | undefined} poll
 * @param {Poll["visibility"]} [visibility]
 * @returns {[what: string, fields: {poll: string | undefined}][]}
 */
export function undoOpening(poll, visibility) {
  return visibility === "live"
    ? [
        ["poll.close", { poll }],
        ["poll.hide", { poll }],
      ]
    : [["poll.close", { poll }]];
}

/**
 * The poll that one key opens or closes: the open one, else the first draft; null where there is neither or a choice.
 * @param {Record<string, Poll>} polls
 * @returns {{poll: string, action: "open" | "close"} | null}
 */
export function pollToToggle(polls) {
  const order = pollOrder(polls);
  const open = order.filter((id) => polls[id]?.state === "open");
  if (open.length === 1 && open[0] !== undefined) return { poll: open[0], action: "close" };
  const drafts = order.filter((id) => polls[id]?.state === "draft");
  if (open.length === 0 && drafts.length === 1 && drafts[0] !== undefined) return { poll: drafts[0], action: "open" };
  return null;
}

/** @returns {PollForm} */
export function emptyForm() {
  return {
    kind: "single",
    prompt: {},
    options: [{}, {}],
    min: "1",
    max: "",
    from: "1",
    to: "5",
    low: {},
    high: {},
    live: false,
  };
}

/**
 * The form that holds what a draft says.
 * @param {Poll} poll
 * @returns {PollForm}
 */
export function formOf(poll) {
  const scale = poll.kind === "scale";
  const options = scale ? [] : poll.order.map((id) => ({ ...poll.options[id] }));
  return {
    ...emptyForm(),
    kind: poll.kind,
    prompt: { ...poll.prompt },
    options: options.length ? options : [{}, {}],
    min: String(poll.min),
    max: poll.max >= poll.order.length ? "" : String(poll.max),
    from: scale ? (poll.order[0] ?? "1") : "1",
    to: scale ? (poll.order.at(-1) ?? "5") : "5",
    low: { ...poll.low },
    high: { ...poll.high },
    live: poll.visibility === "live",
  };
}

/**
 * The text without its empty languages.
 * @param {Text} text
 * @returns {Text}
 */
export function trimmed(text) {
  return Object.fromEntries(
    Object.entries(text)
      .map(([lang, words]) => /** @type {[string, string]} */ ([lang, words.trim()]))
      .filter(([, words]) => words !== ""),
  );
}

/**
 * The fields of `poll.create`, or the field that is wrong with the end of a catalogue key (`moderator.poll.wrong.…`).
 * @param {PollForm} form
 * @returns {{fields: PollFields} | {wrong: string, field: "prompt" | "options" | "min" | "to"}}
 */
export function pollFields(form) {
  const prompt = trimmed(form.prompt);
  if (!said(prompt)) return { wrong: "prompt", field: "prompt" };
  const visibility = form.live ? /** @type {const} */ ("live") : /** @type {const} */ ("published");
  if (form.kind === "scale") {
    const from = Number(form.from);
    const to = Number(form.to);
    if (!Number.isInteger(from) || !Number.isInteger(to) || to <= from || to - from >= LONGEST_SCALE) {
      return { wrong: "scale", field: "to" };
    }
    const low = trimmed(form.low);
    const high = trimmed(form.high);
    const ends = { ...(said(low) && { low }), ...(said(high) && { high }) };
    return { fields: { kind: form.kind, prompt, settings: { from, to, ...ends, visibility } } };
  }
  const options = form.options.map(trimmed).filter(said);
  if (options.length < 2) return { wrong: "options", field: "options" };
  const words = options.map((option) => JSON.stringify(Object.entries(option).sort()));
  if (new Set(words).size < words.length) return { wrong: "same", field: "options" };
  if (form.kind === "single") return { fields: { kind: form.kind, prompt, options, settings: { visibility } } };
  const min = Number(form.min || "1");
  const max = Number(form.max || String(options.length));
  const whole = Number.isInteger(min) && Number.isInteger(max);
  if (!whole || min < 1 || max < min || max > options.length) return { wrong: "range", field: "min" };
  return { fields: { kind: form.kind, prompt, options, settings: { min, max, visibility } } };
}

/** @param {Text} text */
function said(text) {
  return Object.keys(text).length > 0;
}
