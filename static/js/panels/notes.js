/**
 * The notes by guiding question and kind: read, filtered, changed in their place, moved, dropped. What was changed while
 * the network was away is shown as changed, and said to be not yet saved; a change that is being typed survives a reload.
 */

import { assign, clear, h, keyed, one, setText } from "../lib/dom.js";
import { confirmDialog } from "../lib/dialog.js";
import { countKinds, groupNotes, guidingQuestions } from "../lib/record.js";
import { originName } from "../lib/rooms.js";
import { lang, pick, refusal, t } from "../lib/texts.js";
import { formatTime } from "../lib/time.js";
import { Keep } from "./record/draft.js";
import { noteForm } from "./record/form.js";
import { withPending } from "./record/pending.js";

/** @import { Session } from "../live/session.js" */
/** @import { Note, NoteKind } from "../live/types.js" */
/** @import { Given, Store } from "./record/draft.js" */
/** @import { Change } from "./record/form.js" */
/** @typedef {{base: string, change: Change}} Open a change being typed, and the words of the note when it began */

/**
 * @param {{groups: HTMLElement, filters: HTMLElement, empty: HTMLElement}} parts `filters` holds a button per kind
 * @param {Session} session
 * @param {object} options
 * @param {(key: string) => string} options.describe names a feed line
 * @param {(key: string) => void} options.onLine somebody wants to see the feed line of a note
 * @param {(note: string) => void} options.onOrigin somebody wants to see the note of a room that a note was lifted from
 * @param {(note: Given, reason: string) => void} options.onLost words that can no longer go into their note
 * @param {Store|null} options.storage
 * @returns {{open: (question: string|null) => void, reveal: (note: string) => void}} bring the notes of a question, or one note,
 *   into view
 */
export function mountNotes({ groups: host, filters, empty }, session, { describe, onLine, onOrigin, onLost, storage }) {
  const keep = /** @type {Keep<Record<string, Open>>} */ (new Keep(storage, `baraza:${session.boot.session}:rapporteur:edits`));
  /** @type {Record<string, Open>} */
  const edits = keep.read({});
  /** @type {Set<NoteKind>} kinds to show; all while empty */
  const wanted = new Set();

  /** @param {string} id @param {Open|null} edit */
  function remember(id, edit) {
    if (edit) edits[id] = edit;
    else delete edits[id];
    keep.write(Object.keys(edits).length > 0 ? edits : null);
  }

  function draw() {
    const { stage, record } = session.store.docs;
    if (!stage || !record) return;
    const questions = guidingQuestions(stage.agenda);
    const { notes, waiting, dropped } = withPending(record.notes, session.pending());
    rescue(notes);
    drawFilters(Object.entries(notes));
    const shown = groupNotes(notes, questions)
      .map((group) => ({ ...group, shown: group.notes.filter(([id, { kind }]) => wanted.size === 0 || wanted.has(kind) || id in edits) }))
      .filter((group) => group.shown.length > 0);
    empty.hidden = shown.length > 0;
    if (shown.length === 0) setText(empty, t(wanted.size > 0 ? "rapporteur.notes.none_of_kind" : "rapporteur.notes.none"));
    keyed(host, shown, ({ question }) => question?.id ?? "", createGroup, (section, group) => {
      const name = group.question ? t("rapporteur.question", { n: group.question.number, text: pick(group.question.text) })
        : t("rapporteur.no_question");
      setText(one("h3", section), name);
      assign(section, { "data-on-stage": group.question !== null && group.question.id === stage.agenda.current });
      keyed(one("ol", section), group.shown, ([id]) => id, () => h("li", { class: "note", tabindex: -1 }), (el, [id, note]) => {
        if (id in edits) return drawForm(el, id, note, questions);
        drawNote(el, id, note, { waiting: waiting.has(id), dropped: dropped.has(id), timezone: stage.session.timezone });
      });
    });
  }

  /** Changes to notes that somebody else has dropped go back to the note pad. @param {Record<string, Note>} notes */
  function rescue(notes) {
    for (const [id, { change }] of Object.entries(edits)) {
      if (notes[id]) continue;
      remember(id, null);
      if (change.text) onLost({ ...change, about: null }, t("rapporteur.note.was_dropped"));
    }
  }

  /** @param {[string, Note][]} notes */
  function drawFilters(notes) {
    const counts = countKinds(notes);
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (filters.querySelectorAll("button[data-kind]"))) {
      const kind = /** @type {NoteKind} */ (button.dataset.kind);
      assign(button, { "aria-pressed": String(wanted.has(kind)) });
      setText(one(".filter-count", button), counts[kind]);
    }
  }

  /** @param {HTMLElement} el @param {string} id @param {Note} note @param {import("../lib/record.js").Guiding[]} questions */
  function drawForm(el, id, note, questions) {
    const edit = edits[id];
    if (!edit) return;
    if (el.dataset.shown !== "form") {
      el.dataset.shown = "form";
      const form = noteForm(id, edit.change, questions, {
        onInput: (change) => remember(id, { ...edit, change }),
        onCancel: () => close(id),
        onSave: (change) => save(id, change),
      });
      clear(el, form.el);
    }
    const words = pick(note.text);
    setText(one(".note-said", el), words === edit.base ? "" : t("rapporteur.note.changed_meanwhile", { text: words }));
  }

  /** @param {string} id @param {"text"|"question"} field where to begin */
  function open(id, field) {
    const note = session.store.docs.record?.notes[id];
    if (!note) return;
    const base = pick(note.text);
    remember(id, { base, change: { kind: note.kind, text: base, question: note.question ?? null } });
    draw();
    document.getElementById(`${field}-${id}`)?.focus();
  }

  /** @param {string} id */
  function close(id) {
    remember(id, null);
    draw();
    noteOf(id)?.focus();
  }

  /** @param {string} id @param {Change} change */
  function save(id, change) {
    const note = session.store.docs.record?.notes[id];
    if (!note) return draw();
    const fields = {
      ...(change.kind !== note.kind && { kind: change.kind }),
      ...(change.text !== pick(note.text) && { text: change.text }),
      ...(change.question !== (note.question ?? null) && { question: change.question }),
    };
    close(id);
    if (Object.keys(fields).length === 0) return;
    session.send("note.edit", { note: id, ...fields }).catch((error) => {
      const there = session.store.docs.record?.notes[id];
      if (!there) return onLost({ ...change, about: null }, refusal(error));
      remember(id, { base: pick(there.text), change });
      draw();
      const form = noteOf(id);
      if (form) setText(one(".note-said", form), refusal(error));
    });
    noteOf(id)?.focus();
  }

  /** @param {string} id @param {Note} note */
  async function drop(id, note) {
    const sure = await confirmDialog({
      title: t("rapporteur.note.drop_title"), body: pick(note.text), confirm: t("rapporteur.note.drop"), danger: true,
    });
    if (!sure) return;
    session.send("note.drop", { note: id }).catch((error) => {
      const el = noteOf(id);
      if (el) setText(one(".note-said", el), refusal(error));
    });
  }

  /**
   * @param {HTMLElement} el
   * @param {string} id
   * @param {Note} note
   * @param {{waiting: boolean, dropped: boolean, timezone: string}} state
   */
  function drawNote(el, id, note, { waiting, dropped, timezone }) {
    const words = pick(note.text);
    const line = note.about ? describe(note.about) : "";
    const meta = [formatTime(note.at, timezone, lang()), note.name, note.edited && t("rapporteur.note.edited")].filter(Boolean).join(" · ");
    const state = session.status === "live" ? "" : dropped ? t("rapporteur.note.drop_waits") : waiting ? t("rapporteur.note.waits") : "";
    const { origin } = note;
    const from = origin ? t("rapporteur.note.origin", { where: originName(origin) }) : "";
    const shown = JSON.stringify([note.kind, words, line, from, meta, state, waiting, dropped]);
    if (el.dataset.shown === shown) return;
    const focused = el.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.act : undefined;
    el.dataset.shown = shown;
    assign(el, { "data-kind": note.kind, "data-waits": waiting || dropped });
    clear(el,
      h("p", { class: "note-head" }, h("span", { class: "kind", "data-kind": note.kind }, t(`rapporteur.kind.${note.kind}`)),
        h("span", { class: "note-meta" }, meta)),
      h("p", { class: "note-text", dir: "auto" }, words),
      line && h("p", { class: "note-about" },
        h("button", { type: "button", class: "button quiet small", onclick: () => onLine(note.about ?? "") }, t("rapporteur.note.about", { line }))),
      origin && h("p", { class: "note-about" },
        h("button", { type: "button", class: "button quiet small", "data-act": "origin", onclick: () => onOrigin(origin.note) }, from)),
      h("p", { class: "note-said caution-text", role: "status" }, state),
      !dropped && h("div", { class: "note-acts" },
        act("edit", () => open(id, "text")), act("move", () => open(id, "question")), act("drop", () => drop(id, note))),
    );
    if (focused) /** @type {HTMLElement|null} */ (el.querySelector(`[data-act=${focused}]`))?.focus({ preventScroll: true });
  }

  /** @param {string} id */
  const noteOf = (id) => /** @type {HTMLElement|null} */ (host.querySelector(`.note[data-key="${CSS.escape(id)}"]`));

  filters.addEventListener("click", ({ target }) => {
    const kind = /** @type {NoteKind|undefined} */ (target instanceof Element ? target.closest("button")?.dataset.kind : undefined);
    if (!kind) return;
    if (!wanted.delete(kind)) wanted.add(kind);
    draw();
  });
  session.onPending(draw);
  session.onStatus(draw);
  session.store.watch(["record", "stage"], draw);

  return {
    open(question) {
      wanted.clear();
      draw();
      const section = /** @type {HTMLElement|null} */ (host.querySelector(`[data-key="${CSS.escape(question ?? "")}"]`)) ?? empty;
      section.scrollIntoView({ block: "start" });
      section.focus({ preventScroll: true });
    },
    reveal(id) {
      wanted.clear();
      draw();
      noteOf(id)?.scrollIntoView({ block: "center" });
      noteOf(id)?.focus({ preventScroll: true });
    },
  };
}

function createGroup() {
  return h("section", { class: "notes-group", tabindex: -1 }, h("h3", { dir: "auto" }), h("ol", { class: "plain stack tight" }));
}

/** @param {"edit"|"move"|"drop"} what @param {() => void} onclick */
function act(what, onclick) {
  return h("button", { type: "button", class: "button quiet small", "data-act": what, onclick }, t(`rapporteur.note.${what}`));
}
