/** Notes of a room that were put before the hall. */

import { h, keyed, one, setText } from "../../lib/dom.js";
import { originName, roomName } from "../../lib/rooms.js";
import { show, t } from "../../lib/texts.js";
import { KINDS } from "./model.js";

/** @import { Session } from "../../live/session.js" */
/** @import { ShownNotes } from "../../live/types.js" */

/** @param {HTMLElement} place @param {Session} session */
export function mountShown(place, session) {
  const { store } = session;
  const title = h("h3");
  const none = h("p", { class: "muted" }, t("participant.room.notes.none"));
  const list = h("ul", { class: "plain stack tight" });
  place.replaceChildren(h("article", { class: "card stack tight room-shown" },
    h("p", { class: "eyebrow" }, t("participant.room.shown")), title, none, list));

  store.watch(["stage"], () => {
    const shown = store.docs.stage?.rooms.shown;
    place.hidden = !shown;
    if (!shown) return;
    setText(title, shown.round == null ? roomName(shown) : originName({ ...shown, round: shown.round }));
    const notes = ordered(shown);
    none.hidden = notes.length > 0;
    keyed(list, notes, ([id]) => id, create, (el, [, note]) => {
      const kind = one(".kind", el);
      kind.dataset.kind = el.dataset.kind = note.kind;
      setText(kind, t(`rapporteur.kind.${note.kind}`));
      setText(one(".small-text", el), shown.round == null ? t("participant.room.shown.round", { n: note.round }) : "");
      show(one(".room-note-text", el), note.text);
    });
  });
}

/** As the report has them: by round, then by kind. @param {ShownNotes} shown */
function ordered({ notes }) {
  return Object.entries(notes).sort(([, a], [, b]) => a.round - b.round || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.at - b.at);
}

function create() {
  return h("li", { class: "room-note" },
    h("p", { class: "room-note-head" }, h("span", { class: "kind" }), h("span", { class: "small-text muted" })),
    h("p", { class: "room-note-text" }));
}
