/** Where the session stands when it is not running: before its start, after its end, or closed to this person. */

import { byId, one, setText } from "../lib/dom.js";
import { locale, t } from "../lib/texts.js";
import { formatDay, ownTimezone } from "../lib/time.js";

/** @import { Session } from "../live/session.js" */
/** @import { SessionInfo } from "../live/types.js" */

/** @param {HTMLElement} root the page's main element @param {Session} session */
export function mountStanding(root, session) {
  const { store } = session;
  const card = one("#standing", root);

  store.watch(["stage"], draw);
  session.onStatus(draw);

  function draw() {
    const info = store.docs.stage?.session;
    const stop = session.stop;
    root.dataset.state = stop ? "stopped" : info?.state ?? "live";
    byId("bar").hidden = Boolean(stop) || info?.state === "ended";
    card.hidden = !stop && info?.state === "live";
    one("#standing-time", card).hidden = true;
    one("#standing-action", card).hidden = true;
    if (stop) {
      const why = stop.why === "left" ? "gone" : stop.why;
      say(`participant.stopped.${why}`);
      if (why === "unauthorised") offer(session.boot.join_url, t("participant.stopped.join"));
      else if (why === "protocol") offer(location.pathname, t("participant.stopped.reload"));
      else if (why === "replaced") offer(location.pathname, t("participant.stopped.replaced.here"));
      else if (why === "gone") offer("/", t("participant.stopped.home"));
    } else if (info?.state === "lobby") {
      say("participant.lobby");
      drawStart(info);
    } else if (info?.state === "ended") {
      say("participant.ended");
    }
  }

  /** @param {string} key */
  function say(key) {
    setText(one("#standing-title", card), t(`${key}.title`));
    setText(one("#standing-text", card), t(`${key}.text`));
  }

  /** @param {string} href @param {string} words */
  function offer(href, words) {
    const place = one("#standing-action", card);
    place.hidden = false;
    const link = /** @type {HTMLAnchorElement} */ (one("a", place));
    link.href = href;
    setText(link, words);
  }

  /** The start in the session's zone, and in the reader's where that is another. @param {SessionInfo} info */
  function drawStart({ starts, timezone }) {
    if (starts == null) return;
    const there = formatDay(starts, timezone, locale());
    const here = formatDay(starts, ownTimezone(), locale());
    const line = one("#standing-time", card);
    line.hidden = false;
    setText(line, there === here ? t("participant.lobby.starts", { time: there }) : t("participant.lobby.starts.both", { time: there, here }));
  }
}
