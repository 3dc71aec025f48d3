/**
 * The rooms that asked for help: how long each has been waiting, and who is on the way.
 */
import { h, keyed, setText } from "../../lib/dom.js";
import { isolate } from "../../lib/isolate.js";
import { roomName } from "../../lib/rooms.js";
import { t } from "../../lib/texts.js";
import { formatSpent } from "../../lib/time.js";
import { openLook } from "./rooms-look.js";
import { helpQueue } from "./kit/rooms-watch.js";
import { button, keepFocus } from "./kit/ui.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {ReturnType<typeof helpQueue>[number]} Waiting */

/** @param {Tools} tools */
export function mountHelp(tools) {
  const list = h("ol", { class: "plain stack tight" });
  const title = h("h3", { class: "row" }, t("moderator.rooms.help.title"), " ", h("span", { class: "count" }));
  const el = h("section", { class: "card on-air stack tight rooms-help", hidden: true }, title, list);

  function draw() {
    const queue = helpQueue(tools.desk.rooms);
    el.hidden = queue.length === 0;
    setText(/** @type {HTMLElement} */ (title.lastElementChild), queue.length);
    keyed(
      list,
      queue,
      ({ room }) => room,
      ({ plan, room }) => createRow(tools, plan, room),
      (li, waiting) => keepFocus(li, () => rows.get(li)?.(waiting)),
    );
  }
  tools.store.watch(["desk"], draw);
  tools.onTick(draw);
  return {
    el,
    focus: () => {
      /** @type {HTMLElement | null} */ (list.querySelector("button:not([hidden])"))?.focus();
      list.firstElementChild?.scrollIntoView({ block: "nearest" });
    },
  };
}

/** @type {WeakMap<HTMLElement, (waiting: Waiting) => void>} */
const rows = new WeakMap();

/** @param {Tools} tools @param {string} plan @param {string} room */
function createRow(tools, plan, room) {
  const words = h("p", null, h("strong", null), h("span", { class: "muted small-text" }));
  const name = () => roomName(tools.desk.rooms?.[plan]?.rooms[room]);
  const coming = button(
    t("moderator.rooms.help.coming"),
    () =>
      void tools.act(
        coming,
        "room.coming",
        { room },
        { said: t("moderator.rooms.help.coming.done", { room: name() }) },
      ),
    { look: "primary", class: "small" },
  );
  const helped = button(
    t("moderator.rooms.help.helped"),
    () =>
      void tools.act(
        helped,
        "room.helped",
        { room },
        { said: t("moderator.rooms.help.helped.done", { room: name() }) },
      ),
    { class: "small" },
  );
  const look = button(t("moderator.rooms.look"), () => openLook(tools, plan, room), { look: "quiet", class: "small" });
  const li = h("li", { "data-place": "" }, words, h("div", { class: "row" }, coming, helped, look));
  rows.set(li, (waiting) => {
    const [first, second] = words.children;
    const time = formatSpent(tools.store.now() - waiting.since);
    const facts = [
      t("moderator.rooms.help.since", { time }),
      t("moderator.rooms.help.by", { name: isolate(waiting.name) }),
    ];
    if (waiting.coming !== null) facts.push(t("moderator.rooms.help.on_the_way", { name: isolate(waiting.coming) }));
    if (first) setText(first, name());
    if (second) setText(second, ` · ${facts.join(" · ")}`);
    coming.hidden = waiting.coming !== null;
    for (const control of [coming, helped, look])
      control.setAttribute("aria-label", `${control.textContent}: ${name()}`);
  });
  return li;
}
