/** The head of a room: where one is, what it is about, how long, with whom; help, the video room, and the way to the hall. */

import { announce } from "../../lib/announce.js";
import { assign, h, keyed, setText } from "../../lib/dom.js";
import { isolate } from "../../lib/isolate.js";
import { roomName } from "../../lib/rooms.js";
import { pick, refusal, show, t } from "../../lib/texts.js";
import { tick } from "../../lib/ticker.js";
import { formatClock, formatSpent, roomLeft } from "../../lib/time.js";
import { toast } from "../../lib/toast.js";
import { Intents } from "../../live/intents.js";
import { minutesOf, peopleOf, questionOf, stayOf, warning } from "./model.js";

/** @import { Session } from "../../live/session.js" */
/** @import { Room, Stage } from "../../live/types.js" */
/** @import { Whereabouts } from "./whereabouts.js" */

/**
 * @param {HTMLElement} place
 * @param {Session} session
 * @param {Whereabouts} whereabouts
 * @param {HTMLElement} change where another room is picked, if people choose
 * @returns {{heading: HTMLElement}} what gets the focus of somebody who was moved
 */
export function mountHead(place, session, whereabouts, change) {
  const { store, boot } = session;
  const number = h("span");
  const clock = h("span", { class: "clock", role: "timer" });
  const soon = h("span", { class: "chip caution", hidden: true });
  const heading = h("h2", { class: "room-name", id: "room-title", tabindex: -1, dir: "auto" });
  const question = h("p", { class: "guiding-text room-question" });
  const task = h("p", { class: "room-task" });
  const link = h("a", { class: "button", target: "_blank", rel: "noopener" }, t("participant.room.link"),
    h("span", { class: "visually-hidden" }, ` ${t("participant.room.link.new")}`));
  const count = h("span", { class: "room-count" });
  const names = h("span", { class: "room-names muted", dir: "auto" });
  const list = h("ul", { class: "plain room-people" });
  const helpState = h("p", { class: "room-help", hidden: true });
  const helpButton = h("button", { class: "button", type: "button" });
  const leave = h("button", { class: "button quiet", type: "button" }, t("participant.room.leave"));
  const said = h("p", { class: "small-text", role: "status" });
  place.replaceChildren(h("article", { class: "card room-head stack" },
    h("div", { class: "stack tight" },
      h("p", { class: "row apart eyebrow" }, number, h("span", { class: "row" }, soon, clock)),
      heading, question, task),
    h("details", { class: "fold room-who" }, h("summary", null, count, names), list),
    h("div", { class: "row room-actions" }, link, helpButton, leave),
    helpState, said, change));

  /** @type {Intents<boolean>} */
  const help = new Intents(session, draw, (command) => (command.do === "room.help" ? [String(command.room), command.on !== false] : null),
    () => `room/${store.docs.me?.room}`);
  /** Which stay the clock was last warned in, and of how few minutes. */
  let warned = { stay: "", minutes: 0 };

  helpButton.addEventListener("click", () => void askHelp());
  leave.addEventListener("click", () => whereabouts.leave());
  store.watch(["room", "stage"], draw);
  session.onStatus(draw);
  whereabouts.onChange(draw);
  store.on("room", hear);
  tick(drawTimes);
  return { heading };

  function draw() {
    const { room: doc } = store;
    const { stage } = store.docs;
    if (!doc || !stage) return;
    const { room } = doc;
    const rounds = room.rounds > 1 ? t("rooms.round_of", { n: room.round, count: room.rounds }) : "";
    setText(number, [pick(room.name) && t("rooms.number", { n: room.number }), rounds].filter(Boolean).join(" · "));
    setText(heading, roomName(room));
    const asked = questionOf(stage, room.question);
    question.hidden = !asked;
    if (asked) show(question, asked);
    task.hidden = !room.task;
    if (room.task) show(task, room.task);
    link.hidden = !/^https?:/.test(room.link ?? "");
    if (!link.hidden) assign(link, { href: room.link });
    drawPeople(doc, stage);
    drawHelp(doc);
    const waiting = whereabouts.waiting();
    assign(leave, { "aria-busy": waiting ? "true" : null });
    setText(said, waiting ? t(session.status === "live" ? "participant.room.moving" : "participant.room.kept") : whereabouts.problem());
    drawTimes();
  }

  /** @param {Room} doc @param {Stage} stage */
  function drawPeople(doc, stage) {
    const people = peopleOf(doc.people, boot.person);
    setText(count, t("participant.room.people", { n: people.length }));
    setText(names, people.map(({ name }) => isolate(name)).join(", "));
    keyed(list, people, ({ id }) => id, () => h("li", null,
      h("bdi"), " ", h("span", { class: "chip action" }, t("participant.room.host")), h("span", { class: "small-text muted", dir: "auto" })),
    (el, { id, name, group, host }) => {
      const [who, chip, of] = /** @type {HTMLElement[]} */ ([...el.children]);
      if (!who || !chip || !of) return;
      setText(who, id === boot.person ? t("participant.queue.you", { name }) : name);
      chip.hidden = !host;
      setText(of, group ? pick(stage.session.groups[group]) : "");
    });
  }

  /** @param {Room} doc */
  function drawHelp(doc) {
    const asked = help.get(doc.room.id, doc.help != null);
    const why = help.refusal(doc.room.id);
    // Asked in a room from which one was moved meanwhile: that room's matter, not this one's.
    const problem = why?.code === "stale" ? null : why;
    setText(helpButton, t(asked.value ? "participant.room.help.enough" : "participant.room.help.ask"));
    helpState.hidden = !asked.value && !problem;
    helpState.classList.toggle("error", problem !== null && !asked.waiting);
    if (problem && !asked.waiting) setText(helpState, refusal(problem));
    else if (asked.waiting) setText(helpState, t(session.status === "live" ? "participant.room.help.sent" : "participant.room.kept"));
  }

  function askHelp() {
    const { room: doc } = store;
    if (!doc) return;
    const on = !help.get(doc.room.id, doc.help != null).value;
    return help.run(doc.room.id, on, "room.help", { on, room: doc.room.id });
  }

  function drawTimes() {
    const { room: doc } = store;
    if (!doc) return;
    const left = roomLeft(doc.clock, store.now());
    const minutes = doc.clock.closing == null ? warning(doc.clock.state === "running" ? left : null, doc.clock.total) : 0;
    clock.hidden = left === null;
    if (left !== null) {
      assign(clock, { "data-state": left < 0 ? "over" : minutes ? "soon" : doc.clock.state });
      const word = left < 0 ? "over" : doc.clock.state === "paused" ? "paused" : "";
      setText(clock, word ? `${formatClock(left)} ${t(`participant.clock.${word}`)}` : formatClock(left));
    }
    soon.hidden = !minutes;
    if (minutes) setText(soon, t(`participant.room.soon.${minutes}`));
    warn(stayOf(doc), minutes, left ?? 0);
    const { help: asked } = doc;
    if (!asked || help.get(doc.room.id, true).waiting) return;
    setText(helpState, asked.coming ? t("participant.room.help.coming", { name: isolate(asked.coming.name) })
      : t("participant.room.help.since", { time: formatSpent(store.now() - asked.since) }));
  }

  /**
   * Say once that the time comes to its end; not to somebody who comes when it does.
   *
   * @param {string} stay @param {number} minutes @param {number} left
   */
  function warn(stay, minutes, left) {
    const before = warned;
    warned = { stay, minutes };
    const news = before.stay === stay && minutes > 0 && (before.minutes === 0 || before.minutes > minutes);
    if (news) toast(t("participant.room.soon", { n: minutesOf(left) }));
  }

  /** What the others in the room did, and what a moderator did about it. @param {Room | undefined} doc @param {Room | undefined} before */
  function hear(doc, before) {
    if (!doc || before?.room.id !== doc.room.id) return;
    const { help: now } = doc;
    const { help: was } = before;
    if (now?.coming && !was?.coming) toast(t("participant.room.help.coming", { name: isolate(now.coming.name) }));
    else if (now && !was && now.person !== boot.person) announce(t("participant.room.help.by", { name: isolate(now.name) }));
    else if (!now && was) announce(t("participant.room.help.over"));
  }
}
