/**
 * What stands in the form of a plan of breakout rooms, what it would give, what is wrong with it, and the fields of
 * `rooms.plan`. Pure.
 *
 * @typedef {import("../../../live/types.js").Agenda} Agenda
 * @typedef {import("../../../live/types.js").Text} Text
 * @typedef {import("../../../live/types.js").Assign} Assign
 * @typedef {import("../../../live/types.js").Rotate} Rotate
 * @typedef {{name: Text, task: Text, question: string, host: string}} TopicForm
 *
 * @typedef {object} RoomsForm what stands in the form; everything a person can type is a string
 * @property {"rooms" | "size"} by
 * @property {string} rooms
 * @property {string} size people a room
 * @property {Assign} assign
 * @property {string} places a room where people choose
 * @property {string} from the earlier plan, for `again`
 * @property {string} rounds
 * @property {Rotate} rotate
 * @property {string} minutes a round; empty: no clock
 * @property {boolean} auto
 * @property {Text} name of the plan
 * @property {TopicForm[]} topics one a room, as many as were ever asked for
 *
 * @typedef {"rooms" | "size" | "places" | "from" | "rounds" | "minutes" | "topics"} Place
 * @typedef {{place: Place, wrong: string}} Wrong `wrong` is the end of `moderator.rooms.wrong.…`
 */

/** As many rooms, rounds and minutes as a plan may have. */
export const MOST = { rooms: 200, size: 5_000, rounds: 12, minutes: 480 };
/** Ways in which nobody is given a seat by a planner. @type {readonly Assign[]} */
const BY_HAND = ["chosen", "manual"];
export const WAYS = /** @type {readonly Assign[]} */ (["mixed", "same", "random", "chosen", "manual", "again"]);

/**
 * How many rooms `people` make, and how large they are. A planner leaves nobody alone in a room.
 * @param {number} people
 * @param {{rooms?: number, size?: number, byHand?: boolean}} wanted one of `rooms` and `size`
 * @returns {{rooms: number, small: number, large: number}} sizes differ by one at most
 */
export function split(people, { rooms, size, byHand = false }) {
  const asked = rooms ?? Math.max(1, Math.ceil(people / (size ?? 1)));
  const count = byHand && rooms !== undefined ? asked : Math.min(asked, Math.max(1, Math.floor(people / 2)));
  return { rooms: count, small: Math.floor(people / count), large: Math.ceil(people / count) };
}

/**
 * Which parts of the form a way of assigning has: with `again` all is as in the earlier plan.
 * @param {Pick<RoomsForm, "assign" | "rounds">} form
 * @returns {{again: boolean, byHand: boolean, rotates: boolean}} `rotates`: whether there is more than one round
 */
export function partsOf({ assign, rounds }) {
  const again = assign === "again";
  return { again, byHand: BY_HAND.includes(assign), rotates: !again && rounds.trim() !== "1" };
}

/**
 * What moves between rounds. Where nobody plans who sits where, that is the questions: people stay.
 * @param {RoomsForm} form
 * @returns {Rotate}
 */
export function moving(form) {
  const { byHand, rotates } = partsOf(form);
  return byHand ? (rotates ? "questions" : "people") : form.rotate;
}

/**
 * How many rooms a new plan has for so many people: four, unless these would be tiny or crowded.
 * @param {number} people
 */
export function usualRooms(people) {
  if (people === 0) return 4;
  if (people < 8) return Math.max(2, Math.floor(people / 2));
  return people <= 40 ? 4 : Math.min(MOST.rooms, Math.round(people / 8));
}

/** @returns {TopicForm} */
export function emptyTopic() {
  return { name: {}, task: {}, question: "", host: "" };
}

/**
 * @param {number} people who are here
 * @returns {RoomsForm}
 */
export function emptyPlan(people) {
  return {
    by: "rooms",
    rooms: String(usualRooms(people)),
    size: "6",
    assign: "mixed",
    places: "",
    from: "",
    rounds: "1",
    rotate: "people",
    minutes: "15",
    auto: false,
    name: {},
    topics: [],
  };
}

/** A whole number between the bounds, or null. @param {string} typed @param {number} least @param {number} most */
function whole(typed, least, most) {
  const n = Number(typed);
  return typed.trim() !== "" && Number.isInteger(n) && n >= least && n <= most ? n : null;
}

/**
 * How many rooms the form asks for, null where it does not say.
 * @param {RoomsForm} form
 * @param {number} people
 * @returns {{rooms: number, small: number, large: number} | null}
 */
export function outcome(form, people) {
  const n = form.by === "rooms" ? whole(form.rooms, 1, MOST.rooms) : whole(form.size, 2, MOST.size);
  if (n === null) return null;
  return split(people, { [form.by]: n, byHand: partsOf(form).byHand });
}

/**
 * The fields of `rooms.plan`, or all that is wrong with the form in its order.
 * @param {RoomsForm} form
 * @param {number} people who are here
 * @returns {{fields: Record<string, unknown>} | {wrongs: Wrong[]}}
 */
export function planFields(form, people) {
  /** @type {Wrong[]} */
  const wrongs = [];
  const wrong = (/** @type {Place} */ place, /** @type {string} */ why = place) => wrongs.push({ place, wrong: why });
  const parts = partsOf(form);
  const made = outcome(form, people);
  if (!parts.again && !made) wrong(form.by);
  const places = form.places.trim() === "" ? undefined : whole(form.places, 1, MOST.size);
  if (form.assign === "chosen" && places === null) wrong("places");
  if (parts.again && form.from === "") wrong("from");
  const rounds = whole(form.rounds, 1, MOST.rounds);
  if (!parts.again && rounds === null) wrong("rounds");
  const minutes = form.minutes.trim() === "" ? 0 : Number(form.minutes);
  if (!(minutes >= 0 && minutes <= MOST.minutes)) wrong("minutes");
  else if (form.auto && minutes === 0) wrong("minutes", "minutes.auto");
  const topics = parts.again ? [] : form.topics.slice(0, asked(form, people) ?? 0);
  const hosts = topics.map(({ host }) => host).filter(Boolean);
  if (new Set(hosts).size < hosts.length) wrong("topics", "host");
  if (wrongs.length) return { wrongs };
  const given = topics.map(topicFields);
  while (given.length && Object.keys(given.at(-1) ?? {}).length === 0) given.pop();
  return {
    fields: {
      assign: form.assign,
      ...(parts.again && { from: form.from }),
      // Where rooms have topics, their number is the one that stood there, whoever comes in meanwhile.
      ...(!parts.again &&
        (form.by === "size" && !given.length ? { size: Number(form.size) } : { rooms: asked(form, people) })),
      ...(!parts.again && { rotate: moving(form), rounds }),
      ...(form.assign === "chosen" && places !== undefined && { places }),
      ...(Object.keys(form.name).length && { name: form.name }),
      seconds: Math.round(minutes * 60),
      auto: form.auto,
      ...(given.length && { topics: given }),
    },
  };
}

/**
 * How many topics the form holds: as many as rooms were asked for.
 * @param {RoomsForm} form
 * @param {number} [people]
 */
export function asked(form, people = 0) {
  return form.by === "rooms" ? whole(form.rooms, 1, MOST.rooms) : (outcome(form, people)?.rooms ?? null);
}

/** @param {TopicForm} topic */
function topicFields({ name, task, question, host }) {
  return {
    ...(Object.keys(name).length && { name }),
    ...(Object.keys(task).length && { task }),
    ...(question && { question }),
    ...(host && { host }),
  };
}

/**
 * The form with one guiding question of a segment for each room, and as many rooms as there are questions. Names, tasks and
 * hosts that were given stay with their rooms.
 * @param {RoomsForm} form
 * @param {Agenda} agenda
 * @param {string} segment
 * @returns {RoomsForm}
 */
export function withQuestions(form, agenda, segment) {
  const order = agenda.segments[segment]?.order ?? [];
  const topics = order.map((question, index) => ({ ...(form.topics[index] ?? emptyTopic()), question }));
  return { ...form, by: "rooms", rooms: String(order.length), topics };
}

/**
 * The segment that the session is in, or its first.
 * @param {Agenda} agenda
 * @returns {string | null}
 */
export function segmentNow(agenda) {
  const now = agenda.order.find((id) => agenda.segments[id]?.questions[agenda.current ?? ""]);
  return now ?? agenda.order[0] ?? null;
}

/**
 * What a kept draft says, where it still makes a form.
 * @param {RoomsForm} form
 * @param {unknown} kept
 * @returns {RoomsForm}
 */
export function restored(form, kept) {
  if (typeof kept !== "object" || kept === null) return form;
  const { topics, ...rest } = /** @type {Partial<RoomsForm>} */ (kept);
  return {
    ...form,
    ...rest,
    topics: Array.isArray(topics) ? topics.map((topic) => ({ ...emptyTopic(), ...topic })) : [],
  };
}
