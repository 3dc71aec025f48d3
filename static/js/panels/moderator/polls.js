/**
 * The polls: drafts, the open one with its turnout, results that only moderators see until they are published.
 */
import { h, keyed, setText } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { pollOrder, pollToToggle, undoOpening } from "./kit/poll-model.js";
import { closeBoard } from "./kit/board.js";
import { whereField } from "./kit/rooms-where.js";
import { createCard, updateCard } from "./poll-card.js";
import { pollForm } from "./poll-form.js";
import { button, keepFocus } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/** Under this name the form of a new poll is kept. */
const NEW = "poll.new";

/**
 * @param {HTMLElement} el
 * @param {{row: HTMLElement, place: HTMLElement}} start buttons that begin a poll, and where the form opens
 * @param {Tools} tools
 * @param {import("./kit/steady.js").Steady} steady
 */
export function mountPolls(el, { row, place }, tools, steady) {
  const opener = button(t("moderator.poll.new"), () => openForm(), { class: "small" });
  row.append(opener);
  const list = h("ul", { class: "plain stack polls" });
  const empty = h("p", { class: "muted" });
  el.replaceChildren(list, empty);

  function openForm(focus = true, room = "hall") {
    const where = whereField(tools, room);
    const form = pollForm({
      tools,
      draft: NEW,
      more: where.el,
      ways: [
        { label: t("moderator.poll.save"), run: (fields, control) => create(tools, fields, control, null) },
        {
          label: t("moderator.poll.open_now"),
          primary: true,
          run: (fields, control) => create(tools, fields, control, where.value()),
        },
      ],
      onclose: () => {
        place.replaceChildren();
        opener.focus();
      },
    });
    place.replaceChildren(form.el);
    if (focus) form.focus();
  }
  if (tools.drafts.read(NEW)) openForm(false);
  tools.newPoll = (room) => {
    closeBoard();
    openForm(true, room);
  };

  function draw() {
    const { polls } = tools.desk;
    const ended = tools.stage.session.state === "ended";
    row.hidden = ended;
    const { order, gone } = steady.order(list, pollOrder(polls), draw);
    empty.hidden = order.length > 0;
    setText(empty, t(ended ? "moderator.poll.none.ended" : "moderator.poll.none"));
    keyed(
      list,
      order,
      (id) => id,
      (id) => createCard(tools, id),
      (li, id) => {
        const poll = polls[id];
        li.inert = gone.has(id) || !poll;
        if (poll) keepFocus(li, () => updateCard(li, poll, ended));
      },
    );
  }
  tools.store.watch(["stage", "desk"], draw);

  tools.press("o", t("moderator.keys.poll"), () => {
    const found = pollToToggle(tools.desk.polls);
    const focused = document.activeElement?.closest(".poll");
    const li = focused ?? list.querySelector(`[data-key="${CSS.escape(found?.poll ?? "")}"]`);
    return /** @type {HTMLElement | null} */ (li?.querySelector(".poll-toggle:not([hidden])") ?? null);
  });
  tools.press("v", t("moderator.keys.publish"), () => {
    const focused = document.activeElement?.closest(".poll") ?? list;
    return /** @type {HTMLElement | null} */ (focused.querySelector(".poll-publish:not([hidden])"));
  });
}

/**
 * @param {Tools} tools
 * @param {import("./kit/poll-model.js").PollFields} fields
 * @param {HTMLElement} control
 * @param {{where?: string} | null} open where to open it at once, null to keep a draft
 */
async function create(tools, fields, control, open) {
  if (open === null)
    return Boolean(
      await tools.act(
        control,
        "poll.create",
        { ...fields },
        { said: t("moderator.poll.saved"), undo: ({ made }) => [["poll.drop", { poll: made }]] },
      ),
    );
  const made = await tools.act(control, "poll.create", { ...fields });
  if (!made) return false;
  // Once the draft exists the form has done its work, even if opening is refused: the draft's card says why.
  await tools.act(
    control,
    "poll.open",
    { poll: made.made, ...open },
    { said: t("moderator.poll.opened"), undo: undoOpening(made.made, fields.settings.visibility) },
  );
  return true;
}
