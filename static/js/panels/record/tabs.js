/** On a narrow screen the feed and the notes are tabs under the note pad; on a wide one both stand beside it. */

import { assign, one, setText } from "../../lib/dom.js";

/**
 * @param {HTMLElement} bar buttons with `data-tab`, each with a `.count`
 * @param {HTMLElement} host whose `data-tab` says what a narrow screen shows
 * @returns {{show: (tab: string) => void, count: (tab: string, n: number) => void}} `count` marks how much waits in a tab
 */
export function mountTabs(bar, host) {
  const buttons = /** @type {HTMLElement[]} */ ([...bar.querySelectorAll("[data-tab]")]);

  /** @param {string} tab */
  function show(tab) {
    host.dataset.tab = tab;
    for (const button of buttons) assign(button, { "aria-pressed": String(button.dataset.tab === tab) });
  }

  for (const button of buttons) button.addEventListener("click", () => show(button.dataset.tab ?? ""));
  show(buttons[0]?.dataset.tab ?? "");
  return {
    show,
    count(tab, n) {
      const badge = one(`button[data-tab=${tab}] .count`, bar);
      badge.hidden = n === 0;
      setText(badge, n);
    },
  };
}
