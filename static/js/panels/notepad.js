/**
 * The note pad: pick a kind with one key, type, Enter. The draft survives a reload.
 *
 * In an empty field a small letter picks the kind, once, unless it was picked otherwise; what follows is text. Where the
 * next key shows that the letter began a word, the letter is given back. Alt and the letter pick at any time, and Escape
 * or Backspace in the empty field let the letter pick again.
 *
 * While breakout rooms are open a note can be one of a room: it is then under the question that is discussed there.
 */

import { assign, keyed, one, h, setText } from "../lib/dom.js";
import { guidingQuestions, kindOfKey } from "../lib/record.js";
import { roomName } from "../lib/rooms.js";
import { pick, t } from "../lib/texts.js";
import { Keep, NO_QUESTION, emptyDraft, finished, goesOn, withText } from "./record/draft.js";
import { mountKept } from "./record/kept.js";

/** @import { Session } from "../live/session.js" */
/** @import { NoteKind } from "../live/types.js" */
/** @import { Draft, Given, Store } from "./record/draft.js" */

/** The choice of the plenary; no id is empty. */
const PLENARY = "";

/** The choice of whatever is on stage, or in the room, when the note is begun; no id looks like this. */
const ON_STAGE = "*";

/**
 * @typedef {object} Parts
 * @property {HTMLFormElement} form with radio buttons `kind`; `data-letters="off"` where letters alone pick nothing
 * @property {HTMLTextAreaElement} text
 * @property {HTMLSelectElement} question
 * @property {HTMLSelectElement} room stands in a `.field` that is hidden while there is no choice
 * @property {HTMLElement} about names the chosen feed line in `[data-line]`; its button lets go of it
 * @property {HTMLElement} said what is missing, or that the stage has moved on
 * @property {HTMLElement} kept the list of notes not yet saved
 */

/**
 * @param {Parts} parts
 * @param {Session} session
 * @param {{describe: (key: string) => string, quoted: (key: string|null) => string|null, storage: Store|null}} options
 *   `describe` names a feed line, `quoted` the person to quote from it (without a line: who has the floor)
 * @returns {{about: (key: string) => void, take: (note: Given, reason: string) => void, pick: (kind: NoteKind) => void}}
 *   `about` links the note to a feed line, `take` keeps a note that could not be saved elsewhere
 */
export function mountNotepad({ form, text, question, room, about, said, kept: list }, session, { describe, quoted, storage }) {
  const keep = /** @type {Keep<{draft: Draft, prefill: string}>} */ (new Keep(storage, `baraza:${session.boot.session}:rapporteur:draft`));
  let { draft, prefill } = keep.read({ draft: emptyDraft(), prefill: "" });
  draft = { ...emptyDraft(), ...draft };
  /** Whether the kind has been picked for this note, so that the next letter is text. */
  let picked = false;
  /** @type {{letter: string, at: number, draft: Draft, prefill: string}|null} what picked the kind a moment ago, and what was there */
  let struck = null;
  /** What hinders saving, in words. */
  let missing = "";
  const kept = mountKept(list, session, { storage, onBack: rewrite });

  const openRooms = () => session.store.docs.stage?.rooms.open ?? null;
  /** The question there, where the note is written. */
  const onStage = () => (draft.room ? openRooms()?.rooms[draft.room]?.question ?? NO_QUESTION : session.store.docs.stage?.agenda.current ?? null);
  const blank = () => draft.text.trim() === "" || draft.text === prefill;

  /** @param {Draft} next */
  function set(next) {
    draft = next;
    keep.write({ draft, prefill });
    if (text.value !== draft.text) {
      text.value = draft.text;
      text.setSelectionRange(draft.text.length, draft.text.length);
    }
    draw();
  }

  /** @param {NoteKind} kind */
  function choose(kind) {
    missing = "";
    picked = true;
    struck = null;
    if (!blank()) return set({ ...draft, kind });
    const name = kind === "quote" ? quoted(draft.about) : null;
    prefill = name === null ? "" : t("rapporteur.pad.quote_start", { name });
    set({ ...draft, kind, text: prefill });
  }

  function save() {
    const note = blank() ? null : finished(draft, onStage());
    if (!note) {
      missing = t(draft.kind === null ? "rapporteur.pad.no_kind" : "rapporteur.pad.no_text");
      return draw();
    }
    missing = prefill = "";
    picked = false;
    set({ ...emptyDraft(), kind: note.kind, room: draft.room });
    kept.give(note);
    text.focus();
  }

  /** @param {Given} note @returns {boolean} whether the pad was free to take it */
  function rewrite({ kind, text: words, question: own, about: line, room: place }) {
    if (!blank()) {
      missing = t("rapporteur.pad.first_this");
      draw();
      return false;
    }
    missing = prefill = "";
    set({ kind, text: words, question: own ?? NO_QUESTION, about: line, room: place ?? null });
    text.focus();
    return true;
  }

  /** The letter that picked a kind was the first of a word: it goes where it was typed, and picks nothing. */
  function giveBack(/** @type {NonNullable<typeof struck>} */ before) {
    struck = null;
    picked = false;
    prefill = before.prefill;
    set(withText(before.draft, before.letter, onStage()));
  }

  /** The rooms that are open; a note that was begun in one keeps it when they close, the next is of the plenary. */
  function drawRooms() {
    const open = openRooms();
    const options = (open?.order ?? []).flatMap((id) => (open?.rooms[id] ? [{ value: id, words: roomName(open.rooms[id]) }] : []));
    if (draft.room && !options.some(({ value }) => value === draft.room)) {
      if (blank()) draft = { ...draft, room: null };
      else options.push({ value: draft.room, words: nameOfOld(draft.room) });
    }
    assign(/** @type {HTMLElement} */ (room.closest(".field")), { hidden: options.length === 0 });
    keyed(room, [{ value: PLENARY, words: t("rapporteur.pad.plenary") }, ...options], ({ value }) => value || "*",
      ({ value }) => h("option", { value }), (el, { words }) => setText(el, words));
    room.value = draft.room ?? PLENARY;
  }

  /** @param {string} id of a room that is not open any more */
  function nameOfOld(id) {
    const plan = Object.values(session.store.docs.record?.rooms ?? {}).find(({ rooms }) => rooms[id]);
    return plan?.rooms[id] ? roomName(plan.rooms[id]) : t("rapporteur.pad.room");
  }

  /** @param {{number: number, text: import("../live/types.js").Text}|undefined} question the one there, where the note is written */
  function wordsOfThere(question) {
    const words = { n: question?.number ?? 0, text: pick(question?.text) };
    if (draft.room) return t(question ? "rapporteur.pad.in_room" : "rapporteur.pad.in_room_none", words);
    return t(question ? "rapporteur.pad.on_stage" : "rapporteur.pad.none_on_stage", words);
  }

  function draw() {
    drawRooms();
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[name=kind]"))) {
      input.checked = input.value === draft.kind;
    }
    const questions = guidingQuestions(session.store.docs.stage?.agenda ?? { order: [], segments: {} });
    const now = questions.find(({ id }) => id === onStage());
    const own = questions.find(({ id }) => id === draft.question);
    const options = [
      { value: ON_STAGE, words: wordsOfThere(now) },
      ...questions.map(({ id, number, text: words }) => ({ value: id, words: t("rapporteur.question", { n: number, text: pick(words) }) })),
      { value: NO_QUESTION, words: t("rapporteur.no_question") },
    ];
    keyed(question, options, ({ value }) => value, ({ value }) => h("option", { value }), (el, { words }) => setText(el, words));
    question.value = own?.id ?? (draft.question === NO_QUESTION ? NO_QUESTION : ON_STAGE);
    const moved = !draft.room && own && now && own !== now && !blank() ? t("rapporteur.pad.moved", { n: now.number, own: own.number }) : "";
    setText(said, missing || moved);
    assign(said, { "data-missing": missing !== "" });
    about.hidden = draft.about === null;
    if (draft.about !== null) setText(one("[data-line]", about), describe(draft.about));
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  form.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.name === "kind") choose(/** @type {NoteKind} */ (target.value));
  });
  form.addEventListener("click", ({ target, detail }) => {
    // A kind chosen with the pointer leads on to the text; the arrow keys (detail 0) stay among the kinds.
    if (detail > 0 && target instanceof Element && target.closest(".kinds label")) setTimeout(() => text.focus());
  });
  question.addEventListener("change", () => set({ ...draft, question: question.value === ON_STAGE ? null : question.value }));
  room.addEventListener("change", () => {
    draft = { ...draft, room: room.value === PLENARY ? null : room.value };
    set({ ...draft, question: blank() ? null : onStage() });
  });
  one("button", about).addEventListener("click", () => {
    set({ ...draft, about: null });
    text.focus();
  });
  text.addEventListener("input", () => {
    missing = "";
    set(prefill !== "" && text.value === prefill ? { ...draft, text: prefill } : withText(draft, text.value, onStage()));
  });
  text.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const bare = !event.ctrlKey && !event.metaKey && !event.altKey;
    const before = struck;
    // Shift and the like begin a key that is still to come.
    if (!["Shift", "AltGraph", "CapsLock"].includes(event.key)) struck = null;
    if (before && bare && !event.repeat && goesOn(event.key, Date.now() - before.at)) return giveBack(before);
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      return save();
    }
    if (!blank()) return;
    if (event.key === "Escape" || (event.key === "Backspace" && draft.text === "")) {
      picked = false;
      prefill = "";
      set({ ...draft, text: "" });
    }
    const kind = bare && !picked && form.dataset.letters !== "off" ? kindOfKey(event.key) : null;
    if (!kind) return;
    event.preventDefault();
    const was = { letter: event.key, at: Date.now(), draft, prefill };
    choose(kind);
    struck = was;
  });
  session.store.watch(["stage", "record"], draw);
  set(draft);

  return {
    about(key) {
      set({ ...draft, about: key });
      if (quoted(key) !== null && blank()) choose("quote");
      text.focus();
    },
    take: kept.take,
    pick(kind) {
      choose(kind);
      text.focus();
    },
  };
}
