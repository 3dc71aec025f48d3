/**
 * What the moderator's page works out from the agenda: the order of guiding questions, the one main action, where an
 * item goes when it moves, and what the automatic rotation will do. Pure: no page, no clock of its own. A field that the
 * protocol gives as null is absent after a merge patch, so both are read alike.
 *
 * @typedef {import("../../../live/types.js").Agenda} Agenda
 * @typedef {import("../../../live/types.js").Stage} Stage
 * @typedef {import("../../../live/types.js").Text} Text
 *
 * @typedef {{id: string, segment: string, text: Text, seconds: number}} GuidingQuestion
 * @typedef {{item: string, before: string | null, segment?: string}} Move the fields of `agenda.move`
 * @typedef {{action: "open" | "first" | "next" | "close" | "report", question: GuidingQuestion | null}} MainAction
 */

/**
 * All guiding questions in the order in which they take the stage.
 * @param {Agenda} agenda
 * @returns {GuidingQuestion[]}
 */
export function guidingQuestions(agenda) {
  return agenda.order.flatMap((segment) => {
    const part = agenda.segments[segment];
    if (!part) return [];
    return part.order.flatMap((id) => {
      const question = part.questions[id];
      return question ? [{ id, segment, text: question.text, seconds: question.seconds }] : [];
    });
  });
}

/**
 * The guiding question `step` places after `from` (before it, where `step` is negative); from null, the first one.
 * @param {Agenda} agenda
 * @param {string | null | undefined} from
 * @param {number} step
 * @returns {GuidingQuestion | null}
 */
export function neighbour(agenda, from, step) {
  const all = guidingQuestions(agenda);
  if (from == null) return (step > 0 && all[step - 1]) || null;
  const index = all.findIndex(({ id }) => id === from);
  return (index >= 0 && all[index + step]) || null;
}

/**
 * The one thing that the large button does now, and the guiding question that it leads to.
 * @param {Stage} stage
 * @returns {MainAction}
 */
export function mainAction({ session, agenda }) {
  if (session.state === "ended") return { action: "report", question: null };
  if (session.state === "lobby") return { action: "open", question: null };
  const question = neighbour(agenda, agenda.current, 1);
  if (!question) return { action: "close", question: null };
  return { action: agenda.current == null ? "first" : "next", question };
}

/**
 * What will happen without anybody pressing a button: the end of a catalogue key (`moderator.rotation.…`), and the
 * moment where there is one (ms).
 * @param {Stage} stage
 * @returns {{key: "off" | "lobby" | "last" | "untimed" | "paused" | "at", at: number | null}}
 */
export function rotation({ session, agenda }) {
  const { clock, current } = agenda;
  if (!agenda.auto) return { key: "off", at: null };
  if (session.state !== "live" || current == null) return { key: "lobby", at: null };
  if (!neighbour(agenda, current, 1)) return { key: "last", at: null };
  if (clock.state === "running") return { key: "at", at: clock.ends ?? null };
  return { key: clock.state === "paused" ? "paused" : "untimed", at: null };
}

/**
 * Where `item` (a guiding question or a segment) stands: the fields that would put it there again.
 * @param {Agenda} agenda
 * @param {string} item
 * @returns {Move | null}
 */
export function placeOf(agenda, item) {
  const at = agenda.order.indexOf(item);
  if (at >= 0) return { item, before: agenda.order[at + 1] ?? null };
  for (const segment of agenda.order) {
    const order = agenda.segments[segment]?.order ?? [];
    const index = order.indexOf(item);
    if (index >= 0) return { item, before: order[index + 1] ?? null, segment };
  }
  return null;
}

/**
 * The command that moves `item` one place up (-1) or down (+1); a guiding question at the edge of its segment goes over
 * into the neighbouring one. Null where it cannot go further.
 * @param {Agenda} agenda
 * @param {string} item
 * @param {-1 | 1} step
 * @returns {Move | null}
 */
export function moveOf(agenda, item, step) {
  const place = placeOf(agenda, item);
  if (!place) return null;
  const { segment } = place;
  const order = segment === undefined ? agenda.order : (agenda.segments[segment]?.order ?? []);
  const target = order.indexOf(item) + step;
  if (target >= 0 && target < order.length) {
    const before = (step < 0 ? order[target] : order[target + 1]) ?? null;
    return segment === undefined ? { item, before } : { item, before, segment };
  }
  if (segment === undefined) return null;
  const other = agenda.order[agenda.order.indexOf(segment) + step];
  if (other === undefined) return null;
  return { item, before: step < 0 ? null : (agenda.segments[other]?.order[0] ?? null), segment: other };
}
