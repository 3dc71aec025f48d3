/** A participant's page: takes over what the server rendered, and keeps it live. */

import { byId } from "../lib/dom.js";
import { loadTexts, readTexts } from "../lib/texts.js";
import { openSession, readBoot } from "../live/session.js";
import { mountAgenda } from "../panels/agenda.js";
import { mountAloud } from "../panels/aloud.js";
import { mountAnnouncement } from "../panels/announcement.js";
import { mountAsk } from "../panels/ask.js";
import { mountBallot } from "../panels/ballot.js";
import { mountConnection } from "../panels/connection.js";
import { mountFloor } from "../panels/floor.js";
import { mountHand } from "../panels/hand.js";
import { mountJump } from "../panels/jump.js";
import { mountLanguage } from "../panels/language.js";
import { mountNow } from "../panels/now.js";
import { mountQuestions } from "../panels/questions.js";
import { mountQueue } from "../panels/queue.js";
import { mountReactions } from "../panels/reactions.js";
import { mountRooms } from "../panels/rooms.js";
import { results } from "../panels/results.js";
import { mountStanding } from "../panels/standing.js";

const boot = readBoot();
await loadTexts(document.documentElement.lang);
readTexts(boot.language, boot.docs.stage?.session.languages ?? []);

const session = openSession(boot, { as: "participant" });
const root = byId("participant");

mountConnection(session);
mountStanding(root, session);
mountAnnouncement(byId("announcement"), session);
mountFloor(byId("floor"), session);
mountBallot({ open: byId("polls-open"), now: byId("polls-now"), past: byId("polls-past") }, session, results);
mountNow(root, session);
mountReactions(byId("reactions"), session);
mountQuestions(byId("questions"), session);
mountQueue(byId("queue"), session);
mountAgenda(byId("agenda"), session);
mountHand(session);
mountJump(byId("jump"), byId("polls-open"), session);
mountAsk(session);
mountLanguage(session);
mountAloud(session);
mountRooms(root, session, () => import("./participant-rooms.js"));
