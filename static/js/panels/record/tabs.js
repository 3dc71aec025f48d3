/**
 * What the page shows beside the note pad. On a narrow screen the notes, the feed and the rooms are tabs; on a wide one notes and
 * feed stand side by side, and the rooms take the place of both.
 */

import { assign, setText } from "../../lib/dom.js";

/**
 * @param {readonly HTMLElement[]} bars of buttons with `data-tab`, of which some have a `.count`
 * @param {HTMLElement} host whose `data-tab` says what is shown
 * @returns {{show: (tab: string) => void, count: (tab: string, n: number) => void}} `count` marks how much waits in a tab
 */
export function mountTabs(bars, host) {
  const buttons = bars.flatMap((bar) => /** @type {HTMLElement[]} */ ([...bar.querySelectorAll("[data-tab]")]));

  /** @param {string} tab */
  function show(tab) {
    host.dataset.tab = tab;
    for (const button of buttons) {
      // A button with `data-tabs` stands for several, of which it opens the first.
      const stands = (button.dataset.tabs ?? button.dataset.tab ?? "").split(" ").includes(tab);
      assign(button, { "aria-pressed": String(stands) });
    }
  }

  for (const button of buttons) button.addEventListener("click", () => show(button.dataset.tab ?? ""));
  show(buttons[0]?.dataset.tab ?? "");
  return {
    show,
    count(tab, n) {
      for (const button of buttons) {
        const badge = /** @type {HTMLElement|null} */ (button.dataset.tab === tab ? button.querySelector(".count") : null);
        if (!badge) continue;
        badge.hidden = n === 0;
        setText(badge, n);
      }
    },
  };
}
