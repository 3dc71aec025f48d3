/** The guiding question with its clock. */

import { assign, h, setText } from "../../lib/dom.js";
import { guidingQuestions } from "../../lib/record.js";
import { pick, show, t } from "../../lib/texts.js";
import { currentQuestion, questionClock } from "./parts.js";
import { sizeOf } from "./scene.js";

/** @returns {import("./parts.js").ScenePart} */
export function questionScene() {
  const place = h("span");
  const segment = h("span", { dir: "auto" });
  const text = h("h1", { class: "scene-text" });
  const clock = questionClock();
  const el = h("section", { class: "scene scene-question" }, h("p", { class: "scene-label" }, place, " ", segment), text, clock.el);
  return {
    el,
    update(view) {
      const { agenda } = view.stage;
      const question = currentQuestion(view.stage);
      if (!question) return;
      setText(place, t("screen.question", { n: question.number, count: guidingQuestions(agenda).length }));
      show(segment, agenda.segments[question.segment]?.title);
      show(text, question.text);
      assign(el, { "data-size": sizeOf(pick(question.text)) });
      clock.update(view);
    },
  };
}
