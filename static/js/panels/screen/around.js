/** Before, between and after: the hall gathers, or the session is over. The way to join stands beside it in the page. */

import { assign, h, setText } from "../../lib/dom.js";
import { locale, pick, show, t } from "../../lib/texts.js";
import { formatDay } from "../../lib/time.js";
import { sizeOf } from "./scene.js";

/** @returns {import("./parts.js").ScenePart} */
export function gatherScene() {
  const label = h("p", { class: "scene-label" });
  const title = h("h1", { class: "scene-text" });
  const when = h("p", { class: "scene-after" });
  const el = h("section", { class: "scene scene-gather" }, label, title, when);
  return {
    el,
    update({ stage }) {
      const { session } = stage;
      const lobby = session.state === "lobby";
      setText(label, t(lobby ? "screen.gather" : "screen.between"));
      show(title, session.title);
      assign(el, { "data-size": sizeOf(pick(session.title)) });
      when.hidden = !lobby || !session.starts;
      if (session.starts) setText(when, formatDay(session.starts, session.timezone, locale()));
    },
  };
}

/** @returns {import("./parts.js").ScenePart} */
export function endedScene() {
  const title = h("p", { class: "scene-label" });
  const el = h("section", { class: "scene scene-ended", "data-size": "s" },
    title, h("h1", { class: "scene-text" }, t("screen.ended")), h("p", { class: "scene-after" }, t("screen.ended_after")));
  return { el, update: ({ stage }) => show(title, stage.session.title) };
}
