/**
 * The notes that were given to the server and are not confirmed: on their way, kept while there is no network, or come
 * back with the reason for which they were not taken.
 */

import { announce } from "../../lib/announce.js";
import { clear, h, keyed } from "../../lib/dom.js";
import { refusal, t } from "../../lib/texts.js";
import { Keep, LOST, reconcile } from "./draft.js";

/** @import { Session } from "../../live/session.js" */
/** @import { Given, Kept, Store } from "./draft.js" */

/**
 * @param {HTMLElement} list
 * @param {Session} session
 * @param {{storage: Store|null, onBack: (note: Given) => boolean}} options `onBack` takes a note into the pad again, if
 *   there is room for it
 * @returns {{give: (note: Given) => void, take: (note: Given, reason: string) => void}} `give` sends a note, `take` keeps
 *   one that something else could not save
 */
export function mountKept(list, session, { storage, onBack }) {
  const keep = /** @type {Keep<Kept[]>} */ (new Keep(storage, `baraza:${session.boot.session}:rapporteur:kept`));
  let kept = keep.read([]);
  /** @type {Set<string>} notes whose answer this page awaits itself */
  const mine = new Set();
  let made = 0;

  /** @param {Kept[]} notes */
  function set(notes) {
    kept = notes;
    keep.write(notes.length > 0 ? notes : null);
    draw();
  }

  /** @param {Given} note @param {string|null} back @returns {string} the key it is kept under */
  function add(note, back) {
    made += 1;
    const key = `${session.store.now()}.${made}`;
    set([...kept, { ...note, key, back }]);
    return key;
  }

  /** @param {string} key */
  function forget(key) {
    set(kept.filter((note) => note.key !== key));
  }

  /** @param {Given} note */
  function give(note) {
    const key = add(note, null);
    mine.add(key);
    const { kind, text, question, about, room } = note;
    session.send("note.write", { kind, text, question, ...(about && { about }), ...(room && { room }) }).then(
      () => {
        forget(key);
        announce(t("rapporteur.pad.saved"));
      },
      (error) => {
        const reason = refusal(error);
        set(kept.map((one) => (one.key === key ? { ...one, back: reason } : one)));
        announce(t("rapporteur.pad.back", { reason }));
      },
    ).finally(() => mine.delete(key));
  }

  function draw() {
    list.hidden = kept.length === 0;
    keyed(list, kept, (note) => note.key, () => h("li", { class: "kept" }), (el, note) => {
      const state = note.back !== null ? "back" : session.status === "live" ? "saving" : "kept";
      if (el.dataset.state === state) return;
      el.dataset.state = state;
      const reason = note.back === LOST ? t("rapporteur.pad.lost") : note.back ?? "";
      clear(el,
        h("p", { class: "kept-word" }, state === "back" ? t("rapporteur.pad.back", { reason }) : t(`rapporteur.pad.${state}`)),
        h("p", { class: "kept-text", dir: "auto" }, h("strong", null, t(`rapporteur.kind.${note.kind}`)), " ", note.text),
        state === "back" && h("div", { class: "actions" },
          h("button", { type: "button", class: "button small", onclick: () => onBack(note) && forget(note.key) }, t("rapporteur.pad.rewrite")),
          h("button", { type: "button", class: "button quiet small", onclick: () => forget(note.key) }, t("rapporteur.pad.discard"))));
    });
  }

  /** After a reload nobody awaits the answers to what was sent before it; the record tells how they ended. */
  function settle() {
    const pending = session.pending();
    const { record } = session.store.docs;
    const recorded = [record?.notes ?? {}, ...Object.values(record?.rooms ?? {}).map(({ notes }) => notes)].flatMap((notes) => Object.values(notes));
    const next = reconcile(kept, mine,
      (note) => pending.some((one) => one.do === "note.write" && one.kind === note.kind && one.text === note.text),
      (note) => recorded.some((one) => one.kind === note.kind && Object.values(one.text).includes(note.text)));
    if (next.length !== kept.length || next.some((note, index) => note !== kept[index])) set(next);
  }

  session.onStatus(draw);
  session.onPending(settle);
  session.store.watch(["record"], settle);
  draw();
  return { give, take: (note, reason) => void add(note, reason) };
}
