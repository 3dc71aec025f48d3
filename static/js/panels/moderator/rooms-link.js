/**
 * The video link of the rooms: one address with the place of the room in it.
 */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { noteOf, sayWrongs } from "./rooms-form-parts.js";
import { wrongsOf } from "./kit/rooms-refusals.js";
import { field } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/** As long as the address may be, characters. */
const MAX = 500;

/** @param {Tools} tools */
export function mountLink(tools) {
  const input = h("input", {
    type: "url",
    class: "input link-input",
    dir: "ltr",
    autocomplete: "off",
    spellcheck: "false",
  });
  input.placeholder = "https://meet.example/{session}-{room}";
  const save = h("button", { type: "submit", class: "button small" }, t("moderator.save"));
  const place = field(t("moderator.rooms.link.label"), input, t("moderator.rooms.link.hint"));
  const wrong = noteOf(input);
  place.append(wrong.note);
  const form = h(
    "form",
    { class: "stack tight", "data-place": "", novalidate: true },
    place,
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
    wrong.say("");
  });

  async function submit() {
    const link = input.value.trim();
    const why = [...link].length > MAX ? "link.long" : link !== "" && !link.includes("{room}") ? "link.room" : "";
    if (why) return void sayWrongs({ link: wrong }, [{ place: "link", wrong: why }]);
    const done = await tools.act(
      save,
      "session.settings",
      { link },
      {
        said: t(link ? "moderator.rooms.link.set" : "moderator.rooms.link.none"),
        undo: [["session.settings", { link: former() }]],
        refused: (refusal) => sayWrongs({ link: wrong }, wrongsOf("session.settings", refusal)),
      },
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
