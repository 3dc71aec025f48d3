/**
 * What the rooms did by themselves: a round that began, or a countdown that began, at the end of the clock. It is said once
 * to those who hear the page, and stands there for as long as it holds.
 */
import { announce } from "../../lib/announce.js";
import { h, setText } from "../../lib/dom.js";
import { t } from "../../lib/texts.js";
import { GRACE, isOpen } from "./kit/rooms-model.js";
import { closesByItself, ownRotation } from "./kit/rooms-watch.js";

/** @typedef {import("./kit/tools.js").Tools} Tools */

/**
 * @param {Tools} tools
 * @param {import("./rooms-desk.js").Chosen} chosen
 */
export function mountNews(tools, chosen) {
  const el = h("p", { class: "rooms-news small-text", hidden: true });
  /** @type {{feed: unknown, plan: string | null, own: ReturnType<typeof ownRotation>}} the feed is long, and stays as it is with most changes */
  let known = { feed: null, plan: null, own: null };
  /** What was known last, `round` 0 where somebody began it. What the page came with is no news. @type {{plan: string | null, round: number, closes: boolean} | null} */
  let told = null;

  function draw() {
    const id = chosen.id();
    const plan = chosen.plan();
    const feed = tools.store.docs.record?.feed;
    if (id !== null && (known.feed !== feed || known.plan !== id)) known = { feed, plan: id, own: ownRotation(feed, id) };
    const own = plan && isOpen(plan) && known.own?.round === plan.round ? known.own : null;
    const closes = plan !== null && closesByItself(plan);
    const round = own?.round ?? 0;
    if (told?.plan === id) {
      if (round && round !== told.round) announce(t("moderator.rooms.own.rotated", { n: round }));
      if (closes && !told.closes) announce(t("moderator.rooms.own.closing", { n: GRACE }));
    }
    told = { plan: id, round, closes };
    const stands = own && plan?.state === "open";
    el.hidden = !closes && !stands;
    if (closes) setText(el, t("moderator.rooms.own.closing.shown"));
    else if (stands) setText(el, t("moderator.rooms.own.rotated.shown", { n: round, time: tools.timeOf(own.at) }));
  }
  tools.store.watch(["record"], draw);
  return { el, draw };
}
