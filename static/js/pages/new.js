/** Make a session: read an agenda, show what was understood, create it, hand out the links. */

import { byId, setText } from "../lib/dom.js";
import { openDialog } from "../lib/dialog.js";
import { keepDraft } from "../lib/draft.js";
import { loadTexts, readTexts, refusal, t } from "../lib/texts.js";
import { mountEditor } from "../panels/editor.js";
import { copyText, drawLinks, listLinks } from "../panels/links.js";
import { drawRemarks, drawSetup, partRemarks, remarksOf, showSetup } from "../panels/preview.js";

/** @import { Remark, Setup } from "../panels/preview.js" */
/** @typedef {{session: string, code: string, links: Record<string, string>}} Made */

await loadTexts(document.documentElement.lang);

const text = /** @type {HTMLTextAreaElement} */ (byId("agenda"));
const create = /** @type {HTMLButtonElement} */ (byId("create"));
const key = /** @type {HTMLInputElement} */ (byId("host-key"));
const draft = keepDraft(text, "baraza:new:agenda");
const editor = mountEditor(text, byId("gutter"));
/** The text that was understood, so that nothing else is created than what was shown. */
let understood = "";

byId("agenda-form").addEventListener("submit", (event) => {
  event.preventDefault();
  void preview();
});
byId("create-form").addEventListener("submit", (event) => {
  event.preventDefault();
  void make();
});
text.addEventListener("input", drawStale);
byId("example").addEventListener("click", () => put(t("new.example.text")));
byId("file").addEventListener("change", async (event) => {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const file = input.files?.[0];
  if (!file) return;
  put(await file.text());
  input.value = "";
  void preview();
});
byId("large").addEventListener("click", () => void openDialog(/** @type {HTMLDialogElement} */ (byId("hall"))));

/** @param {string} agenda */
function put(agenda) {
  text.value = agenda;
  text.dispatchEvent(new Event("input"));
}

/** How the text is written. @param {string} agenda */
function kindOf(agenda) {
  if (/^\s*\{/.test(agenda)) return "application/json";
  return /^segments:\s*$/m.test(agenda) ? "application/yaml" : "text/plain";
}

/**
 * @param {string} path
 * @param {Record<string, string>} [headers]
 * @returns {Promise<{ok: boolean, body: any}>} never rejects: without a network the body is a refusal without a code
 */
async function post(path, headers = {}) {
  try {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": kindOf(text.value), ...headers }, body: text.value });
    return { ok: answer.ok, body: await answer.json() };
  } catch {
    return { ok: false, body: {} };
  }
}

/** Show what would become of the text; says whether it can be read. @returns {Promise<boolean>} */
async function preview() {
  const asked = text.value;
  const { ok, body } = await post("/api/preview");
  const root = byId("understood");
  showSetup(root, ok);
  if (ok) {
    understood = asked;
    const setup = /** @type {Setup} */ (body.agenda);
    readTexts(document.documentElement.lang, setup.languages ?? []);
    drawSetup(root, setup);
  }
  byId("create-form").hidden = !ok;
  const { fields } = body;
  /** @type {Remark[]} */
  const remarks = ok ? body.warnings : fields ? remarksOf(fields) : [{ message: refusal(body) }];
  const parted = partRemarks(remarks);
  drawRemarks(root, parted, { wrong: !ok, go: editor.go });
  editor.mark(parted.decide.flatMap(({ line }) => line ?? []));
  drawStale();
  // On a phone it stands below the text, out of sight.
  if (root.getBoundingClientRect().top > window.innerHeight / 2) root.scrollIntoView({ block: "start", behavior: "smooth" });
  return ok;
}

/** Say that what is shown is of an earlier text. */
function drawStale() {
  byId("understood-stale").hidden = byId("understood-card").hidden || text.value === understood;
}

async function make() {
  // What changed since the preview is looked at first.
  if (text.value !== understood) {
    await preview();
    return complain(t("new.changed"));
  }
  create.disabled = true;
  byId("create-error").hidden = true;
  const { ok, body } = await post("/api/sessions", { Authorization: `Bearer ${key.value.trim()}` });
  create.disabled = false;
  if (!ok) return complain(body.code === "host.key" ? t("new.key.wrong") : refusal(body));
  draft.forget();
  key.value = "";
  showMade(body);
}

/** @param {string} words */
function complain(words) {
  setText(byId("create-error"), words);
  byId("create-error").hidden = false;
}

/** @param {Made} made */
function showMade({ code, links }) {
  byId("making").hidden = true;
  byId("made").hidden = false;
  const qr = `/j/${code}/qr.svg`;
  /** @type {HTMLImageElement} */ (byId("qr")).src = qr;
  /** @type {HTMLImageElement} */ (byId("hall-qr")).src = qr;
  setText(byId("made-code"), code);
  setText(byId("hall-code"), code);
  setText(byId("hall-url"), (links.participant ?? "").replace(/^https?:\/\//, ""));
  drawLinks(byId("links"), links, copied);
  byId("copy-all").addEventListener("click", () => void copyAll(listLinks(links)));
  window.addEventListener("beforeunload", warn);
  byId("links").addEventListener("copy", () => copied(true));
  byId("made-title").focus();
  window.scrollTo(0, 0);
}

/** The keys in the links are shown this once: who leaves without any of them is asked. @param {Event} event */
function warn(event) {
  event.preventDefault();
}

/** @param {boolean} done whether a link, or all of them, could be copied */
function copied(done) {
  byId("copy-error").hidden = done;
  if (done) window.removeEventListener("beforeunload", warn);
}

/** @param {string} links */
async function copyAll(links) {
  const done = await copyText(links);
  copied(done);
  if (!done) return;
  setText(byId("copy-all"), t("new.copied"));
  setTimeout(() => setText(byId("copy-all"), t("new.copy.all")), 2_000);
}
