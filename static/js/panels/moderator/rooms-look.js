/**
 * A look into one room: its people, what they have written this round, what the group before left, what it was told; and
 * what a moderator does with this room alone.
 */
import { h, keyed, setText } from "../../lib/dom.js";
import { isolate } from "../../lib/isolate.js";
import { roomName } from "../../lib/rooms.js";
import { pick, show, t } from "../../lib/texts.js";
import { openDialog } from "../../lib/dialog.js";
import { lookPeople, lookRecord } from "./rooms-look-parts.js";
import { editRoom } from "./rooms-room-form.js";
import { guidingQuestions } from "./kit/agenda-model.js";
import { GRACE, isOpen, roundNow, seatsIn } from "./kit/rooms-model.js";
import { textField } from "./kit/text-field.js";
import { button, keepFocus, newId } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/** @param {Tools} tools @param {string} planId @param {string} id */
export async function openLook(tools, planId, id) {
  const plan = () => tools.desk.rooms?.[planId];
  if (!plan()?.rooms[id]) return;
  const name = () => roomName(plan()?.rooms[id]);
  const title = h("h2", { class: "dialog-title", id: newId("look"), dir: "auto" });
  const topic = h("p", { dir: "auto" });
  const facts = h("p", { class: "muted small-text" });
  const help = h("p", { class: "live-text", role: "status" });
  const people = lookPeople(tools, planId, id);
  const record = lookRecord(tools, planId, id);
  const told = h("ul", { class: "plain stack tight" });
  const part = (/** @type {string} */ words, /** @type {HTMLElement[]} */ ...inside) =>
    h("section", { class: "stack tight" }, h("h3", null, words), ...inside);
  const before = part(t("moderator.rooms.look.handovers"), record.handovers);
  const message = textField({ label: t("moderator.rooms.look.message"), languages: tools.languages, long: true });
  const send = h("button", { type: "submit", class: "button small" }, t("moderator.rooms.message.send"));
  const form = h(
    "form",
    { class: "stack tight", "data-place": "", novalidate: true },
    message.el,
    h("div", { class: "actions" }, send),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!message.check()) return;
    const sent = { text: message.value(), room: id };
    if (await tools.act(send, "rooms.message", sent, { said: t("moderator.rooms.message.sent", { to: name() }) }))
      message.set({});
  });
  const messages = part(t("moderator.rooms.look.messages"), told, form);

  const act = (
    /** @type {string} */ key,
    /** @type {(control: HTMLElement) => unknown} */ run,
    look = /** @type {"plain" | "quiet" | "primary"} */ ("plain"),
  ) => {
    const control = button(t(`moderator.rooms.look.${key}`), () => void run(control), { class: "small", look });
    return control;
  };
  const coming = act(
    "coming",
    (control) =>
      tools.act(
        control,
        "room.coming",
        { room: id },
        { said: t("moderator.rooms.help.coming.done", { room: name() }) },
      ),
    "primary",
  );
  const helped = act("helped", (control) =>
    tools.act(control, "room.helped", { room: id }, { said: t("moderator.rooms.help.helped.done", { room: name() }) }),
  );
  const shut = act("close", (control) =>
    tools.act(
      control,
      "rooms.close",
      { room: id, grace: GRACE },
      { said: t("moderator.rooms.look.closed", { room: name(), n: GRACE }), undo: [["rooms.open", { room: id }]] },
    ),
  );
  const stay = act("stay", (control) =>
    tools.act(control, "rooms.open", { room: id }, { said: t("moderator.rooms.look.stays", { room: name() }) }),
  );
  const now = act("now", (control) =>
    tools.act(
      control,
      "rooms.close",
      { room: id, grace: 0 },
      { said: t("moderator.rooms.look.shut", { room: name() }), undo: [["rooms.open", { room: id }]] },
    ),
  );
  const reopen = act("open", (control) =>
    tools.act(
      control,
      "rooms.open",
      { room: id },
      { said: t("moderator.rooms.look.opened", { room: name() }), undo: [["rooms.close", { room: id, grace: 0 }]] },
    ),
  );
  const poll = act("poll", () => dialog.close("poll"));
  const screen = act("screen", (control) =>
    tools.act(
      control,
      "rooms.show",
      { room: id, round: roundNow(/** @type {import("./kit/rooms-model.js").Plan} */ (plan())) },
      { said: t("moderator.rooms.shown", { room: name() }), undo: [["rooms.hide"]] },
    ),
  );
  const edit = act("edit", () => editRoom(tools, planId, id), "quiet");
  const actions = h("div", { class: "row", "data-place": "" }, coming, helped, shut, stay, now, reopen, poll, screen, edit);
  const dialog = h(
    "dialog",
    { class: "dialog look", "aria-labelledby": title.id },
    h(
      "div",
      { class: "stack" },
      h(
        "div",
        { class: "row apart look-head" },
        title,
        button(t("moderator.rooms.look.done"), () => dialog.close(""), { class: "small" }),
      ),
      topic,
      facts,
      help,
      actions,
      part(t("moderator.rooms.look.people"), people.el),
      part(t("moderator.rooms.look.notes"), record.notes, record.none),
      before,
      messages,
    ),
  );

  function draw() {
    const current = plan();
    const room = current?.rooms[id];
    if (!current || !room) return dialog.close("");
    const running = isOpen(current);
    setText(title, roomName(room));
    const question = guidingQuestions(tools.stage.agenda).find((one) => one.id === room.question);
    const about = [pick(question?.text), pick(room.task)].filter(Boolean).join(" · ");
    topic.hidden = !about;
    setText(topic, about);
    const seats = seatsIn(current, id, roundNow(current));
    const words = [t("moderator.rooms.people", { n: seats.length })];
    if (current.rounds > 1 && current.round)
      words.unshift(t("rooms.round_of", { n: current.round, count: current.rounds }));
    if (room.closed) words.push(t("rooms.closed"));
    setText(facts, words.join(" · "));
    help.hidden = !room.help || !running;
    setText(help, room.help ? t("moderator.rooms.help.by", { name: isolate(room.help.name) }) : "");
    keepFocus(actions, () => {
      coming.hidden = help.hidden || Boolean(room.help?.coming);
      helped.hidden = help.hidden;
      shut.hidden = !running || room.closed || room.closing != null;
      stay.hidden = now.hidden = !running || room.closed || room.closing == null;
      reopen.hidden = !running || !room.closed;
      poll.hidden = !running || room.closed;
      screen.hidden = room.notes === 0;
      edit.hidden = tools.stage.session.state === "ended";
    });
    messages.hidden = !running;
    people.draw(current, seats);
    before.hidden = !record.draw(roundNow(current));
    const said = Object.entries(current.messages).filter(([, one]) => one.room == null || one.room === id);
    keyed(
      told,
      said.sort(([, a], [, b]) => a.at - b.at),
      ([key]) => key,
      () => h("li", null, h("span", { class: "muted small-text" }), " ", h("span", null)),
      (li, [, one]) => {
        const [when, text] = li.children;
        if (when)
          setText(when, `${tools.timeOf(one.at)}${one.room == null ? ` · ${t("moderator.rooms.message.all")}` : ""}`);
        if (text) show(/** @type {HTMLElement} */ (text), one.text);
      },
    );
  }

  document.body.append(dialog);
  const stop = tools.store.watch(["stage", "desk", "record"], draw);
  const answer = await openDialog(dialog);
  stop();
  dialog.remove();
  // The form of a poll has taken the place of this dialog, and with it the focus.
  if (answer === "poll") tools.newPoll(id);
}
