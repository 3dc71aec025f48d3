/**
 * Who has the floor, for how long, and who comes next.
 */
import { h, setText } from "../../lib/dom.js";
import { isolate } from "../../lib/isolate.js";
import { t } from "../../lib/texts.js";
import { formatClock, formatSpent } from "../../lib/time.js";
import { button, keepFocus } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("./kit/tools.js").Step} Step */

/** @param {Tools} tools */
export function mountFloor(tools) {
  const name = h("p", { class: "floor-name" });
  const facts = h("p", { class: "floor-facts" });
  const next = button(t("moderator.speaker.next"), () => void nextSpeaker(tools, next), { look: "primary", key: "h" });
  const finish = button(t("moderator.speaker.finish"), () => void finishSpeaker(tools, finish), { key: "f" });
  const back = button("", () => void tools.act(back, "speaker.return", {}, { said: t("moderator.speaker.returned") }), {
    look: "quiet",
    class: "small",
  });
  const el = h(
    "div",
    { class: "card stack tight floor", "data-place": "" },
    h("div", null, name, facts),
    h("div", { class: "actions floor-actions" }, back, finish, next),
  );

  function draw() {
    keepFocus(el, () => {
      const { speakers, session } = tools.stage;
      const { current, last, waiting } = speakers;
      el.classList.toggle("on-air", Boolean(current));
      el.hidden = session.state === "ended";
      setText(name, current ? current.name : t("moderator.speaker.none"));
      finish.hidden = !current;
      next.hidden = waiting.length === 0;
      setText(next, t(current ? "moderator.speaker.next" : "moderator.speaker.first"));
      back.hidden = !last || last.person in tools.desk.hands || last.person === current?.person;
      if (last) setText(back, t("moderator.speaker.return", { name: isolate(last.name) }));
    });
    tick();
  }

  /** The part that depends on the time alone. */
  function tick() {
    const { current, limit, waiting, hands } = tools.stage.speakers;
    const following = hands[waiting[0] ?? ""]?.name;
    const words = [];
    el.dataset.over = "false";
    if (current) {
      const spoken = tools.store.now() - current.since;
      words.push(
        tools.groupName(current.group),
        t("moderator.speaker.since", { time: formatSpent(spoken) }),
      );
      if (limit)
        words.push(
          spoken > limit * 1000
            ? t("moderator.speaker.over")
            : t("moderator.speaker.limit", { time: formatClock(limit * 1000) }),
        );
      el.dataset.over = String(Boolean(limit && spoken > limit * 1000));
    }
    if (following)
      words.push(t(current ? "moderator.speaker.following" : "moderator.speaker.waits", { name: isolate(following) }));
    setText(facts, words.join(" · "));
  }

  tools.press("h", t("moderator.keys.speaker"), () => next);
  tools.press("f", t("moderator.keys.finish"), () => finish);
  return { el, draw, tick };
}

/**
 * What gives the floor back to whoever has it now, after somebody else was called.
 * @param {Tools} tools
 * @returns {Step[]}
 */
export function giveBack(tools) {
  const person = tools.stage.speakers.current?.person;
  if (!person) return [["speaker.finish"], ["speaker.return"]];
  return [["speaker.return"], ["speaker.call", { person }], ["speaker.return"]];
}

/** @param {Tools} tools @param {HTMLElement} control */
function nextSpeaker(tools, control) {
  const { current, waiting, hands } = tools.stage.speakers;
  const name = hands[waiting[0] ?? ""]?.name ?? "";
  return tools.act(
    control,
    "speaker.next",
    { current: current?.person ?? null },
    { said: t("moderator.speaker.called", { name: isolate(name) }), undo: giveBack(tools) },
  );
}

/** @param {Tools} tools @param {HTMLElement} control */
function finishSpeaker(tools, control) {
  const { current } = tools.stage.speakers;
  /** @type {Step[]} */
  const undo = current ? [["speaker.call", { person: current.person }]] : [];
  return tools.act(
    control,
    "speaker.finish",
    {},
    { said: t("moderator.speaker.finished", { name: isolate(current?.name ?? "") }), undo },
  );
}
