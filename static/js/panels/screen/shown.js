/** Notes of a breakout room that somebody put on the screen: by kind, page after page where they are many. */

import { assign, clear, h, setText } from "../../lib/dom.js";
import { roomName } from "../../lib/rooms.js";
import { pick, t } from "../../lib/texts.js";
import { pagesOf, stays } from "./pages.js";

/** @import { ShownNotes } from "../../live/types.js" */
/** @import { Page } from "./pages.js" */
/** @import { View } from "./parts.js" */

/** @returns {import("./parts.js").ScenePart} */
export function shownScene() {
  const title = h("h1", { class: "scene-text", dir: "auto" });
  const place = h("p", { class: "scene-label" });
  const count = h("p", { class: "scene-label shown-page" });
  const body = h("div", { class: "shown-notes" });
  const empty = h("p", { class: "scene-after" }, t("screen.rooms.no_notes"));
  const el = h("section", { class: "scene scene-shown" }, h("div", { class: "shown-head" }, title, place, count), body, empty);
  let index = 0;
  let since = 0;
  let drawn = "";
  let shape = /** @type {"wide"|"tall"} */ ("wide");
  /** @type {View|null} */
  let seen = null;

  /** @param {View} view @returns {boolean} whether another page stands there */
  function update(view) {
    const { now, stage: { rooms: { shown } } } = view;
    seen = view;
    if (!shown) return false;
    const pages = pagesOf(Object.entries(shown.notes).map(([id, note]) => ({ ...note, id, words: pick(note.text) })), shape);
    since ||= now;
    if (index >= pages.length || now - since >= stays(pages[index])) [index, since] = [index + 1 < pages.length ? index + 1 : 0, now];
    setText(title, roomName(shown));
    place.hidden = shown.round == null;
    setText(place, t("rooms.round", { n: shown.round ?? 0 }));
    count.hidden = pages.length < 2;
    setText(count, t("screen.rooms.page", { n: index + 1, count: pages.length }));
    empty.hidden = pages.length > 0;
    return draw(pages[index], severalRounds(shown));
  }

  /** @param {Page|undefined} page @param {boolean} rounds each note says of which round it is @returns {boolean} it is another */
  function draw(page, rounds) {
    const wanted = JSON.stringify([page, rounds]);
    if (drawn === wanted) return false;
    drawn = wanted;
    assign(el, { "data-large": page?.large });
    clear(body, ...(page?.groups ?? []).map(({ kind, notes }) => h("section", { class: "shown-group", "data-kind": kind },
      h("h2", { class: "shown-kind" }, h("span", { class: "kind-sign", "data-kind": kind, "aria-hidden": "true" }), t(`rapporteur.kind.${kind}`)),
      h("ul", { class: "plain" }, ...notes.map(({ words, round }) => h("li", { class: "shown-note" },
        h("p", { class: "shown-words", dir: "auto" }, words),
        rounds && h("span", { class: "shown-round" }, t("rooms.round", { n: round }))))))));
    return true;
  }

  return {
    el,
    update,
    arrange(width, height) {
      shape = height > width ? "tall" : "wide";
      if (seen) update(seen);
    },
  };
}

/** @param {ShownNotes} shown */
function severalRounds({ round, notes }) {
  return round == null && new Set(Object.values(notes).map((note) => note.round)).size > 1;
}
