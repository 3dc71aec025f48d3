/**
 * What the server found wrong with something about rooms, as places in the form that asked for it. Pure.
 *
 * A refusal names fields of the command; the words for them are the interface's own.
 *
 * @typedef {import("../../../live/types.js").Refusal} Refusal
 * @typedef {{place: string, wrong: string}} Wrong `wrong` is the end of `moderator.rooms.wrong.…`
 */

/** What was named and is not there (any more), by the code of the refusal. @type {Record<string, Record<string, [place: string, wrong: string]>>} */
const VANISHED = {
  "rooms.plan": {
    "person.unknown": ["topics", "host.gone"],
    "agenda.unknown": ["topics", "question.gone"],
    "rooms.unknown": ["from", "from.gone"],
    "rooms.not_ready": ["from", "from.planning"],
  },
  "rooms.edit": {
    "person.unknown": ["host", "host.gone"],
    "agenda.unknown": ["question", "question.gone"],
  },
};

/** Reasons that have words of their own, by field. @type {Record<string, Record<string, string>>} */
const REASONS = {
  topics: { "a host has one room": "host", "more than rooms": "topics.many" },
  size: { "too many rooms": "size.many" },
  rounds: { "one, where people are not seated by a plan": "rounds.one" },
  host: { "has a room": "host.other" },
  link: { room: "link.room", "too long": "link.long" },
};

/** Where a field stands in the form under another name. @type {Record<string, string>} */
const ASKED_AS = { seconds: "minutes" };

/**
 * @param {string} what the command
 * @param {Partial<Refusal>} refused
 * @returns {Wrong[]} nothing where it is not about what was asked for
 */
export function wrongsOf(what, { code = "", fields = {} }) {
  const gone = VANISHED[what]?.[code];
  if (gone) return [{ place: gone[0], wrong: gone[1] }];
  if (code !== "invalid") return [];
  return Object.entries(fields).map(([path, reason]) => {
    // `topics[...].name` is something in the list of topics.
    const field = /^\w*/.exec(path)?.[0] ?? "";
    const place = ASKED_AS[field] ?? field;
    return { place, wrong: REASONS[field]?.[String(reason)] ?? place };
  });
}
