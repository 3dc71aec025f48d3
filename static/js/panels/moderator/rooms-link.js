/**
 * The video link of the rooms: one address with the place of the room in it.
 */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { field } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

const MAX = 500;

/** @param {Tools} tools */
export function mountLink(tools) {
  const input = h("input", {
    type: "url",
    class: "input link-input",
    dir: "ltr",
    maxlength: MAX,
    autocomplete: "off",
    spellcheck: "false",
  });
  input.placeholder = "https://meet.example/{session}-{room}";
  const save = h("button", { type: "submit", class: "button small" }, t("moderator.save"));
  const wrong = h("p", { class: "error", role: "alert", hidden: true });
  const form = h(
    "form",
    { class: "stack tight", "data-place": "", novalidate: true },
    field(t("moderator.rooms.link.label"), input, t("moderator.rooms.link.hint")),
    wrong,
    h("div", { class: "actions" }, save),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  const el = h("details", { class: "rooms-more" }, h("summary", null, t("moderator.rooms.link.title")), form);
  const former = () => tools.desk.settings?.link ?? "";
  /** Whether what stands there was typed and not saved: it does not change under the hand. */
  let typed = false;
  input.addEventListener("input", () => {
    typed = true;
    wrong.hidden = true;
    input.removeAttribute("aria-invalid");
  });

  async function submit() {
    const link = input.value.trim();
    const missing = link !== "" && !link.includes("{room}");
    wrong.hidden = !missing;
    if (missing) {
      wrong.textContent = t("moderator.rooms.link.room");
      input.setAttribute("aria-invalid", "true");
      return input.focus();
    }
    const said = t(link ? "moderator.rooms.link.set" : "moderator.rooms.link.none");
    const done = await tools.act(
      save,
      "session.settings",
      { link },
      { said, undo: [["session.settings", { link: former() }]] },
    );
    if (done) typed = false;
    draw();
  }

  function draw() {
    el.hidden = tools.stage.session.state === "ended";
    if (!typed && input.value !== former()) input.value = former();
  }
  tools.store.watch(["stage", "desk"], draw);
  return el;
}
