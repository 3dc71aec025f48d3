/** What is on stage while one writes: the guiding question with its clock, and who has the floor. */

import { assign, one, setText } from "../../lib/dom.js";
import { guidingQuestions } from "../../lib/record.js";
import { pick, show, t } from "../../lib/texts.js";
import { clockLeft, formatSpent, formatUnsigned } from "../../lib/time.js";

/** @import { Session } from "../../live/session.js" */

/**
 * @param {{number: HTMLElement, text: HTMLElement, clock: HTMLElement, speaker: HTMLElement, spoken: HTMLElement}} parts
 * @param {Session} session
 */
export function mountNow(parts, session) {
  function draw() {
    const { stage } = session.store.docs;
    if (!stage) return;
    const { state } = stage.session;
    const question = guidingQuestions(stage.agenda).find(({ id }) => id === stage.agenda.current);
    if (question && state !== "ended") {
      setText(parts.number, t("rapporteur.now.question", { n: question.number }));
      show(parts.text, question.text);
    } else {
      setText(parts.number, "");
      setText(parts.text, t(`rapporteur.now.${state}`));
    }
    const { current } = stage.speakers;
    const group = current?.group ? pick(stage.session.groups[current.group]) : "";
    const name = current?.name ?? t("rapporteur.nameless");
    setText(parts.speaker, current ? t("rapporteur.now.speaking", { name: group ? t("rapporteur.person_of_group", { name, group }) : name })
      : t("rapporteur.now.nobody"));
    tick();
  }

  function tick() {
    const { stage } = session.store.docs;
    if (!stage) return;
    const now = session.store.now();
    const left = stage.session.state === "ended" ? null : clockLeft(stage.agenda.clock, now);
    const paused = stage.agenda.clock.state === "paused";
    parts.clock.hidden = left === null;
    if (left !== null) {
      setText(one("[dir=ltr]", parts.clock), formatUnsigned(left));
      setText(one(".now-word", parts.clock), left < 0 ? t("rapporteur.now.over") : paused ? t("rapporteur.now.paused") : "");
      assign(parts.clock, { "data-state": left < 0 ? "over" : paused ? "paused" : left <= 60_000 ? "soon" : "running" });
    }
    const { current } = stage.speakers;
    parts.spoken.hidden = !current;
    if (current) setText(parts.spoken, formatSpent(now - current.since));
  }

  session.store.watch(["stage"], draw);
  setInterval(tick, 500);
}
