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

export interface Hand {
  name: string;
  group?: string | null;
  kind: HandKind;
  why: "arrival" | "first_time" | "moved" | "returned";
  first: boolean;
}

export interface Speakers {
  open: boolean;
  policy: "arrival" | "first_time";
  limit: number;
  current?: { person: string; name: string; group?: string | null; kind: HandKind; since: number } | null;
  waiting: string[];
  hands: Record<string, Hand>;
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
}

export type ReactionKind = "agree" | "clap" | "heart" | "idea" | "slow";

export interface Stage {
  session: SessionInfo;
  agenda: Agenda;
  speakers: Speakers;
  questions: { open: boolean; moderated: boolean; pinned?: string | null; items: Record<string, StageQuestion> };
  polls: Record<string, Poll>;
  rooms: Record<string, never>;
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

export interface Desk {
  people: Record<string, Person>;
  hands: Record<string, { reason?: Text | null; kind: HandKind; at: number }>;
  questions: Record<string, DeskQuestion>;
  polls: Record<string, Poll>;
}

export type NoteKind = "works" | "fails" | "lesson" | "recommendation" | "quote" | "open";

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
  feed: Record<string, FeedLine>;
  speaking: {
    people: Record<string, SpeakingTime & { name: string; group?: string | null }>;
    groups: Record<string, SpeakingTime>;
  };
}

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
  hand?: { kind: HandKind; reason?: Text | null; at: number } | null;
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
}

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
