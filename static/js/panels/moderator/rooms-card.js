/**
 * One room on the board: what it is about, who sits there, how its mix differs from the hall's, and what is going on in it.
 */
import { h, keyed, setText } from "../../lib/dom.js";
import { roomName } from "../../lib/rooms.js";
import { pick, t } from "../../lib/texts.js";
import { formatClock } from "../../lib/time.js";
import { openLook } from "./rooms-look.js";
import { guidingQuestions } from "./kit/agenda-model.js";
import { mixOf, offMix } from "./kit/rooms-mix.js";
import { isOpen, seatsIn } from "./kit/rooms-model.js";
import { isQuiet } from "./kit/rooms-watch.js";
import { groupMark, groupsOf, groupWord } from "./kit/rooms-words.js";
import { button, chip } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("./kit/rooms-model.js").Plan} Plan */
/** @typedef {{plan: Plan, id: string, round: number, past: boolean, hall: import("./kit/rooms-mix.js").Mix, began: number | null, now: number}} Context */

/** @type {WeakMap<Element, (context: Context) => void>} */
const cards = new WeakMap();

/** @param {Element} card @param {Context} context */
export function drawCard(card, context) {
  cards.get(card)?.(context);
}

/**
 * @param {Tools} tools
 * @param {import("./rooms-people.js").Chips} chips
 * @param {string} id
 */
export function createCard(tools, chips, id) {
  let plan = "";
  const name = h("h4", { dir: "auto" });
  const number = h("span", { class: "muted small-text" });
  const help = chip(t("moderator.rooms.card.help"), "live");
  const quiet = chip(t("moderator.rooms.card.quiet"), "caution");
  const closing = chip("", "caution");
  const closed = chip(t("rooms.closed"));
  const facts = h("p", { class: "muted small-text" });
  const topic = h("p", { class: "small-text room-topic", dir: "auto" });
  const mix = h("ul", { class: "plain row small-text room-mix", "aria-label": t("moderator.rooms.card.mix") });
  const people = h("ul", { class: "plain rooms-people", "data-empty": t("moderator.rooms.card.empty") });
  const look = button(t("moderator.rooms.look"), () => openLook(tools, plan, id), { look: "quiet", class: "small" });
  const li = h(
    "li",
    { class: "card room-card", "data-room": id, "data-place": "" },
    h("div", { class: "row apart room-head" }, h("div", { class: "row" }, name, number), look),
    h("p", { class: "row room-chips" }, help, quiet, closing, closed),
    facts,
    topic,
    mix,
    people,
  );
  cards.set(li, (context) => {
    const room = context.plan.rooms[id];
    if (!room) return;
    plan = context.id;
    const seats = seatsIn(context.plan, id, context.round);
    const running = isOpen(context.plan) && context.round === context.plan.round;
    setText(name, roomName(room));
    number.hidden = !pick(room.name);
    setText(number, t("rooms.number", { n: room.number }));
    look.setAttribute("aria-label", `${look.textContent}: ${roomName(room)}`);
    help.hidden = !room.help || !running;
    quiet.hidden = !running || !isQuiet(context.plan, room, context.began, context.now);
    closing.hidden = !running || room.closing == null;
    if (room.closing != null)
      setText(
        closing,
        t("moderator.rooms.card.closing", { time: formatClock(Math.max(0, room.closing - context.now)) }),
      );
    closed.hidden = !room.closed;
    li.classList.toggle("on-air", !help.hidden);
    setText(facts, factWords(tools, context, id, seats, running));
    const text = topicWords(tools, room);
    topic.hidden = !text;
    setText(topic, text);
    const own = mixOf(tools.desk.people, seats);
    const off = context.plan.assign === "same" ? {} : offMix(own, context.hall);
    const groups = groupsOf(tools, context.hall);
    mix.hidden = groups.length < 2 || seats.length === 0;
    keyed(
      mix,
      groups.filter((group) => own[group] || off[group]),
      (group) => group,
      (group) =>
        h(
          "li",
          { class: "row" },
          groupMark(tools, group),
          h("span", { class: "visually-hidden" }, groupWord(tools, group), " "),
          h("span", null),
          h("span", { class: "room-off" }),
        ),
      (line, group) => {
        const [, , n, by] = line.children;
        if (n) setText(n, own[group] ?? 0);
        const more = off[group] ?? 0;
        if (by)
          setText(
            by,
            more ? t(more > 0 ? "moderator.rooms.card.over" : "moderator.rooms.card.under", { n: Math.abs(more) }) : "",
          );
      },
    );
    chips.draw(people, seats, context.plan, id, context.past);
  });
  return li;
}

/**
 * @param {Tools} tools
 * @param {Context} context
 * @param {string} id
 * @param {string[]} seats
 * @param {boolean} running
 */
function factWords(tools, { plan }, id, seats, running) {
  const room = plan.rooms[id];
  const words = [];
  // Who has a place in a room that is closed is in the hall.
  if (running && !room?.closed) {
    const { people } = tools.desk;
    const there = seats.filter((one) => (people[one]?.here || people[one]?.link) && !plan.away[one]).length;
    words.push(t("moderator.rooms.card.there", { n: there, all: seats.length }));
  } else words.push(t("moderator.rooms.people", { n: seats.length }));
  const places = tools.stage.rooms?.open?.rooms[id]?.places;
  if (running && places != null) words.push(t("moderator.rooms.card.places", { n: places }));
  if (room?.notes) words.push(t("moderator.rooms.card.notes", { n: room.notes }));
  if (room?.last != null) words.push(t("moderator.rooms.card.last", { time: tools.timeOf(room.last) }));
  return words.join(" · ");
}

/** @param {Tools} tools @param {import("../../live/types.js").PlannedRoom} room */
function topicWords(tools, room) {
  const question = guidingQuestions(tools.stage.agenda).find(({ id }) => id === room.question);
  return [pick(question?.text), pick(room.task)].filter(Boolean).join(" · ");
}
