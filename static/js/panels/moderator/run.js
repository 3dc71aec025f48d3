/**
 * What runs now: the state of the session, the guiding question on stage with its clock, the one main action, and what
 * will happen by itself.
 */
import { assign, h, setText } from "../../lib/dom.js";
import { lang, pick, show, t } from "../../lib/texts.js";
import { confirmDialog } from "../../lib/dialog.js";
import { guidingQuestions, mainAction, neighbour, rotation } from "./kit/agenda-model.js";
import { mountClock } from "./clock.js";
import { button, chip, toggle } from "./kit/ui.js";
import { elsewhere, zoneName } from "./kit/zone.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/**
 * @param {HTMLElement} el
 * @param {Tools} tools
 */
export function mountRun(el, tools) {
  const state = chip("");
  const place = h("span", { class: "muted" });
  const question = h("p", { class: "run-question" });
  const clock = mountClock(tools);
  const label = h("span", { class: "run-main-label" });
  const next = h("span", { class: "run-main-next" });
  const main = button([label, next], () => void doMain(tools, main), { look: "primary", class: "run-main" });
  const report = h("a", { class: "button primary run-main", href: `/s/${tools.stage.session.id}/report` });
  report.textContent = t("moderator.run.report");
  const back = button(t("moderator.run.back"), () => void goBack(tools, back), { look: "quiet", key: "b" });
  const close = button(t("moderator.run.close"), () => void closeSession(tools, close), { look: "quiet" });
  const auto = toggle(t("moderator.run.auto"), (on, input) => void setAuto(tools, on, input));
  const what = h("p", { class: "hint", id: "rotation-words" });
  auto.input.setAttribute("aria-describedby", what.id);
  const autoRow = h("div", { class: "run-auto", "data-place": "" }, auto.el, what);
  const zone = h("p", { class: "hint" });
  el.replaceChildren(
    h("p", { class: "run-state" }, state, place),
    question,
    clock.el,
    h("div", { class: "run-actions", "data-place": "" }, main, report, h("div", { class: "run-quiet" }, back, close)),
    autoRow,
    zone,
  );

  function draw() {
    const { session, agenda, presence } = tools.stage;
    const all = guidingQuestions(agenda);
    const at = all.findIndex(({ id }) => id === agenda.current);
    setText(state, t(`moderator.state.${session.state}`));
    state.className = session.state === "live" ? "chip live" : "chip";
    const current = session.state === "ended" ? undefined : all[at];
    const where = { segment: pick(current && agenda.segments[current.segment]?.title), n: at + 1, all: all.length };
    setText(place, current ? t("moderator.run.place", where) : "");
    if (current) show(question, current.text);
    else setText(question, t(`moderator.run.empty.${session.state}`));
    const { action, question: following } = mainAction(tools.stage);
    report.hidden = action !== "report";
    main.hidden = action === "report";
    setText(label, t(`moderator.run.main.${action}`));
    assign(main, { "aria-keyshortcuts": "n" });
    if (following) show(next, following.text);
    else
      setText(
        next,
        action === "open" && presence.online ? t("moderator.run.main.open.more", { n: presence.online }) : "",
      );
    back.hidden = session.state !== "live" || !neighbour(agenda, agenda.current, -1);
    close.hidden = session.state !== "live" || action === "close";
    autoRow.hidden = session.state === "ended";
    auto.input.checked = agenda.auto;
    const { key, at: when } = rotation(tools.stage);
    setText(what, t(`moderator.rotation.${key}`, { time: when === null ? "" : tools.timeOf(when) }));
    const now = tools.store.now();
    zone.hidden = session.state === "ended" || !elsewhere(now, session.timezone);
    setText(zone, t("moderator.zone", { zone: zoneName(now, session.timezone, lang()) }));
    clock.draw();
  }

  tools.store.watch(["stage"], draw);
  tools.onTick(clock.draw);
  tools.press("n", t("moderator.keys.next"), () => (main.hidden ? null : main));
  tools.press("b", t("moderator.keys.back"), () => back);
  tools.press("p", t("moderator.keys.pause"), clock.toggle);
}

/** @param {Tools} tools @param {HTMLElement} control */
async function doMain(tools, control) {
  const { action } = mainAction(tools.stage);
  if (action === "open") return tools.act(control, "session.open", {}, { said: t("moderator.run.opened") });
  if (action === "close") return closeSession(tools, control);
  const current = tools.stage.agenda.current ?? null;
  return tools.act(
    control,
    "agenda.next",
    { current },
    {
      said: t("moderator.run.moved"),
      undo: current === null ? [] : [["agenda.go", { question: current }]],
    },
  );
}

/** @param {Tools} tools @param {HTMLElement} control */
function goBack(tools, control) {
  const current = tools.stage.agenda.current ?? null;
  return tools.act(
    control,
    "agenda.back",
    { current },
    {
      said: t("moderator.run.moved_back"),
      undo: current === null ? [] : [["agenda.go", { question: current }]],
    },
  );
}

/** @param {Tools} tools @param {HTMLElement} control */
async function closeSession(tools, control) {
  const sure = await confirmDialog({
    title: t("moderator.close.title"),
    body: t("moderator.close.body", { n: tools.stage.presence.online }),
    confirm: t("moderator.close.confirm"),
    danger: true,
  });
  if (sure) await tools.act(control, "session.close", {}, { said: t("moderator.close.done") });
}

/** @param {Tools} tools @param {boolean} on @param {HTMLInputElement} input */
async function setAuto(tools, on, input) {
  const done = await tools.act(
    input,
    "agenda.auto",
    { on },
    {
      said: t(on ? "moderator.run.auto.on" : "moderator.run.auto.off"),
      undo: [["agenda.auto", { on: !on }]],
    },
  );
  if (!done) input.checked = tools.stage.agenda.auto;
}
