/**
 * The map of the breakout rooms while they are open: the round, its clock, and every room with its people. It says nothing
 * of what happens inside a room.
 */

import { assign, h, keyed, one, setText } from "../../lib/dom.js";
import { guidingQuestions } from "../../lib/record.js";
import { formatNumber, pick, show, t } from "../../lib/texts.js";
import { formatUnsigned } from "../../lib/time.js";
import { TURN_STAYS, columnsFor, densityOf, readRooms, shared } from "./map.js";
import { clockPart } from "./parts.js";

/** @import { OpenRoom, OpenRooms, Stage, Text } from "../../live/types.js" */

/** @returns {import("./parts.js").ScenePart} */
export function roomsScene() {
  const label = h("p", { class: "scene-label", role: "status" });
  const title = h("h1", { class: "scene-text" });
  const clock = clockPart();
  const head = h("div", { class: "rooms-head" }, h("div", { class: "rooms-title" }, label, title), clock.el);
  const common = h("p", { class: "rooms-common" });
  const map = h("ol", { class: "rooms-map" });
  const el = h("section", { class: "scene scene-rooms" }, head, common, map);
  let rooms = 0;
  let round = 0;
  /** Until when the beginning of the round is said. */
  let turning = 0;

  return {
    el,
    update({ stage, now }) {
      const open = stage.rooms.open;
      if (!open) return;
      // A page that is loaded in the middle of a round has not seen it begin.
      if (round !== 0 && open.round !== round) turning = now + TURN_STAYS;
      round = open.round;
      rooms = open.order.length;
      drawHead(open, now);
      const list = open.order.flatMap((id) => (open.rooms[id] ? [{ id, room: open.rooms[id] }] : []));
      const told = shared(list.map(({ room }) => room), (room) => pick(wordsOf(room, stage)));
      common.hidden = !told;
      if (told) show(common, wordsOf(/** @type {OpenRoom} */ (list[0]?.room), stage));
      const density = densityOf(rooms);
      assign(el, { "data-density": density });
      keyed(map, list, ({ id }) => id, createTile, (tile, { room }) => {
        updateTile(tile, room, { words: told ? null : wordsOf(room, stage), chosen: open.assign === "chosen", density });
      });
    },
    arrange(width, height) {
      map.style.setProperty("--columns", String(columnsFor(rooms, width, height)));
    },
  };

  /** @param {OpenRooms} open @param {number} now */
  function drawHead(open, now) {
    const name = pick(open.name) || t("screen.rooms.label");
    const turns = open.rounds > 1;
    const people = Object.values(open.rooms).reduce((sum, room) => sum + room.people, 0);
    const turned = now < turning;
    const asks = open.closing != null ? t("screen.rooms.wind_up") : turned ? t(`screen.rooms.turned_${open.rotate}`)
      : open.assign === "chosen" ? t("screen.rooms.choose") : "";
    setText(label, asks || (turns ? name : t("screen.rooms.people", { n: people })));
    assign(label, { "data-asks": asks !== "" });
    setText(title, turns ? t("rooms.round_of", { n: open.round, count: open.rounds }) : name);
    assign(title, { dir: "auto", "data-turned": turned });
    const read = readRooms(open, now);
    if (!read) return clock.hide();
    const word = read.word === "closing" || read.word === "five" ? t(`screen.rooms.${read.word}`) : t(`screen.clock.${read.word}`);
    clock.set(formatUnsigned(read.left), word, read.mood);
  }
}

/** What a room is about: its guiding question, else its task. @param {OpenRoom} room @param {Stage} stage @returns {Text|null} */
function wordsOf(room, stage) {
  return guidingQuestions(stage.agenda).find(({ id }) => id === room.question)?.text ?? room.task ?? null;
}

/** A room by its number and its name, so that it is found by either. @param {OpenRoom} room @param {string} density */
function tileName({ name, number }, density) {
  const called = pick(name);
  if (called) return t("screen.rooms.named", { n: number, room: called });
  return density === "xs" ? formatNumber(number) : t("rooms.number", { n: number });
}

function createTile() {
  return h("li", { class: "room" },
    h("p", { class: "room-name", dir: "auto" }),
    h("p", { class: "room-people" },
      h("span", { class: "room-count" }, h("span", { class: "room-figure", "aria-hidden": "true" }), h("span", { class: "room-said" })),
      h("span", { class: "room-places" }), h("span", { class: "room-closed" }, t("rooms.closed"))),
    h("p", { class: "room-words" }));
}

/**
 * @param {HTMLElement} tile
 * @param {OpenRoom} room
 * @param {{words: Text|null, chosen: boolean, density: string}} how `chosen`: people pick their room
 */
function updateTile(tile, room, { words, chosen, density }) {
  const { people, places } = room;
  const limited = chosen && places != null;
  assign(tile, { "data-closed": room.closed, "data-full": limited && places <= 0, "data-limited": limited });
  const compact = density === "s" || density === "xs";
  setText(one(".room-name", tile), tileName(room, density));
  const figure = one(".room-figure", tile);
  figure.hidden = !compact;
  setText(figure, formatNumber(people));
  const said = one(".room-said", tile);
  said.classList.toggle("visually-hidden", compact);
  setText(said, t("screen.rooms.people", { n: people }));
  one(".room-count", tile).hidden = room.closed;
  const left = one(".room-places", tile);
  left.hidden = !limited || room.closed;
  if (limited) setText(left, places > 0 ? t("screen.rooms.places", { n: places }) : t("screen.rooms.full"));
  one(".room-closed", tile).hidden = !room.closed;
  const about = one(".room-words", tile);
  about.hidden = !words;
  if (words) show(about, words);
}
