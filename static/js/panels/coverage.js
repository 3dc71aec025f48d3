/**
 * Coverage at a glance: how many notes of each kind every guiding question has, and which has none yet. The figures are
 * an overview; a question's row leads to its notes.
 */

import { assign, clear, h, keyed, one, setText } from "../lib/dom.js";
import { KINDS, countKinds, groupNotes, guidingQuestions } from "../lib/record.js";
import { formatNumber, pick, t } from "../lib/texts.js";

/** @import { Session } from "../live/session.js" */

/**
 * @param {HTMLElement} body the body of the table; its head names the kinds in the order of KINDS
 * @param {Session} session
 * @param {{onOpen: (question: string|null) => void}} calls somebody wants to see the notes of a question
 */
export function mountCoverage(body, session, { onOpen }) {
  session.store.watch(["record", "stage"], () => {
    const { stage, record } = session.store.docs;
    if (!stage || !record) return;
    const groups = groupNotes(record.notes, guidingQuestions(stage.agenda));
    keyed(body, groups, ({ question }) => question?.id ?? "", () => h("tr"), (row, { question, notes }) => {
      if (!row.querySelector("button")) {
        clear(row,
          h("th", { scope: "row" }, h("button", { type: "button", class: "coverage-question", onclick: () => onOpen(question?.id ?? null) })),
          ...KINDS.map((kind) => h("td", { "data-kind": kind })));
      }
      const onStage = question !== null && question.id === stage.agenda.current;
      const name = question ? t("rapporteur.question", { n: question.number, text: pick(question.text) }) : t("rapporteur.no_question");
      assign(row, { "data-on-stage": onStage, "data-none": notes.length === 0 });
      const words = [onStage && t("rapporteur.coverage.on_stage"), notes.length === 0 && t("rapporteur.coverage.none")];
      const said = words.filter(Boolean).join(" · ");
      const button = one("button", row);
      if (button.dataset.shown !== name + said) {
        button.dataset.shown = name + said;
        clear(button, h("span", { class: "coverage-name", dir: "auto" }, name), said && h("span", { class: "coverage-word" }, said));
      }
      const counts = countKinds(notes);
      for (const kind of KINDS) {
        const cell = one(`[data-kind=${kind}]`, row);
        setText(cell, counts[kind] === 0 ? "–" : formatNumber(counts[kind]));
        assign(cell, { "data-zero": counts[kind] === 0 });
      }
    });
  });
}
