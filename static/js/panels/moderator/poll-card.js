/**
 * One poll on the moderator's page: its state, turnout and results, and what can be done with it now.
 */
import { h, setText } from "../../lib/dom.js";
import { pick, show, t } from "../../lib/texts.js";
import { confirmDialog } from "../../lib/dialog.js";
import { resultsByRoom } from "../results-rooms.js";
import { results } from "../results.js";
import { formOf, pollActions, undoOpening } from "./kit/poll-model.js";
import { pollForm } from "./poll-form.js";
import { placeName, whereField } from "./kit/rooms-where.js";
import { button } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("../../live/types.js").Poll} Poll */
/** @typedef {import("./kit/poll-model.js").PollAction} PollAction */

/** What may still be done with a poll when the session has ended. */
const AFTER_END = new Set(["publish", "hide"]);
/** @type {Record<string, "live" | "action" | "caution" | undefined>} */
const TONES = { open: "live", closed: "caution", published: "action" };

/** @type {WeakMap<HTMLElement, (poll: Poll, ended: boolean) => void>} */
const cards = new WeakMap();

/**
 * Show in its card what a poll says now.
 * @param {HTMLElement} card
 * @param {Poll} poll
 * @param {boolean} ended whether the session has ended
 */
export function updateCard(card, poll, ended) {
  cards.get(card)?.(poll, ended);
}

/** @param {Tools} tools @param {string} id */
export function createCard(tools, id) {
  const state = h("span", { class: "chip" });
  const facts = h("span", { class: "muted small-text" });
  const prompt = h("p", { class: "poll-prompt" });
  const turnout = h("p", { class: "poll-turnout" });
  const fill = h("span", { class: "turnout-fill" });
  const bar = h("div", { class: "turnout-bar", "aria-hidden": "true" }, fill);
  const secret = h("p", { class: "hint" });
  const bars = results();
  const byRoom = resultsByRoom();
  const where = whereField(tools);
  const editing = h("div");
  const buttons = /** @type {Record<PollAction, HTMLButtonElement>} */ ({});
  const actions = h("div", { class: "actions" });
  for (const action of /** @type {PollAction[]} */ ([
    "publish",
    "open",
    "close",
    "hide",
    "reopen",
    "rerun",
    "edit",
    "drop",
  ])) {
    const control = button(
      t(`moderator.poll.${action}`),
      () => void perform(tools, id, action, control, editing, where.value()),
      {
        look: ["publish", "open", "close"].includes(action)
          ? "primary"
          : ["hide", "reopen"].includes(action)
            ? "plain"
            : "quiet",
        class:
          { open: "poll-toggle", close: "poll-toggle", publish: "poll-publish", drop: "small danger-text" }[
            String(action)
          ] ?? "small",
      },
    );
    buttons[action] = control;
    actions.append(control);
  }
  const options = h("p", { class: "hint", dir: "auto" });
  const view = h(
    "div",
    { class: "stack tight" },
    h("p", { class: "row" }, state, facts),
    prompt,
    options,
    turnout,
    bar,
    secret,
    bars.el,
    byRoom.el,
    h("div", { class: "poll-where" }, where.el),
    actions,
  );
  const li = h("li", { class: "card poll", "data-place": "" }, view, editing);
  cards.set(li, (poll, ended) => {
    const online = audience(tools, poll);
    const draft = poll.state === "draft";
    li.classList.toggle("on-air", poll.state === "open");
    li.classList.toggle("asks", poll.state === "closed");
    setText(state, t(`moderator.poll.state.${poll.state}`));
    state.className = `chip ${TONES[poll.state] ?? ""}`;
    const kind = t(`moderator.poll.kind.${poll.kind}`);
    const place = poll.where === undefined || poll.where === "hall" ? "" : placeName(tools.desk, poll.where);
    setText(facts, [kind, poll.run > 1 && t("moderator.poll.run", { n: poll.run }), place].filter(Boolean).join(" · "));
    /** @type {HTMLElement} */ (where.el.parentElement).hidden = !draft;
    byRoom.update(poll);
    show(prompt, poll.prompt);
    options.hidden = !draft;
    setText(
      options,
      poll.kind === "scale" ? scaleWords(poll) : poll.order.map((option) => pick(poll.options[option])).join(" · "),
    );
    // Of an open poll the hall is the measure; of a closed one the results say how many took part.
    const all = Math.max(online, poll.turnout);
    turnout.hidden = bar.hidden = poll.state !== "open";
    setText(turnout, t("moderator.poll.turnout", { n: poll.turnout, all }));
    fill.style.setProperty("inline-size", `${all ? (poll.turnout / all) * 100 : 0}%`);
    const live = poll.visibility === "live" && poll.state === "open";
    const visible = poll.state === "published" ? "public" : "secret";
    secret.hidden = draft;
    const inRoom = poll.where !== undefined && poll.where !== "hall" && poll.where !== "rooms";
    setText(secret, t(`moderator.poll.${live ? "watched" : visible}${inRoom ? ".room" : ""}`));
    if (draft) bars.el.hidden = true;
    else bars.update(poll);
    const offered = pollActions(poll.state);
    for (const [action, control] of Object.entries(buttons)) {
      control.hidden = !offered.includes(/** @type {PollAction} */ (action)) || (ended && !AFTER_END.has(action));
      control.setAttribute("aria-label", `${control.textContent}: ${pick(poll.prompt)}`);
    }
    view.hidden = editing.childElementCount > 0 && draft;
    if (!draft) editing.replaceChildren();
  });
  return li;
}

/** How many people a poll is put to. @param {Tools} tools @param {Poll} poll */
function audience(tools, poll) {
  const rooms = tools.stage.rooms?.open?.rooms ?? {};
  if (poll.where === undefined || poll.where === "hall") return tools.stage.presence.online;
  const asked = poll.where === "rooms" ? Object.values(rooms) : [rooms[poll.where]];
  return asked.reduce((all, room) => all + (room?.people ?? 0), 0);
}

/** @param {Poll} poll */
function scaleWords(poll) {
  const ends = [poll.order[0], poll.order.at(-1)].map((step, index) => {
    const label = pick(index ? poll.high : poll.low);
    return label ? `${step} (${label})` : `${step}`;
  });
  return ends.join(" – ");
}

/**
 * @param {Tools} tools
 * @param {string} poll
 * @param {PollAction} action
 * @param {HTMLElement} control
 * @param {HTMLElement} editing
 * @param {{where?: string}} where it is opened
 */
async function perform(tools, poll, action, control, editing, where) {
  const found = tools.desk.polls[poll];
  if (!found) return;
  if (action === "edit") return openEditor(tools, poll, found, control, editing);
  if (action === "rerun")
    return tools.act(
      control,
      "poll.rerun",
      { poll },
      { said: t("moderator.poll.rerun.done"), undo: ({ made }) => [["poll.drop", { poll: made }]] },
    );
  if (action === "drop") {
    const body = found.turnout ? t("moderator.poll.drop.ballots", { n: found.turnout }) : t("moderator.poll.drop.body");
    const sure = await confirmDialog({
      title: t("moderator.poll.drop.title", { poll: pick(found.prompt) }),
      body,
      confirm: t("moderator.drop"),
      danger: true,
    });
    return sure && tools.act(control, "poll.drop", { poll }, { said: t("moderator.poll.dropped") });
  }
  const command = action === "reopen" ? "poll.open" : `poll.${action}`;
  /** @type {Partial<Record<PollAction, string>>} */
  const back = {
    open: "poll.close",
    close: "poll.open",
    reopen: "poll.close",
    publish: "poll.hide",
    hide: "poll.publish",
  };
  if (action === "close" && found.visibility === "live") {
    // It is published by its close: there is no way back, but its results can be hidden.
    return tools.act(control, command, { poll }, { said: t("moderator.poll.close.published") });
  }
  const undo = /** @type {string} */ (back[action]);
  return tools.act(
    control,
    command,
    { poll, ...(action === "open" && where) },
    {
      said: t(`moderator.poll.${action}.done`),
      undo: undo === "poll.close" ? undoOpening(poll, found.visibility) : [[undo, { poll }]],
    },
  );
}

/**
 * @param {Tools} tools
 * @param {string} id
 * @param {Poll} poll
 * @param {HTMLElement} opener
 * @param {HTMLElement} editing
 */
function openEditor(tools, id, poll, opener, editing) {
  const view = /** @type {HTMLElement} */ (editing.previousElementSibling);
  const form = pollForm({
    tools,
    draft: `poll.${id}`,
    form: formOf(poll),
    fixedKind: true,
    ways: [
      {
        label: t("moderator.save"),
        primary: true,
        run: async ({ prompt, options, settings }, control) => {
          const fields = { poll: id, prompt, settings, ...(options && { options }) };
          return Boolean(await tools.act(control, "poll.edit", fields, { said: t("moderator.poll.saved") }));
        },
      },
    ],
    onclose: () => {
      editing.replaceChildren();
      view.hidden = false;
      opener.focus();
    },
  });
  editing.replaceChildren(form.el);
  view.hidden = true;
  form.focus();
}
