/**
 * The lines of the feed in words, for all who show or name one: the feed, the note pad, the notes.
 */

import { originName } from "../../lib/rooms.js";
import { pick, t } from "../../lib/texts.js";
import { formatSpent } from "../../lib/time.js";

/** @import { FeedLine, Origin, Stage, Text } from "../../live/types.js" */
/** @import { Guiding } from "../../lib/record.js" */

/** A sign for each kind of line; words say the same. @type {Record<string, string>} */
const SIGNS = {
  "session.opened": "▶", "session.closed": "■", "agenda.went": "§", "speaker.started": "●", "speaker.finished": "○",
  "question.approved": "?", "question.answered": "✓", "poll.opened": "▢", "poll.closed": "▣", "poll.published": "▤",
  announced: "!", "rooms.opened": "⊞", "rooms.rotated": "↻", "rooms.closed": "⊟", "note.lifted": "↑",
};

/**
 * What a feed line says.
 *
 * @param {FeedLine} line
 * @param {readonly Guiding[]} questions the guiding questions as they are numbered now
 * @param {Stage} stage for the names of groups
 * @returns {{sign: string, text: string, detail: string}} one sentence, and what was said or asked word for word
 */
export function lineInWords(line, questions, stage) {
  const { what } = line;
  const sign = SIGNS[what] ?? "·";
  const name = personOf(line, stage);
  const quoted = pick(/** @type {Text|undefined} */ (line.text));
  if (what === "agenda.went") {
    const question = questions.find(({ id }) => id === line.question);
    const key = line.auto ? "rapporteur.feed.agenda_went_auto" : "rapporteur.feed.agenda_went";
    return { sign, text: question ? t(key, { n: question.number }) : t("rapporteur.feed.agenda_gone"), detail: pick(question?.text) };
  }
  if (what === "speaker.finished") {
    const time = formatSpent(Number(line.ms ?? 0));
    return { sign, text: t("rapporteur.feed.speaker_finished", { name, time }), detail: "" };
  }
  if (what === "question.answered") {
    const answer = pick(/** @type {Text|undefined} */ (line.answer));
    return { sign, text: t("rapporteur.feed.question_answered", { text: quoted }), detail: answer };
  }
  if (what.startsWith("rooms.")) {
    const auto = what === "rooms.rotated" && line.auto ? "_auto" : "";
    return { sign, text: t(`rapporteur.feed.${what.replace(".", "_")}${auto}`, { n: Number(line.round ?? 1) }), detail: pick(/** @type {Text|undefined} */ (line.name)) };
  }
  if (what === "note.lifted") {
    return { sign, text: t("rapporteur.feed.note_lifted", { where: originName(/** @type {Origin} */ (/** @type {unknown} */ (line))) }), detail: quoted };
  }
  if (what in SIGNS) return { sign, text: t(`rapporteur.feed.${what.replace(".", "_")}`, { name }), detail: quoted };
  return { sign, text: what, detail: quoted };
}

/**
 * The name to put before a quotation from this line; null where nobody speaks in it.
 *
 * @param {FeedLine|undefined} line
 * @returns {string|null}
 */
export function speakerIn(line) {
  if (!line || !line.what.startsWith("speaker.")) return null;
  return typeof line.name === "string" ? line.name : null;
}

/**
 * @param {FeedLine} line
 * @param {Stage} stage
 * @returns {string} the person with the group in brackets
 */
function personOf(line, stage) {
  const name = typeof line.name === "string" ? line.name : t("rapporteur.nameless");
  const group = typeof line.group === "string" ? pick(stage.session.groups[line.group]) : "";
  return group ? t("rapporteur.person_of_group", { name, group }) : name;
}
