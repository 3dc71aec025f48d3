/** One note on the sheet of a room: to be read, and by those who may, changed in its place or dropped. */

import { h, clear, setText } from "../../lib/dom.js";
import { confirmDialog } from "../../lib/dialog.js";
import { dotted } from "../../lib/isolate.js";
import { pick, show, t } from "../../lib/texts.js";
import { formatTime } from "../../lib/time.js";
import { noteForm } from "./form.js";

/** @import { Session } from "../../live/session.js" */
/** @import { NoteKind } from "../../live/types.js" */
/** @import { Row } from "./model.js" */
/** @typedef {{kind: NoteKind | null, text: string}} Words */

/**
 * @param {Session} session
 * @param {Words | null} begun a change of it that was being typed before a reload
 * @param {{keep: (words: Words | null) => void, change: (fields: {kind?: NoteKind, text?: string}) => void, drop: () => void}} calls
 *   `keep` is told what is being typed, null once it is not any more
 * @returns {{el: HTMLElement, update: (row: Row) => void}}
 */
export function noteItem(session, begun, { keep, change, drop }) {
  /** @type {Row | null} */
  let now = null;
  const kind = h("span", { class: "kind" });
  const who = h("span", { class: "room-note-who small-text muted" });
  const text = h("p", { class: "room-note-text" });
  const state = h("span", { class: "small-text caution-text room-note-state" });
  const edit = h("button", { type: "button", class: "button quiet small" }, t("participant.room.note.edit"));
  const away = h("button", { type: "button", class: "button quiet small" }, t("participant.room.note.drop"));
  const foot = h("div", { class: "row apart" }, state, h("span", { class: "row room-note-actions" }, edit, away));
  const shown = [h("p", { class: "room-note-head" }, kind, who), text, foot];
  const el = h("li", { class: "room-note", tabindex: -1 }, ...shown);

  edit.addEventListener("click", () => now && open({ kind: now.kind, text: pick(now.text) }));
  away.addEventListener("click", () => void ask());
  if (begun) open(begun, false);

  /** @param {Words} words @param {boolean} [focus] */
  function open(words, focus = true) {
    const form = noteForm(`room-edit-${Math.random().toString(36).slice(2)}`, {
      label: t("participant.room.note.text"), send: t("participant.room.note.save"),
      onInput: keep, onCancel: close, onSend: save,
    });
    form.set(words);
    clear(el, form.el);
    if (focus) form.focus();
  }

  function close() {
    keep(null);
    clear(el, ...shown);
    el.focus({ preventScroll: true });
  }

  /** @param {{kind: NoteKind, text: string}} words */
  function save(words) {
    close();
    if (!now) return;
    const fields = { ...(words.kind !== now.kind && { kind: words.kind }), ...(words.text !== pick(now.text) && { text: words.text }) };
    if (Object.keys(fields).length) change(fields);
  }

  async function ask() {
    if (!now) return;
    const sure = await confirmDialog({ title: t("participant.room.note.drop.title"), body: pick(now.text), confirm: t("participant.room.note.drop"), danger: true });
    if (sure) drop();
  }

  return {
    el,
    update(row) {
      now = row;
      el.dataset.state = row.state;
      kind.dataset.kind = el.dataset.kind = row.kind;
      setText(kind, t(`rapporteur.kind.${row.kind}`));
      show(text, row.text);
      const { stage } = session.store.docs;
      const at = row.at === null ? "" : formatTime(row.at, stage?.session.timezone);
      const group = row.group ? pick(stage?.session.groups[row.group]) : "";
      setText(who, row.at === null ? "" : dotted([row.own ? t("participant.room.note.own") : row.name, group, at, row.edited ? t("participant.room.note.edited") : ""]));
      const kept = session.status === "live" ? "sending" : "kept";
      setText(state, row.state === "saved" ? "" : t(`participant.room.note.${row.state === "dropping" ? "dropping" : kept}`));
      edit.hidden = away.hidden = !row.mayChange || row.state === "dropping";
      foot.hidden = edit.hidden && row.state === "saved";
    },
  };
}
