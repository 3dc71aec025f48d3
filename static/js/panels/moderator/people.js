/**
 * Who is here: how many of each stakeholder group are online, and everybody by name, to be found, renamed, moved to
 * another group or role, given the floor or removed.
 */
import { h, keyed, setText } from "../../lib/dom.js";
import { formatNumber, lang, pick, t } from "../../lib/texts.js";
import { formatSpent } from "../../lib/time.js";
import { button, field, keepFocus } from "./kit/ui.js";
import { drawFloor, personForm } from "./person-form.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */
/** @typedef {import("../../live/types.js").Person} Person */

/** How many rows are built at once: a hall of a thousand must not slow the page. */
const PAGE = 30;

/**
 * @param {HTMLElement} el
 * @param {Tools} tools
 * @param {import("./kit/steady.js").Steady} steady
 */
export function mountPeople(el, tools, steady) {
  const groups = h("ul", { class: "plain groups" });
  const search = h("input", { type: "search", class: "input", autocomplete: "off" });
  const list = h("ul", { class: "plain people" });
  const found = h("p", { class: "muted small-text", role: "status" });
  const more = button(
    t("moderator.people.more", { n: PAGE }),
    () => {
      shown += PAGE;
      draw();
    },
    { look: "quiet", class: "small" },
  );
  const summary = h("summary", null, t("moderator.people.all"));
  const details = h(
    "details",
    { class: "people-all" },
    summary,
    field(t("moderator.people.search"), search),
    found,
    list,
    more,
  );
  el.replaceChildren(groups, details);
  let shown = PAGE;
  search.addEventListener("input", () => {
    shown = PAGE;
    list.replaceChildren();
    draw();
  });
  details.addEventListener("toggle", draw);

  function draw() {
    const { presence, session } = tools.stage;
    const present = [...session.group_order, "none"].map((id) => ({ id, n: presence.groups[id] ?? 0 }));
    const most = Math.max(1, ...present.map(({ n }) => n));
    const rows = present.filter(({ id, n }) => id !== "none" || n > 0);
    keyed(
      groups,
      rows,
      ({ id }) => id,
      () =>
        h(
          "li",
          { class: "group" },
          h("span", { class: "group-name" }),
          h("span", { class: "group-bar", "aria-hidden": "true" }, h("span")),
          h("span", { class: "group-count" }),
        ),
      (li, { id, n }) => {
        const [name, bar, count] = li.children;
        if (name) setText(name, id === "none" ? t("moderator.group.none") : pick(session.groups[id]));
        /** @type {HTMLElement | null | undefined} */ (bar?.firstElementChild)?.style.setProperty(
          "inline-size",
          `${(n / most) * 100}%`,
        );
        if (count) setText(count, formatNumber(n));
      },
    );
    const everybody = Object.entries(tools.desk.people).filter(([, person]) => !person.removed);
    setText(summary, t("moderator.people.all", { n: everybody.length }));
    if (!details.open) return;
    const wanted = search.value.trim().toLocaleLowerCase(lang());
    const matching = everybody.filter(([, { name }]) => name.toLocaleLowerCase(lang()).includes(wanted));
    matching.sort(([, a], [, b]) => a.name.localeCompare(b.name, lang()));
    setText(found, wanted ? t("moderator.people.found", { n: matching.length }) : "");
    more.hidden = matching.length <= shown;
    const { order, gone } = steady.order(
      list,
      matching.slice(0, shown).map(([id]) => id),
      draw,
    );
    keyed(
      list,
      order,
      (id) => id,
      (id) => createPerson(tools, id),
      (li, id) => {
        const person = tools.desk.people[id];
        li.inert = gone.has(id);
        if (!person) return;
        updatePerson(tools, li, person);
        keepFocus(li, () => drawFloor(tools, id, li));
      },
    );
  }
  tools.store.watch(["stage", "desk"], draw);
}

/** @param {Tools} tools @param {string} id */
function createPerson(tools, id) {
  const body = h("div", { class: "person-body" });
  const details = h(
    "details",
    null,
    h(
      "summary",
      null,
      h("span", { class: "person-name", dir: "auto" }),
      h("span", { class: "person-facts muted small-text" }),
    ),
    body,
  );
  // The form is built when it is asked for and kept as it is until it is closed: what was typed does not change under it.
  details.addEventListener("toggle", () => {
    const person = tools.desk.people[id];
    body.replaceChildren(...(details.open && person ? [personForm(tools, id, person, details)] : []));
    drawFloor(tools, id, body);
  });
  return h("li", { class: "person", "data-place": "" }, details);
}

/** @param {Tools} tools @param {HTMLElement} li @param {Person} person */
function updatePerson(tools, li, person) {
  const name = li.querySelector(".person-name");
  const facts = li.querySelector(".person-facts");
  if (name) setText(name, person.name);
  const words = [tools.groupName(person.group)];
  if (person.role !== "participant") words.unshift(t(`moderator.role.${person.role}`));
  if (person.turns) words.push(t("moderator.hand.spoken", { n: person.turns, time: formatSpent(person.spoken) }));
  const gone = !person.here && !person.link;
  if (gone) words.push(t("moderator.people.gone"));
  li.classList.toggle("gone", gone);
  if (facts) setText(facts, words.join(" · "));
}
