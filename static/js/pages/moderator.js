/** The moderator's page: three columns over one session. */
import { byId, clear, h, one, setText } from "../lib/dom.js";
import { loadTexts, pick, readTexts, t } from "../lib/texts.js";
import { openSession, readBoot } from "../live/session.js";
import { mountConnection } from "../panels/connection.js";
import { mountAgenda } from "../panels/moderator/agenda.js";
import { mountAnnouncement } from "../panels/moderator/announcement.js";
import { mountColumns } from "../panels/moderator/columns.js";
import { mountHands } from "../panels/moderator/hands.js";
import { mountKeys } from "../panels/moderator/keys.js";
import { Snackbar } from "../panels/moderator/kit/snackbar.js";
import { Steady } from "../panels/moderator/kit/steady.js";
import { Tools } from "../panels/moderator/kit/tools.js";
import { mountLinks } from "../panels/moderator/links.js";
import { mountPeople } from "../panels/moderator/people.js";
import { mountPolls } from "../panels/moderator/polls.js";
import { mountQuestions } from "../panels/moderator/questions.js";
import { mountQuickPoll } from "../panels/moderator/quick-poll.js";
import { mountRooms } from "../panels/moderator/rooms.js";
import { mountRun } from "../panels/moderator/run.js";
import { mountStage } from "../panels/moderator/stage.js";

/** The pulse of the clocks, ms: often enough that no second is skipped. */
const PULSE = 250;

const boot = readBoot();
await loadTexts(document.documentElement.lang);
readTexts(boot.language, boot.docs.stage?.session.languages ?? []);
const session = openSession(boot, { as: "moderator" });
const tools = new Tools(
  session,
  new Snackbar(document.body),
  tabStorage(),
  (byId("columns").dataset.languages ?? "").split(" "),
);

mountConnection(session);
mountStopped();
mountTitle();
const stage = new Steady(byId("stage"));
const people = new Steady(byId("people"));
mountRun(byId("run-now"), tools);
mountAgenda(byId("agenda"), tools);
mountStage(byId("stage-now"), tools);
const start = { row: byId("poll-starters"), place: byId("poll-place") };
mountQuickPoll(start.row, start.place, tools);
mountPolls(byId("polls"), start, tools, stage);
mountRooms(byId("rooms"), byId("board"), tools);
mountAnnouncement(byId("announcement"), tools);
mountHands(byId("hands"), tools, people);
mountQuestions(byId("questions"), tools, people);
mountPeople(byId("here"), tools, people);
mountColumns(tools);
mountLinks(byId("open-links"), one("#open-screen"), tools);
mountKeys(byId("open-keys"), tools);
setInterval(() => tools.tick(), PULSE);

/** The line that says why nothing can be sent any more, and where to go; reading stays possible. */
function mountStopped() {
  const line = byId("stopped");
  const draw = () => {
    const why = session.stop?.why ?? (session.store.docs.desk ? null : "demoted");
    line.hidden = why === null;
    byId("columns").inert = why !== null;
    if (why === null) return;
    const way = why === "demoted" && h("a", { href: `/s/${boot.session}` }, t("moderator.stopped.demoted.way"));
    clear(line, t(`moderator.stopped.${why}`), " ", way);
  };
  session.onStatus(draw);
  session.store.on("desk", (now, before) => (now && before) || draw());
}

/** What stands in the page's head and in the browser's tab. */
function mountTitle() {
  tools.store.watch(["stage"], () => {
    const { session: about, presence } = tools.stage;
    const title = pick(about.title);
    setText(one(".top-title"), title);
    setText(byId("online"), t("moderator.online", { n: presence.online }));
    document.title = `${title} · ${t("moderator.title")}`;
  });
}

/** @returns {Storage | null} */
function tabStorage() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
