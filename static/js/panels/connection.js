/** The state of the connection as a word in the page's header, and a line that says what it means when it is not live. */

import { byId, setText } from "../lib/dom.js";
import { t } from "../lib/texts.js";

/** @import { Session } from "../live/session.js" */

/** A loss that is over sooner than this is nobody's business, ms. */
const PATIENCE = 1_500;

/** @param {Session} session */
export function mountConnection(session) {
  const word = byId("connection");
  const note = byId("connection-note");
  let timer = 0;

  function draw() {
    const { status } = session;
    word.dataset.state = status;
    setText(byId("connection-word"), t(`common.connection.${status}`));
    const lost = status === "offline" || status === "reconnecting";
    note.hidden = !lost;
    if (lost) setText(note, t(`common.connection.${status}.note`));
  }

  session.onStatus((status) => {
    clearTimeout(timer);
    timer = status === "reconnecting" ? Number(setTimeout(draw, PATIENCE)) : 0;
    if (!timer) draw();
  });
}
