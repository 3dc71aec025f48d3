/**
 * The documents and frames of `baraza.v1`, as docs/protocol.md gives them.
 *
 * A merge patch cannot set a member to null, it removes it: a reader takes null and a missing member for the same. Hence
 * `?: T | null` everywhere; compare with `== null` or use `??` and `?.`.
 */

export type Text = Record<string, string>;
export type Role = "participant" | "moderator" | "rapporteur" | "screen";

export interface SessionInfo {
  id: string;
  title: Text;
  state: "lobby" | "live" | "ended";
  starts?: number | null;
  timezone: string;
  languages: string[];
  groups: Record<string, Text>;
  group_order: string[];
  code: string;
}

export interface GuidingQuestion {
  text: Text;
  seconds: number;
}

export interface Segment {
  title: Text;
  order: string[];
  questions: Record<string, GuidingQuestion>;
}

export interface Clock {
  state: "idle" | "running" | "paused";
  ends?: number | null;
  left?: number | null;
  total: number;
}

export interface Agenda {
  order: string[];
  segments: Record<string, Segment>;
  current?: string | null;
  auto: boolean;
  clock: Clock;
}

export type HandKind = "speak" | "reply" | "order";
/** Why a hand has its place. */
export type Why = "arrival" | "first_time" | "moved" | "returned";

export interface Hand {
  name: string;
  group?: string | null;
  kind: HandKind;
  why: Why;
  first: boolean;
}

export interface Speakers {
  open: boolean;
  policy: "arrival" | "first_time";
  limit: number;
  current?: { person: string; name: string; group?: string | null; kind: HandKind; since: number } | null;
  /** The head of the queue; `hands` holds just those. */
  waiting: string[];
  hands: Record<string, Hand>;
  /** How many wait behind the head. */
  more: number;
  last?: { person: string; name: string } | null;
}

export interface StageQuestion {
  text: Text;
  person?: string | null;
  name?: string | null;
  group?: string | null;
  votes: number;
  state: "live" | "answered";
  answer?: Text | null;
  at: number;
}

export interface Results {
  counts: Record<string, number>;
  ballots: number;
  mean?: number | null;
  median?: number | null;
  /** Of a poll that was open in all rooms side by side, once it is published. */
  rooms?: Record<string, RoomResults>;
}

export interface RoomResults {
  number: number;
  name?: Text | null;
  counts: Record<string, number>;
  ballots: number;
}

export interface Poll {
  kind: "single" | "multiple" | "scale";
  prompt: Text;
  order: string[];
  options: Record<string, Text>;
  min: number;
  max: number;
  low?: Text | null;
  high?: Text | null;
  state: "draft" | "open" | "closed" | "published";
  turnout: number;
  question?: string | null;
  opened: number;
  run: number;
  results?: Results;
  visibility?: "published" | "live";
  /** On the desk: `hall`, `rooms` or a room. */
  where?: string;
}

export type ReactionKind = "agree" | "clap" | "heart" | "idea" | "slow";

export type NoteKind = "works" | "fails" | "lesson" | "recommendation" | "quote" | "open";
export type Assign = "mixed" | "same" | "random" | "chosen" | "manual" | "again";
export type Rotate = "people" | "questions";

/** A room as everybody sees it from outside. */
export interface OpenRoom {
  number: number;
  name?: Text | null;
  task?: Text | null;
  question?: string | null;
  people: number;
  places?: number | null;
  closed: boolean;
}

/** There while people are in breakout rooms. */
export interface OpenRooms {
  plan: string;
  name?: Text | null;
  assign: Assign;
  rotate: Rotate;
  round: number;
  rounds: number;
  clock: Clock;
  closing?: number | null;
  order: string[];
  rooms: Record<string, OpenRoom>;
}

/** The notes of one room that were put on the screen. */
export interface ShownNotes {
  plan: string;
  room: string;
  number: number;
  name?: Text | null;
  round?: number | null;
  notes: Record<string, { kind: NoteKind; text: Text; round: number; at: number }>;
}

export interface Help {
  since: number;
  person: string;
  name: string;
  coming?: { person: string; name: string } | null;
}

export interface Stage {
  session: SessionInfo;
  agenda: Agenda;
  speakers: Speakers;
  questions: { open: boolean; moderated: boolean; pinned?: string | null; items: Record<string, StageQuestion> };
  polls: Record<string, Poll>;
  rooms: { open?: OpenRooms | null; shown?: ShownNotes | null };
  announcement?: { text: Text; at: number; until?: number | null } | null;
  presence: { online: number; groups: Record<string, number> };
  reactions: Record<ReactionKind, number>;
}

export interface Person {
  name: string;
  group?: string | null;
  role: Role;
  language: string;
  joined: number;
  link: boolean;
  removed: boolean;
  /** Connected now, or within the last minute. */
  here: boolean;
  spoken: number;
  turns: number;
}

export interface DeskQuestion {
  text: Text;
  original?: Text | null;
  person?: string | null;
  name?: string | null;
  group?: string | null;
  state: "pending" | "declined";
  reason?: Text | null;
  at: number;
}

export interface PlannedRoom {
  number: number;
  name?: Text | null;
  task?: Text | null;
  question?: string | null;
  host?: string | null;
  closed: boolean;
  /** When this room closes, while its own countdown runs. */
  closing?: number | null;
  notes: number;
  last?: number | null;
  help?: Help | null;
}

/** What a plan is worth, in numbers of people and of pairs. */
export interface PlanQuality {
  smallest: number;
  largest: number;
  repeats: number;
  again: number;
  most: number;
  bound?: number | null;
  mix: number;
}

export interface RoomPlan {
  name?: Text | null;
  state: "planning" | "ready" | "open" | "closing" | "closed";
  assign: Assign;
  rotate: Rotate;
  auto: boolean;
  seconds: number;
  /** Those of a room, where people choose. */
  places?: number | null;
  /** 0 until it has been opened. */
  round: number;
  rounds: number;
  made: number;
  clock: Clock;
  closing?: number | null;
  order: string[];
  rooms: Record<string, PlannedRoom>;
  /** Round (`"1"` first) -> room -> people. */
  seats: Record<string, Record<string, string[]>>;
  away: Record<string, true>;
  messages: Record<string, { text: Text; room?: string | null; round: number; at: number }>;
  quality?: PlanQuality | null;
}

/** Of two hands the one with the smaller `rank` comes first. */
export interface DeskHand {
  reason?: Text | null;
  kind: HandKind;
  at: number;
  why: Why;
  rank: number;
}

export interface Desk {
  people: Record<string, Person>;
  hands: Record<string, DeskHand>;
  questions: Record<string, DeskQuestion>;
  polls: Record<string, Poll>;
  rooms: Record<string, RoomPlan>;
  settings: { link?: string | null };
}

/** Where a note came from that was lifted out of a room. */
export interface Origin {
  note: string;
  plan: string;
  room: string;
  number: number;
  name?: Text | null;
  round: number;
}

export interface Note {
  kind: NoteKind;
  text: Text;
  person: string;
  name: string;
  question?: string | null;
  about?: string | null;
  at: number;
  seq: number;
  edited: boolean;
  origin?: Origin | null;
}

/** A note of a room as the record keeps it. */
export interface KeptNote {
  kind: NoteKind;
  text: Text;
  person: string;
  name: string;
  group?: string | null;
  room: string;
  round: number;
  question?: string | null;
  at: number;
  seq: number;
  edited: boolean;
  /** The note of the session that it became. */
  lifted?: string | null;
}

/** The rooms of a plan as the record keeps them, also after the plan was dropped. */
export interface KeptRooms {
  name?: Text | null;
  made: number;
  dropped: boolean;
  rotate: Rotate;
  round: number;
  rounds: number;
  order: string[];
  /** `questions`: one for each round, in their order. */
  rooms: Record<string, { number: number; name?: Text | null; questions: (string | null)[] }>;
  notes: Record<string, KeptNote>;
  handovers: Record<string, { room: string; round: number; text: Text; name: string; at: number }>;
}

export interface FeedLine {
  at: number;
  seq: number;
  what: string;
  question?: string | null;
  [more: string]: unknown;
}

export interface SpeakingTime {
  ms: number;
  turns: number;
}

export interface Minutes {
  notes: Record<string, Note>;
  rooms: Record<string, KeptRooms>;
  feed: Record<string, FeedLine>;
  speaking: {
    people: Record<string, SpeakingTime & { name: string; group?: string | null }>;
    groups: Record<string, SpeakingTime>;
  };
}

export interface RoomNote {
  kind: NoteKind;
  text: Text;
  person: string;
  name: string;
  group?: string | null;
  round: number;
  at: number;
  edited: boolean;
}

/** What another group left: `from` is the name of the room in which it was written, `number` its number. */
export interface Left {
  room: string;
  number: number;
  from?: Text | null;
}

/** `room/<id>`: what the people of a room have, and nobody else. */
export interface Room {
  room: {
    id: string;
    plan: string;
    number: number;
    name?: Text | null;
    task?: Text | null;
    question?: string | null;
    host?: string | null;
    round: number;
    rounds: number;
    rotate: Rotate;
    assign: Assign;
    link?: string | null;
  };
  clock: Clock & { closing?: number | null };
  people: Record<string, { name: string; group?: string | null; host: boolean }>;
  notes: Record<string, RoomNote>;
  earlier: {
    notes: Record<string, RoomNote & Left>;
    handovers: Record<string, Left & { round: number; text: Text; name: string; at: number }>;
  };
  handover?: { text: Text; name: string; at: number } | null;
  messages: Record<string, { text: Text; round: number; at: number }>;
  help?: Help | null;
  polls: Record<string, Poll>;
}

/** The name of the document of a room. */
export type RoomDoc = `room/${string}`;

export interface AskedQuestion {
  text: Text;
  anonymous: boolean;
  state: "pending" | "live" | "answered" | "declined" | "withdrawn" | "merged";
  reason?: Text | null;
  into?: string | null;
  at: number;
}

export type Answer = (string | number)[];

export interface Me {
  person: string;
  name: string;
  group?: string | null;
  role: Role;
  language: string;
  hand?: { kind: HandKind; reason?: Text | null; at: number; why: Why } | null;
  /** Where one is; none in the plenary. */
  room?: string | null;
  /** The room one belongs to now, also while one is in the plenary for oneself. */
  seat?: string | null;
  ballots: Record<string, Answer>;
  voted: Record<string, true>;
  asked: Record<string, AskedQuestion>;
}

/** Which documents there are depends on the role; what a person may not see is absent. */
export interface Docs {
  stage: Stage;
  me: Me;
  desk: Desk;
  record: Minutes;
  [room: RoomDoc]: Room | undefined;
}

/** What can be listened to: each document, and the room that one is in, whichever it is. */
export type Seen = Docs & { room: Room };

export interface Command {
  id: string;
  do: string;
  [field: string]: unknown;
}

export interface Outcome {
  done: string;
  seq: number;
  made?: string;
}

export interface Refusal {
  code: string;
  message: string;
  fields?: Record<string, unknown>;
}

export interface Welcome {
  person: string;
  role: Role;
  at: string;
  seq: number;
  now: number;
  resumed: boolean;
  docs: Partial<Docs>;
}

/** Any frame from the server; which fields it has says what it is. */
export interface Frame {
  welcome?: Welcome;
  doc?: string;
  patch?: unknown;
  full?: unknown;
  gone?: true;
  at?: string;
  seq?: number;
  now?: number;
  done?: string;
  made?: string;
  refused?: string;
  code?: string;
  message?: string;
  fields?: Record<string, unknown>;
  pong?: number;
}

export interface Boot {
  session: string;
  role: Role;
  person: string;
  at: string;
  seq: number;
  now: number;
  language: string;
  code: string;
  join_url: string;
  docs: Partial<Docs>;
}

/** `connecting` before the first answer, `reconnecting` after a loss, `offline` where the device itself has no network,
 *  `stopped` for good (see `Stop`). */
export type Status = "connecting" | "live" | "reconnecting" | "offline" | "stopped";

/** Why a connection is over: the close code and its name. */
export interface Stop {
  code: number;
  why: "unauthorised" | "removed" | "gone" | "protocol" | "replaced" | "left";
}
