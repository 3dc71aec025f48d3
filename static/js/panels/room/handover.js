/**
 * The lines that a group leaves for the next one: the host's to write, in a room without host anybody's.
 *
 * They name the room and the round they belong to, so that they arrive there also where people have moved meanwhile.
 */

import { h, setText } from "../../lib/dom.js";
import { isolate } from "../../lib/isolate.js";
import { roomName } from "../../lib/rooms.js";
import { pick, refusal, show, t } from "../../lib/texts.js";
import { toast } from "../../lib/toast.js";
import { HANDOVER_LINES, handsOver, linesOf, linesWaiting, stayOf } from "./model.js";

/** @import { Session } from "../../live/session.js" */
/** @import { Command, Refusal, Room } from "../../live/types.js" */
/** @import { BegunNotes } from "./begun.js" */

const LONGEST = 600;

/**
 * @param {HTMLElement} place
 * @param {Session} session
 * @param {BegunNotes} begun where lines lie that are not left yet
 * @param {(command: Command, reason: Refusal) => void} takeBack takes lines that were refused when people had moved
 */
export function mountHandover(place, session, begun, takeBack) {
  const { store, boot } = session;
  const title = h("h3", null, t("participant.room.handover"));
  const read = h("p", { class: "room-lines" });
  const hint = h("p", { class: "hint", id: "handover-hint" });
  const problem = h("p", { class: "error", id: "handover-problem", role: "alert", hidden: true });
  const state = h("p", { class: "small-text muted" });
  const save = h("button", { type: "submit", class: "button" }, t("participant.room.handover.save"));
  const form = h("form", { class: "stack tight" }, problem, state, h("div", { class: "actions" }, save));
  /** @type {HTMLTextAreaElement | null} one for each stay */
  let field = null;
  let stay = "";
  /** What the field last took over from the document. */
  let base = "";
  place.replaceChildren(h("article", { class: "card stack tight" }, title, hint, read, form));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  store.watch(["room"], draw);
  session.onPending(draw);
  session.onStatus(draw);

  function draw() {
    const { room } = store;
    if (!room) return;
    if (stay !== stayOf(room)) {
      stay = stayOf(room);
      field?.remove();
      field = null;
      complain("");
    }
    const mine = handsOver(room, boot.person);
    place.hidden = !mine && !room.handover;
    form.hidden = !mine;
    read.hidden = mine || !room.handover;
    if (room.handover) show(read, room.handover.text);
    const waiting = linesWaiting(room, session.pending());
    if (mine) follow(room, waiting);
    const by = room.handover ? t("participant.room.handover.by", { name: isolate(room.handover.name) }) : "";
    const sent = session.status === "live" ? "sending" : "kept";
    setText(state, !mine ? "" : waiting === null ? by : t(`participant.room.note.${sent}`));
    setText(hint, mine ? t("participant.room.handover.hint", { n: HANDOVER_LINES }) : by);
  }

  /** @param {Room} room @param {string | null} waiting lines that are on their way */
  function follow(room, waiting) {
    const said = pick(room.handover?.text);
    if (!field) {
      field = h("textarea", { class: "input", rows: HANDOVER_LINES, maxlength: LONGEST, dir: "auto", "aria-label": t("participant.room.handover"), "aria-describedby": "handover-hint handover-problem" });
      field.value = begun.get(`lines.${stay}`)?.text ?? waiting ?? said;
      field.addEventListener("input", () => {
        complain("");
        keep();
      });
      form.prepend(field);
    } else if (said !== base && field.value === base) {
      // What somebody else saved takes the place of what was saved before, never of what is being typed.
      field.value = said;
    }
    base = said;
  }

  /** Say beside the field why its lines were not sent; nothing takes that away. @param {string} words */
  function complain(words) {
    setText(problem, words);
    problem.hidden = !words;
    if (words) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
  }

  function keep() {
    const { room } = store;
    if (!field || !room) return;
    const where = t("rooms.origin", { room: roomName(room.room), n: room.room.round });
    begun.put(`lines.${stay}`, field.value === base ? null : { kind: null, text: field.value, where, why: null });
  }

  async function send() {
    const { room } = store;
    if (!field || !room) return;
    const [written, from] = [field, stay];
    const text = written.value.trim();
    const wrong = !text ? t("participant.room.handover.empty")
      : linesOf(text) > HANDOVER_LINES ? t("participant.room.handover.long", { n: HANDOVER_LINES }) : "";
    complain(wrong);
    if (wrong) return written.focus();
    written.value = text;
    begun.put(`lines.${stay}`, null);
    const lines = { text, room: room.room.id, round: room.room.round };
    try {
      await session.send("room.handover", lines);
      toast(t("participant.room.handover.saved"));
    } catch (reason) {
      // Where people have not moved the lines still stand in the field.
      if (stay !== from) return takeBack({ ...lines, id: "", do: "room.handover" }, /** @type {Refusal} */ (reason));
      keep();
      toast(refusal(reason), "problem");
    }
  }
}
