/**
 * One announcement for everybody: written here, shown at once, taken down by hand or by its own time.
 */
import { byId, h, setText } from "../../lib/dom.js";
import { show, t } from "../../lib/texts.js";
import { textField } from "./kit/text-field.js";
import { button, field, select } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("../../live/types.js").Text} Text */

const DRAFT = "announcement";
const MINUTES = [0, 1, 5, 15];

/**
 * @param {HTMLElement} el
 * @param {Tools} tools
 */
export function mountAnnouncement(el, tools) {
  const words = h("p", { class: "announcement-words" });
  const until = h("p", { class: "hint" });
  const take = button(t("moderator.announce.clear"), () => void takeDown(tools, take), { class: "small" });
  const shown = h(
    "div",
    { class: "card on-air stack tight", "data-place": "" },
    words,
    until,
    h("div", { class: "actions" }, take),
  );

  const text = textField({
    label: t("moderator.announce.text"),
    languages: tools.languages,
    long: true,
    oninput: keep,
  });
  const options = MINUTES.map(
    (n) =>
      /** @type {const} */ ([String(n), n ? t("moderator.announce.minutes", { n }) : t("moderator.announce.no_end")]),
  );
  const time = select(options, "0");
  time.addEventListener("change", keep);
  const send = h("button", { type: "submit", class: "button primary" }, t("moderator.announce.send"));
  const form = h(
    "form",
    { class: "stack tight", "data-place": "", novalidate: true },
    text.el,
    h("div", { class: "row apart" }, field(t("moderator.announce.until"), time), send),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void announce();
  });
  el.replaceChildren(shown, form);

  const draft = /** @type {{text?: Text, time?: string} | null} */ (tools.drafts.read(DRAFT));
  if (draft?.text) text.set(draft.text);
  if (draft?.time) time.value = draft.time;

  function keep() {
    tools.drafts.write(DRAFT, { text: text.value(), time: time.value });
  }

  async function announce() {
    if (!text.check()) return;
    const value = text.value();
    const seconds = Number(time.value) * 60;
    const done = await tools.act(
      send,
      "announce",
      { text: value, ...(seconds && { seconds }) },
      {
        said: t("moderator.announce.sent"),
        undo: [["announce.clear"]],
      },
    );
    if (!done) return;
    text.set({});
    tools.drafts.drop(DRAFT);
  }

  function draw() {
    const { announcement: last, session } = tools.stage;
    // Where its time is over, nobody sees it any more.
    const announcement = last && (last.until == null || last.until > tools.store.now()) ? last : null;
    form.hidden = session.state === "ended";
    byId("announcement-title").hidden = form.hidden && !announcement;
    shown.hidden = !announcement;
    if (!announcement) return;
    show(words, announcement.text);
    const end = announcement.until;
    setText(
      until,
      end == null
        ? t("moderator.announce.stays")
        : t("moderator.announce.ends", { time: tools.timeOf(end) }),
    );
  }
  tools.store.watch(["stage"], draw);
  tools.onTick(draw);
  tools.shortcut("m", t("moderator.keys.announce"), () => text.focus());
}

/** @param {Tools} tools @param {HTMLElement} control */
function takeDown(tools, control) {
  const { announcement } = tools.stage;
  if (!announcement) return;
  const left =
    announcement.until == null ? 0 : Math.max(1, Math.round((announcement.until - tools.store.now()) / 1000));
  return tools.act(
    control,
    "announce.clear",
    {},
    {
      said: t("moderator.announce.cleared"),
      undo: [["announce", { text: announcement.text, ...(left && { seconds: left }) }]],
    },
  );
}
