/**
 * The lines that a group leaves for the next one: the host's to write, in a room without host anybody's.
 *
 * The command names no room: sent late, it would leave the lines where one is by then. So it goes out now or not at all, and
 * the lines stay in the field.
 */

import { keepDraft } from "../../lib/draft.js";
import { h, setText } from "../../lib/dom.js";
import { isolate } from "../../lib/isolate.js";
import { roomName } from "../../lib/rooms.js";
import { pick, refusal, show, t } from "../../lib/texts.js";
import { toast } from "../../lib/toast.js";
import { LOST } from "../../live/outbox.js";
import { HANDOVER_LINES, linesOf, mayHandOver, stayOf } from "./model.js";

/** @import { Session } from "../../live/session.js" */
/** @import { Refusal, Room } from "../../live/types.js" */

const LONGEST = 600;

/**
 * @param {HTMLElement} place
 * @param {Session} session
 * @param {(key: string, text: string, where: string) => void} offer takes lines that were begun and not left when people moved
 */
export function mountHandover(place, session, offer) {
  const { store, boot } = session;
  const title = h("h3", null, t("participant.room.handover"));
  const read = h("p", { class: "room-lines" });
  const hint = h("p", { class: "hint", id: "handover-hint" });
  const state = h("p", { class: "small-text muted" });
  const save = h("button", { type: "submit", class: "button" }, t("participant.room.handover.save"));
  const form = h("form", { class: "stack tight" }, state, h("div", { class: "actions" }, save));
  /** @type {HTMLTextAreaElement | null} one for each stay, with a draft of its own */
  let field = null;
  /** @type {{forget: () => void} | null} */
  let draft = null;
  let stay = "";
  let where = "";
  /** What the field last took over from the document. */
  let base = "";
  place.replaceChildren(h("article", { class: "card stack tight" }, title, hint, read, form));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  store.watch(["room"], draw);

  function draw() {
    const { room } = store;
    if (!room) return;
    if (stay !== stayOf(room)) arrive(room);
    const next = room.room.round < room.room.rounds;
    const mine = next && mayHandOver(room, boot.person);
    place.hidden = !mine && !room.handover;
    form.hidden = !mine;
    read.hidden = mine || !room.handover;
    if (room.handover) show(read, room.handover.text);
    if (mine) follow(room);
    const by = room.handover ? t("participant.room.handover.by", { name: isolate(room.handover.name) }) : "";
    setText(state, mine ? by : "");
    setText(hint, mine ? t("participant.room.handover.hint", { n: HANDOVER_LINES }) : by);
  }

  /** @param {Room} room */
  function arrive(room) {
    const text = field?.value.trim() ?? "";
    const [left, from] = [stay, where];
    stay = stayOf(room);
    where = t("rooms.origin", { room: roomName(room.room), n: room.room.round });
    if (text && text !== base.trim()) offer(`lines.${left}`, text, from);
    draft?.forget();
    field?.remove();
    field = draft = null;
  }

  /** @param {Room} room */
  function follow(room) {
    const said = pick(room.handover?.text);
    if (!field) {
      field = h("textarea", { class: "input", rows: HANDOVER_LINES, maxlength: LONGEST, dir: "auto", "aria-label": t("participant.room.handover"), "aria-describedby": "handover-hint" });
      draft = keepDraft(field, `baraza:${boot.session}:${boot.person}:handover:${stay}`);
      if (!field.value) field.value = said;
      base = said;
      form.prepend(field);
    } else if (said !== base) {
      // What somebody else saved takes the place of what was saved before, never of what is being typed.
      if (field.value === base) field.value = said;
      base = said;
    }
  }

  async function send() {
    if (!field) return;
    const [written, kept] = [field, draft];
    const text = written.value.trim();
    if (!text) return toast(t("participant.room.handover.empty"), "problem");
    if (linesOf(text) > HANDOVER_LINES) return toast(t("participant.room.handover.long", { n: HANDOVER_LINES }), "problem");
    try {
      await session.send("room.handover", { text }, { keep: false });
      toast(t("participant.room.handover.saved"));
      if (written.value.trim() === text) {
        kept?.forget();
        written.value = text;
      }
    } catch (reason) {
      const { code } = /** @type {Refusal} */ (reason);
      toast(code === LOST ? t("participant.room.handover.lost") : refusal(reason), "problem");
    }
  }
}
