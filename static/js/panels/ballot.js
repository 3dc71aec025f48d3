/**
 * Polls as a participant meets them: open ones to vote in, closed ones with one's own ballot, published ones with results.
 *
 * One tap casts, and can be changed until the close. The card says that a ballot was sent, then that it counted; without
 * a connection it is kept and says so. Results that everybody may watch stand in the buttons while the poll is open, so
 * that no option is listed twice. Cards the server rendered are taken over as they are.
 *
 * A breakout room has polls of its own. While somebody is there, the last of them that is over stands where else those of
 * the question on stage do, which is not seen then.
 */

import { assign, clone, keyed, one, setText } from "../lib/dom.js";
import { isolate } from "../lib/isolate.js";
import { letter } from "../lib/marks.js";
import { formatNumber, pick, refusal, show, t } from "../lib/texts.js";
import { Intents } from "../live/intents.js";

/** @import { Session } from "../live/session.js" */
/** @import { Answer, Poll } from "../live/types.js" */
/** @typedef {{id: string, poll: Poll}} Entry */
/** @typedef {{el: HTMLElement, update: (poll: Poll) => void}} Figure */

/** So many points of a scale fit side by side on the narrowest phone, and on anything wider. */
const ROW = { narrow: 5, wide: 11 };
/** Shown where nothing was cast; an answer on the wire is never empty. @type {Answer} */
const NONE = [];

/**
 * @param {{open: HTMLElement, now: HTMLElement, past: HTMLElement}} places for polls to vote in, for those of the
 *   question on stage that are over, and for earlier ones
 * @param {Session} session
 * @param {() => Figure} results makes the figure that shows results
 */
export function mountBallot(places, session, results) {
  const { store } = session;
  /** @type {WeakMap<HTMLElement, Figure>} */
  const figures = new WeakMap();
  /** Choices that are too few to count yet. @type {Map<string, Answer>} */
  const drafts = new Map();
  /** @type {Intents<Answer>} */
  const intents = new Intents(session, draw, (command) => {
    if (command.do === "ballot.cast") return [String(command.poll), /** @type {Answer} */ (command.answer)];
    return command.do === "ballot.withdraw" ? [String(command.poll), NONE] : null;
  });

  for (const place of Object.values(places)) place.addEventListener("click", onClick);
  store.watch(["stage", "me", "room"], draw);
  session.onStatus(draw);

  /** @returns {Record<string, Poll>} those of the hall, and of the room one is in */
  function polls() {
    return { ...store.docs.stage?.polls, ...store.room?.polls };
  }

  function draw() {
    const { room } = store;
    const current = store.docs.stage?.agenda.current;
    const focused = /** @type {HTMLElement | null | undefined} */ (document.activeElement?.closest(".poll"));
    /** @type {Entry[]} */
    const all = Object.entries(polls()).map(([id, poll]) => ({ id, poll })).sort((a, b) => a.poll.opened - b.poll.opened);
    const open = all.filter(({ poll }) => poll.state === "open");
    const over = all.filter(({ poll }) => poll.state !== "open").reverse();
    const last = room && over.find(({ id }) => id in room.polls);
    const now = (/** @type {Entry} */ entry) => (room ? entry === last : entry.poll.question != null && entry.poll.question === current);
    fill(places.open, open);
    fill(places.now, over.filter(now));
    fill(places.past, over.filter((entry) => !now(entry)));
    if (focused && !focused.isConnected) focusCard(focused.dataset.key ?? "");
  }

  /** A poll that is over stands elsewhere; who had the focus in it stays with it. @param {string} id */
  function focusCard(id) {
    for (const place of Object.values(places)) {
      const card = place.querySelector(`[data-key="${CSS.escape(id)}"].poll`);
      if (!(card instanceof HTMLElement)) continue;
      card.tabIndex = -1;
      card.focus({ preventScroll: true });
    }
  }

  /** @param {HTMLElement} place @param {Entry[]} entries */
  function fill(place, entries) {
    keyed(place, entries, ({ id }) => id, () => clone("poll-template"), update);
    const section = place.closest("section");
    if (place === places.past && section) section.hidden = !entries.length;
  }

  /** @param {HTMLElement} card @param {Entry} entry */
  function update(card, { id, poll }) {
    const before = store.docs.me?.ballots[id] ?? NONE;
    const cast = intents.get(id, before);
    const chosen = drafts.get(id) ?? cast.value;
    const open = poll.state === "open";
    card.dataset.kind = poll.kind;
    card.classList.toggle("asks", open);
    one(".poll-state", card).classList.toggle("action", open);
    setText(one(".poll-state", card), t(`participant.poll.${poll.state}`));
    setText(one(".poll-turnout", card), t("participant.poll.turnout", { n: poll.turnout }));
    show(one(".poll-prompt", card), poll.prompt);
    setText(one(".poll-rule", card), open ? rule(poll) : "");
    updateOptions(card, poll, chosen, open);
    one(".scale-ends", card).hidden = !open || poll.kind !== "scale";
    show(one(".scale-low", card), poll.low);
    show(one(".scale-high", card), poll.high);
    const problem = cast.waiting ? null : intents.refusal(id);
    const own = one(".poll-own", card);
    own.classList.toggle("error", problem !== null);
    if (!open && (problem || cast.waiting)) setText(own, lateWords(poll, before));
    else setText(own, problem ? refusal(problem) : ownWords(poll, chosen, cast, drafts.has(id)));
    one(".poll-withdraw", card).hidden = !open || !cast.value.length || cast.waiting;
    updateFigure(card, poll);
  }

  /** @param {HTMLElement} card @param {Poll} poll @param {Answer} chosen @param {boolean} open */
  function updateOptions(card, poll, chosen, open) {
    const group = one(".options", card);
    group.hidden = !open;
    assign(group, { "aria-label": pick(poll.prompt) });
    if (poll.kind === "scale") assign(group, { style: evenRows(poll.order.length) });
    const full = poll.kind === "multiple" && chosen.length >= poll.max;
    keyed(group, poll.order, (option) => option, () => clone("option-template"), (button, option) => {
      const index = poll.order.indexOf(option);
      const pressed = chosen.map(String).includes(option);
      const mark = one(".mark", button);
      mark.dataset.shape = String(poll.kind === "scale" ? 0 : index % 6);
      setText(mark, poll.kind === "scale" ? option : letter(index));
      show(one(".option-label", button), poll.options[option]);
      assign(button, {
        disabled: false,
        "aria-pressed": String(pressed),
        "aria-disabled": full && !pressed ? "true" : null,
        "aria-label": poll.kind === "scale" ? scaleLabel(poll, index) : null,
      });
      updateValue(button, poll, option);
    });
  }

  /** @param {HTMLElement} card @param {Poll} poll */
  function updateFigure(card, poll) {
    const open = poll.state === "open";
    let figure = figures.get(card);
    if (!figure && poll.results && !open) {
      figure = results();
      figures.set(card, figure);
      one(".poll-foot", card).before(figure.el);
    }
    figure?.update(poll);
    if (figure && open) figure.el.hidden = true;
  }

  /**
   * What the card says about one's own ballot.
   *
   * @param {Poll} poll @param {Answer} chosen @param {{value: Answer, waiting: boolean}} cast @param {boolean} draft
   */
  function ownWords(poll, chosen, cast, draft) {
    if (poll.state !== "open") {
      return cast.value.length ? t("participant.poll.yours", { answer: words(poll, cast.value) }) : t("participant.poll.none");
    }
    if (draft) return t("participant.poll.more", { n: poll.min - chosen.length });
    if (cast.waiting) return t(session.status === "live" ? "participant.poll.sent" : "participant.poll.kept");
    return t(cast.value.length ? "participant.poll.counted" : "participant.poll.tap");
  }

  /** What the card says where the close was quicker. @param {Poll} poll @param {Answer} before the ballot that counts, if any */
  function lateWords(poll, before) {
    return before.length ? t("participant.poll.late.change", { answer: words(poll, before) }) : t("participant.poll.late");
  }

  /** @param {MouseEvent} event */
  function onClick(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const card = /** @type {HTMLElement | null} */ (target.closest(".poll"));
    const id = card?.dataset.key ?? "";
    const poll = polls()[id];
    if (poll?.state !== "open") return;
    const option = /** @type {HTMLElement | null} */ (target.closest(".option"))?.dataset.key;
    if (option !== undefined) choose(id, poll, option);
    else if (target.closest(".poll-withdraw")) withdraw(id);
  }

  /** @param {string} id @param {Poll} poll @param {string} option */
  function choose(id, poll, option) {
    const cast = intents.get(id, store.docs.me?.ballots[id] ?? NONE).value;
    const before = drafts.get(id) ?? cast;
    if (poll.kind !== "multiple") {
      const answer = [poll.kind === "scale" ? Number(option) : option];
      if (String(answer) !== String(before)) void castBallot(id, answer);
      return;
    }
    const after = before.includes(option) ? before.filter((one) => one !== option) : [...before, option];
    if (after.length > poll.max) return;
    const answer = poll.order.filter((one) => after.includes(one));
    if (answer.length >= poll.min) {
      void castBallot(id, answer);
    } else if (!answer.length && cast.length) {
      withdraw(id);
    } else {
      drafts.set(id, answer);
      if (!answer.length) drafts.delete(id);
      draw();
    }
  }

  /** @param {string} id @param {Answer} answer */
  function castBallot(id, answer) {
    drafts.delete(id);
    return intents.run(id, answer, "ballot.cast", { poll: id, answer });
  }

  /** @param {string} id */
  function withdraw(id) {
    drafts.delete(id);
    void intents.run(id, NONE, "ballot.withdraw", { poll: id });
  }
}

/** @param {Poll} poll @returns {string} how many may be chosen, where that needs saying */
function rule(poll) {
  if (poll.kind !== "multiple") return "";
  if (poll.min === poll.max) return t("participant.poll.rule.exactly", { n: poll.min });
  if (poll.min <= 1) return t("participant.poll.rule.most", { n: poll.max });
  return t("participant.poll.rule.range", { min: poll.min, n: poll.max });
}

/**
 * What was chosen so far, where everybody may see it: a bar along the button's foot, the count and the share.
 *
 * @param {HTMLElement} button @param {Poll} poll @param {string} option
 */
function updateValue(button, poll, option) {
  const value = one(".option-value", button);
  value.hidden = !poll.results;
  const { counts = {}, ballots = 0 } = poll.results ?? {};
  const count = counts[option] ?? 0;
  const share = ballots > 0 ? count / ballots : 0;
  assign(button, { style: { "--share": `${(share * 100).toFixed(1)}%` } });
  const percent = formatNumber(share, { style: "percent", maximumFractionDigits: 0 });
  setText(value, !poll.results ? "" : poll.kind === "scale" ? formatNumber(count) : `${formatNumber(count)} · ${percent}`);
}

/** @param {Poll} poll @param {number} index */
function scaleLabel(poll, index) {
  const value = poll.order[index] ?? "";
  const end = index === 0 ? pick(poll.low) : index === poll.order.length - 1 ? pick(poll.high) : "";
  const count = poll.results && t("results.ballots", { n: poll.results.counts[value] ?? 0 });
  return [value, end, count].filter(Boolean).join(", ");
}

/**
 * How many of `n` points of a scale stand in a row, so that all rows are as even as they can be.
 *
 * @param {number} n
 * @returns {Record<string, string>} for a narrow and for a wide page
 */
export function evenRows(n) {
  const even = (/** @type {number} */ most) => String(Math.ceil(n / Math.max(1, Math.ceil(n / most))) || 1);
  return { "--narrow": even(ROW.narrow), "--wide": even(ROW.wide) };
}

/** @param {Poll} poll @param {Answer} answer */
function words(poll, answer) {
  if (poll.kind === "scale") return answer.join(", ");
  return answer.map((option) => `${letter(poll.order.indexOf(String(option)))} ${isolate(pick(poll.options[option]))}`).join("; ");
}
