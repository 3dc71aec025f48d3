/** What earlier groups left for this one: the lines they hand over first, then their notes. To be read, not changed. */

import { h, keyed, one, setText } from "../../lib/dom.js";
import { dotted } from "../../lib/isolate.js";
import { originName } from "../../lib/rooms.js";
import { pick, show, t } from "../../lib/texts.js";
import { earlierGroups, stayOf } from "./model.js";

/** @import { Session } from "../../live/session.js" */
/** @import { Group } from "./model.js" */

/** @param {HTMLElement} place @param {Session} session */
export function mountEarlier(place, session) {
  const { store } = session;
  const title = h("span", { class: "room-part-title" });
  const groups = h("div", { class: "stack" });
  const fold = h("details", { class: "card fold room-earlier", open: true }, h("summary", null, title), groups);
  place.replaceChildren(fold);
  let stay = "";

  store.watch(["room", "stage"], () => {
    const { room } = store;
    if (!room) return;
    const left = earlierGroups(room.earlier);
    place.hidden = !left.length;
    // Whoever comes to a room finds open what was left there; who folded it away keeps it so.
    if (stay !== stayOf(room)) fold.open = true;
    stay = stayOf(room);
    setText(title, t("participant.room.earlier", { n: left.reduce((sum, { notes }) => sum + notes.length, 0) }));
    keyed(groups, left, ({ key }) => key, createGroup, updateGroup);
  });

  /** @param {HTMLElement} el @param {Group} group */
  function updateGroup(el, group) {
    setText(one("h3", el), originName({ number: group.number, name: group.from, round: group.round }));
    const lines = one(".room-handover", el);
    lines.hidden = !group.handover;
    if (group.handover) {
      setText(one(".small-text", lines), t("participant.room.handover.by", { name: group.handover.name }));
      show(one(".room-lines", lines), group.handover.text);
    }
    keyed(one("ul", el), group.notes, ([id]) => id, createNote, (item, [, note]) => {
      item.dataset.kind = one(".kind", item).dataset.kind = note.kind;
      setText(one(".kind", item), t(`rapporteur.kind.${note.kind}`));
      show(one(".room-note-text", item), note.text);
      const of = note.group ? pick(store.docs.stage?.session.groups[note.group]) : "";
      setText(one(".room-note-who", item), dotted([note.name, of]));
    });
  }
}

function createGroup() {
  return h("section", { class: "stack tight" },
    h("h3", { class: "eyebrow" }),
    h("blockquote", { class: "room-handover" }, h("p", { class: "small-text muted" }), h("p", { class: "room-lines" })),
    h("ul", { class: "plain stack tight" }));
}

function createNote() {
  return h("li", { class: "room-note" },
    h("p", { class: "room-note-head" }, h("span", { class: "kind" }), h("span", { class: "room-note-who small-text muted" })),
    h("p", { class: "room-note-text" }));
}
