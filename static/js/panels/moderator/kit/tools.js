/**
 * What every panel of the moderator's page works with: the documents, one way to send a command from a control, the way
 * back, drafts and shortcuts.
 *
 * Rules: a refusal is said in words where the command was given, and nothing that was typed is lost; what can be undone
 * is done at once and offers the way back; what cannot asks first.
 */
import { h } from "../../../lib/dom.js";
import { has, lang, pick, readingLanguage, refusal, t } from "../../../lib/texts.js";
import { formatTime } from "../../../lib/time.js";
import { Drafts } from "./drafts.js";
import { inLanguages } from "./languages.js";
import { ACTED } from "./steady.js";

/** @typedef {import("../../../live/session.js").Session} Session */
/** @typedef {import("../../../live/types.js").Outcome} Outcome */
/** @typedef {import("../../../live/types.js").Stage} Stage */
/** @typedef {import("../../../live/types.js").Desk} Desk */
/** @typedef {[what: string, fields?: Record<string, unknown>]} Step a command without its id */
/** @typedef {import("../../../live/types.js").Refusal} Refusal */
/**
 * What follows a command: what to say when it is done, how to take it back, and `refused`, which says a refusal beside the
 * field that it is about and tells whether it did.
 * @typedef {{said: string, undo?: Step[] | ((outcome: Outcome) => Step[]), refused?: (refusal: Refusal) => boolean}} After
 */
/** @typedef {{key: string, label: string, run: () => void}} Shortcut */

/** How long `u` still takes the last step back, ms. */
const UNDO_FOR = 60_000;

export class Tools {
  /** @type {Map<string, Shortcut>} in the order of the help sheet */
  shortcuts = new Map();
  /** Begin a poll for one room; the panel of the polls says how. @type {(room: string) => void} */
  newPoll = () => {};
  #snackbar;
  #interfaceLanguages;
  /** @type {Desk | undefined} */
  #desk;
  /** @type {{said: string, steps: Step[], at: number} | null} */
  #last = null;
  /** @type {Set<() => void>} */
  #ticking = new Set();

  /**
   * @param {Session} session
   * @param {import("./snackbar.js").Snackbar} snackbar
   * @param {Storage | null} storage of this tab
   * @param {readonly string[]} interfaceLanguages those that have a catalogue
   */
  constructor(session, snackbar, storage, interfaceLanguages) {
    this.session = session;
    this.store = session.store;
    this.drafts = new Drafts(storage, session.boot.session);
    this.#snackbar = snackbar;
    this.#interfaceLanguages = interfaceLanguages;
  }

  /** @returns {Stage} */
  get stage() {
    return /** @type {Stage} */ (this.store.docs.stage);
  }

  /** The last one known, where the role was taken away and the document with it. @returns {Desk} */
  get desk() {
    const { desk } = this.store.docs;
    if (desk) this.#desk = desk;
    return /** @type {Desk} */ (this.#desk);
  }

  /** What participants asked and everybody sees. @returns {NonNullable<Stage["questions"]>} */
  get questions() {
    return this.stage.questions ?? { open: false, moderated: true, items: {} };
  }

  /** The reader's words for a stakeholder group; for none, that none was given. @param {string | null | undefined} group */
  groupName(group) {
    return (group && pick(this.stage.session.groups[group])) || t("moderator.group.none");
  }

  /** The time of day in the session's zone, in which every page of it speaks. @param {number} ms */
  timeOf(ms) {
    return formatTime(ms, this.stage.session.timezone, lang());
  }

  /** The languages of the session, the moderator's own first. @returns {string[]} */
  get languages() {
    const all = this.stage.session.languages;
    const own = [readingLanguage(), lang()].find((code) => all.includes(code));
    return own ? [own, ...all.filter((code) => code !== own)] : [...all];
  }

  /**
   * A message of the interface as a text of the session: in all its languages that the interface speaks.
   * @param {string} key
   */
  inLanguages(key) {
    return inLanguages(
      key,
      this.languages.filter((code) => this.#interfaceLanguages.includes(code)),
    );
  }

  /**
   * Send a command from a control. Until it is answered the control is busy and a second press does nothing.
   * @param {HTMLElement} control
   * @param {string} what
   * @param {Record<string, unknown>} [fields]
   * @param {After} [after]
   * @returns {Promise<Outcome | null>} null where it was refused
   */
  act(control, what, fields, after) {
    return this.steps(control, [[what, fields]], after);
  }

  /**
   * Send commands one after the other; the first refusal ends it.
   * @param {HTMLElement} control
   * @param {Step[]} steps
   * @param {After} [after]
   * @returns {Promise<Outcome | null>} the last outcome
   */
  async steps(control, steps, after) {
    if (control.getAttribute("aria-busy") === "true") return null;
    control.setAttribute("aria-busy", "true");
    forget(control);
    const column = control.closest(".column");
    column?.dispatchEvent(new CustomEvent(ACTED));
    /** @type {Outcome | null} */
    let outcome = null;
    let doing = "";
    try {
      for (const [what, fields] of steps) {
        doing = what;
        outcome = await this.session.send(what, fields);
      }
    } catch (error) {
      if (!after?.refused?.(/** @type {Refusal} */ (error))) this.refuse(control, error, doing);
      return null;
    } finally {
      control.removeAttribute("aria-busy");
    }
    column?.dispatchEvent(new CustomEvent(ACTED));
    if (after && outcome) this.#done(after, outcome);
    return outcome;
  }

  /**
   * Say why something was not done, beside the control, or in the snackbar where the control is gone.
   * @param {HTMLElement} control
   * @param {unknown} error
   * @param {string} [what] the command
   */
  refuse(control, error, what = "") {
    const { code } = /** @type {{code?: string}} */ (error ?? {});
    const key = `moderator.stale.${what}`;
    const words = code === "stale" && has(key) ? t(key) : refusal(error);
    const place = control.closest("[data-place]");
    if (!place || !control.isConnected || place.closest("[hidden]")) return this.#snackbar.show(words);
    forget(control);
    place.append(h("p", { class: "error refusal", role: "alert" }, words));
  }

  /** Say something that needs no answer. @param {string} words */
  say(words) {
    this.#snackbar.show(words);
  }

  /** What was said has come further: its words change, and the way back stays. @param {string} said @param {string} instead */
  amend(said, instead) {
    if (this.#last?.said === said) this.#last.said = instead;
    this.#snackbar.amend(said, instead);
  }

  /** @param {After} after @param {Outcome} outcome */
  #done({ said, undo }, outcome) {
    const steps = typeof undo === "function" ? undo(outcome) : undo;
    if (!steps?.length) {
      this.#last = null;
      return this.#snackbar.show(said);
    }
    const last = { said, steps, at: this.store.now() };
    this.#last = last;
    this.#snackbar.show(said, { label: t("moderator.undo"), run: () => void this.#undo(last) });
  }

  /** Take the last step back, where there is a way and it is fresh. */
  undo() {
    const last = this.#last;
    if (!last || this.store.now() - last.at > UNDO_FOR) return this.#snackbar.show(t("moderator.undo.nothing"));
    void this.#undo(last);
  }

  /** @param {{said: string, steps: Step[]}} last */
  async #undo(last) {
    if (this.#last === last) this.#last = null;
    try {
      for (const [what, fields] of last.steps) await this.session.send(what, fields);
      this.#snackbar.show(t("moderator.undo.done", { what: last.said }));
    } catch (error) {
      this.#snackbar.show(t("moderator.undo.refused", { why: refusal(error) }));
    }
  }

  /**
   * Let a key press a button, wherever the focus is. A button that is not there now says so.
   * @param {string} key
   * @param {string} label what it does
   * @param {() => HTMLElement | null} target
   */
  press(key, label, target) {
    this.shortcut(key, label, () => {
      const el = target();
      if (!el || el.closest("[hidden], [inert]") || el.getAttribute("aria-disabled") === "true") {
        return this.say(t("moderator.keys.nothing", { what: label }));
      }
      el.click();
    });
  }

  /** @param {string} key @param {string} label @param {() => void} run */
  shortcut(key, label, run) {
    this.shortcuts.set(key, { key, label, run });
  }

  /** Call `fn` about every second, for what depends on the time alone. @param {() => void} fn */
  onTick(fn) {
    this.#ticking.add(fn);
    fn();
  }

  /** The page's pulse. */
  tick() {
    for (const fn of this.#ticking) fn();
  }
}

/** Take away what an earlier attempt was told. @param {HTMLElement} control */
function forget(control) {
  for (const old of control.closest("[data-place]")?.querySelectorAll(":scope > .refusal") ?? []) old.remove();
}
