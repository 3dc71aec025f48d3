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
  /** What was told last; what the page came with is no news. @type {{plan: string | null, key: string} | null} */
  let told = null;

  function draw() {
    const id = chosen.id();
    const plan = chosen.plan();
    const feed = tools.store.docs.record?.feed;
    if (id !== null && (known.feed !== feed || known.plan !== id)) known = { feed, plan: id, own: ownRotation(feed, id) };
    const rotated = plan && isOpen(plan) && known.own?.round === plan.round ? known.own : null;
    const closes = plan !== null && closesByItself(plan);
    const key = closes ? "closing" : rotated ? `round ${rotated.round}` : "";
    if (key && told?.plan === id && told.key !== key) {
      announce(
        closes
          ? t("moderator.rooms.own.closing", { n: GRACE })
          : t("moderator.rooms.own.rotated", { n: rotated?.round ?? 0 }),
      );
    }
    told = { plan: id, key };
    el.hidden = key === "";
    if (closes) setText(el, t("moderator.rooms.own.closing.shown"));
    else if (rotated) setText(el, t("moderator.rooms.own.rotated.shown", { n: rotated.round, time: tools.timeOf(rotated.at) }));
  }
  tools.store.watch(["record"], draw);
  return { el, draw };
}
