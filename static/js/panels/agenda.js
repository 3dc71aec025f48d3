/** The agenda, with where the session is. */

import { assign, h, keyed, one, setText } from "../lib/dom.js";
import { show, t } from "../lib/texts.js";

/** @import { Session } from "../live/session.js" */
/** @import { Agenda } from "../live/types.js" */

/** @param {HTMLElement} root @param {Session} session */
export function mountAgenda(root, session) {
  const { store } = session;
  store.watch(["stage"], () => {
    const { agenda, presence, session: info } = store.docs.stage ?? {};
    if (agenda) draw(one("#agenda-list", root), agenda, info?.state === "live" ? agenda.current : null);
    const n = presence?.online ?? 0;
    one("#presence", root).hidden = !n;
    setText(one("#presence", root), t("participant.presence", { n }));
  });
}

/** @param {HTMLElement} list @param {Agenda} agenda @param {string | null | undefined} current what is on stage now */
function draw(list, agenda, current) {
  keyed(list, agenda.order, (id) => id, createSegment, (el, id) => {
    const segment = agenda.segments[id];
    show(one(".agenda-title", el), segment?.title);
    keyed(one(".agenda-questions", el), segment?.order ?? [], (question) => question, createQuestion, (line, question) => {
      show(one(".agenda-text", line), segment?.questions[question]?.text);
      const now = question === current;
      assign(line, { "aria-current": now ? "step" : null });
      setText(one(".agenda-now", line), now ? t("participant.agenda.now") : "");
    });
  });
}

function createSegment() {
  return h("li", { class: "agenda-segment" }, h("h3", { class: "agenda-title" }), h("ol", { class: "plain agenda-questions" }));
}

function createQuestion() {
  return h("li", { class: "agenda-question" }, h("span", { class: "agenda-text" }), h("span", { class: "chip live agenda-now" }));
}
