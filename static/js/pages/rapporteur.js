/** The rapporteur's page: what happens, the note pad, the notes. It wires the panels; they do not know each other. */

import { byId, one, setText } from "../lib/dom.js";
import { guidingQuestions, kindOfKey } from "../lib/record.js";
import { loadTexts, readTexts, lang, t } from "../lib/texts.js";
import { formatTime } from "../lib/time.js";
import { openSession, readBoot } from "../live/session.js";
import { mountConnection } from "../panels/connection.js";
import { mountCoverage } from "../panels/coverage.js";
import { mountFeed } from "../panels/feed.js";
import { mountNotepad } from "../panels/notepad.js";
import { mountNotes } from "../panels/notes.js";
import { mountHarvest } from "../panels/record/harvest.js";
import { lineInWords, speakerIn } from "../panels/record/lines.js";
import { mountNow } from "../panels/record/now.js";
import { mountTabs } from "../panels/record/tabs.js";

const boot = readBoot();
await loadTexts(document.documentElement.lang);
readTexts(boot.language, boot.docs.stage?.session.languages ?? []);
const session = openSession(boot, { as: "rapporteur" });
const storage = tabStorage();
const form = /** @type {HTMLFormElement} */ (byId("pad"));

mountConnection(session);
mountNow({
  number: byId("now-number"), text: byId("now-text"), clock: byId("now-clock"),
  speaker: byId("now-speaker"), spoken: byId("now-spoken"),
}, session);
const tabs = mountTabs([byId("tabs"), byId("views")], byId("record"));

const pad = mountNotepad({
  form, text: /** @type {HTMLTextAreaElement} */ (byId("pad-text")), question: /** @type {HTMLSelectElement} */ (byId("pad-question")),
  room: /** @type {HTMLSelectElement} */ (byId("pad-room")), about: byId("pad-about"), said: byId("pad-said"), kept: byId("kept"),
}, session, { describe, quoted, storage });

const feed = mountFeed({
  frame: byId("feed-frame"), list: byId("feed"), empty: byId("feed-empty"),
  more: /** @type {HTMLButtonElement} */ (byId("feed-more")),
}, session, { onChoose: pad.about, onWaiting: (n) => tabs.count("feed", n) });

const notes = mountNotes({ groups: byId("notes"), filters: byId("filters"), empty: byId("notes-empty") }, session, {
  describe, onLost: pad.take, storage,
  onLine(key) {
    tabs.show("feed");
    feed.reveal(key);
  },
  onOrigin(note) {
    tabs.show("rooms");
    harvest.reveal(note);
  },
});
const harvest = mountHarvest(byId("harvest"), session, {
  onSee(note) {
    tabs.show("notes");
    notes.reveal(note);
  },
  onWaiting: (n) => tabs.count("rooms", n),
});
mountCoverage(byId("coverage"), session, {
  onOpen(question) {
    tabs.show("notes");
    notes.open(question);
  },
});
session.store.watch(["stage"], () => { byId("ended").hidden = session.store.docs.stage?.session.state !== "ended"; });

/** @param {string} key @returns {string} a feed line in a few words: its time and what it says */
function describe(key) {
  const { stage, record } = session.store.docs;
  const line = record?.feed[key];
  if (!stage || !line) return t("rapporteur.feed.gone");
  const { text, detail } = lineInWords(line, guidingQuestions(stage.agenda), stage);
  return [formatTime(line.at, stage.session.timezone, lang()), text, detail].filter(Boolean).join(" ");
}

/** @param {string|null} key @returns {string|null} whom a quotation from this line (else from the floor) would quote */
function quoted(key) {
  const { stage, record } = session.store.docs;
  return key === null ? stage?.speakers.current?.name ?? null : speakerIn(record?.feed[key]);
}

// Letter keys. Alone they act outside of text fields, with Alt everywhere; people who speak to their computer switch the
// bare ones off (WCAG 2.1.4), and the browser remembers it.
const letters = /** @type {HTMLInputElement} */ (byId("letters"));
letters.checked = recall("baraza:letters") !== "off";
letters.addEventListener("change", () => setLetters(letters.checked));
setLetters(letters.checked);

/** @param {boolean} on */
function setLetters(on) {
  form.dataset.letters = on ? "on" : "off";
  setText(byId("pad-keys"), t(on ? "rapporteur.pad.keys" : "rapporteur.pad.keys_off"));
  try {
    localStorage.setItem("baraza:letters", on ? "on" : "off");
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
  const typing = event.target instanceof Element && event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  if (!event.altKey && (typing || form.dataset.letters === "off")) return;
  // Alt turns letters into other signs on some keyboards; the place of the key still tells which one was meant.
  if (!event.altKey && (event.key === "j" || event.key === "k") && harvest.step(event.key === "j" ? 1 : -1)) return event.preventDefault();
  const kind = kindOfKey(event.key) ?? (event.altKey ? kindOfKey(event.code.replace("Key", "").toLowerCase()) : null);
  if (!kind) return;
  event.preventDefault();
  pad.pick(kind);
});

one("#tabs").hidden = false;
one("#views").hidden = false;

/** @param {string} key @returns {string|null} */
function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @returns {Storage|null} null where the browser keeps nothing */
function tabStorage() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
