/** What is done with the notes of rooms: lifted into the record, taken out again, put on the screen. */

import { announce } from "../../lib/announce.js";
import { confirmDialog } from "../../lib/dialog.js";
import { pick, refusal, t } from "../../lib/texts.js";
import { toast } from "../../lib/toast.js";
import { allNotes, fateOf } from "./harvest-model.js";

/** @import { Session } from "../../live/session.js" */

/**
 * @param {Session} session
 * @param {() => void} redraw what was done is on its way, or was refused
 * @returns {{lift: (id: string) => void, undo: (id: string) => Promise<void>, show: (room: string, round: number|null) => void, hide: () => void}}
 *   `show` takes the notes off the screen when it is they that stand there; round null: those of all rounds
 */
export function harvestActs(session, redraw) {
  const { store } = session;

  /** @param {string} id */
  const noteOf = (id) => allNotes(store.docs.record?.rooms ?? {}).find(([key]) => key === id)?.[1];

  /** @param {unknown} error */
  function failed(error) {
    toast(refusal(error), "problem");
    redraw();
  }

  /** @param {string} what @param {Record<string, unknown>} fields @param {string} [said] once it is done */
  function send(what, fields, said) {
    session.send(what, fields).then(() => said && announce(said), failed);
    redraw();
  }

  // What was lifted before a reload and refused after it: nobody else hears of it.
  session.onRefused((command, error) => command.do === "note.lift" && failed(error));

  return {
    lift(id) {
      const { record } = store.docs;
      const note = noteOf(id);
      if (!record || !note) return;
      if (fateOf(id, note, record.notes, session.pending()) !== "free") return announce(t("rapporteur.rooms.said_already"));
      send("note.lift", { note: id }, t("rapporteur.rooms.said_lifted", { text: pick(note.text) }));
    },
    async undo(id) {
      const lifted = noteOf(id)?.lifted;
      const note = lifted ? store.docs.record?.notes[lifted] : undefined;
      if (!lifted || !note) return;
      // What was only lifted can be lifted again; what was rewritten since cannot.
      const sure = !note.edited || await confirmDialog({
        title: t("rapporteur.rooms.undo_title"), body: pick(note.text), confirm: t("rapporteur.rooms.undo_confirm"), danger: true,
      });
      if (sure) send("note.drop", { note: lifted }, t("rapporteur.rooms.said_undone"));
    },
    show(room, round) {
      const { shown } = store.docs.stage?.rooms ?? {};
      if (shown?.room === room && (shown.round ?? null) === round) send("rooms.hide", {});
      else send("rooms.show", { room, ...(round !== null && { round }) });
    },
    hide: () => send("rooms.hide", {}),
  };
}
