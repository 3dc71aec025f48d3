/**
 * Words to the people in all rooms, or in one.
 */
import { h } from "../../lib/dom.js";
import { roomName } from "../../lib/rooms.js";
import { t } from "../../lib/texts.js";
import { isOpen } from "./kit/rooms-model.js";
import { textField } from "./kit/text-field.js";
import { field, select } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("../../live/types.js").Text} Text */

/** The choice of all rooms. */
const ALL = "";

/**
 * @param {Tools} tools
 * @param {import("./rooms-desk.js").Chosen} chosen
 */
export function mountMessage(tools, chosen) {
  const draft = "rooms.message";
  const text = textField({
    label: t("moderator.rooms.message"),
    languages: tools.languages,
    long: true,
    oninput: keep,
  });
  const to = select([[ALL, t("moderator.rooms.message.all")]], ALL);
  const send = h("button", { type: "submit", class: "button primary small" }, t("moderator.rooms.message.send"));
  const form = h(
    "form",
    { class: "stack tight", "data-place": "", novalidate: true },
    text.el,
    h("div", { class: "row apart" }, field(t("moderator.rooms.message.to"), to), send),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  const el = h("details", { class: "rooms-more" }, h("summary", null, t("moderator.rooms.message.title")), form);
  const kept = /** @type {{text?: Text} | null} */ (tools.drafts.read(draft));
  if (kept?.text) text.set(kept.text);

  function keep() {
    tools.drafts.write(draft, { text: text.value() });
  }

  async function submit() {
    if (!text.check()) return;
    const fields = { text: text.value(), ...(to.value !== ALL && { room: to.value }) };
    const name = to.selectedOptions[0]?.textContent ?? "";
    if (!(await tools.act(send, "rooms.message", fields, { said: t("moderator.rooms.message.sent", { to: name }) })))
      return;
    text.set({});
    tools.drafts.drop(draft);
  }

  function draw() {
    const plan = chosen.plan();
    el.hidden = !plan || !isOpen(plan);
    if (!plan || el.hidden) return;
    const wanted = [ALL, ...plan.order];
    if (wanted.join() === [...to.options].map(({ value }) => value).join()) return;
    const before = to.value;
    to.replaceChildren(
      ...wanted.map((id) =>
        h("option", { value: id }, id === ALL ? t("moderator.rooms.message.all") : roomName(plan.rooms[id])),
      ),
    );
    to.value = wanted.includes(before) ? before : ALL;
  }
  return { el, draw };
}
