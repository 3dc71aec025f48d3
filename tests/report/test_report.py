"""The report: complete, traceable, honest about what is missing, and silent about what is hidden."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from markdown_it import MarkdownIt

from server.log.port import Stored
from server.report import FORMATS, Reports, entry_line
from server.report.markdown import escape
from server.texts.catalogues import Catalogues
from server.texts.resources import resource
from tests.support.world import World

TEXTS = Catalogues.load(resource("static") / "locales", strict=True)
PAYLOAD = "<script>alert(1)</script>\"'&"


@pytest.fixture(scope="module")
def reports() -> Reports:
    return Reports(TEXTS)


def exchange(option: str = "a", asker: int = 0, name: str = "Ann") -> World:
    """Play a short session: notes, a published and an unpublished poll, an answered question, speakers of two groups."""
    world = World(check=False)
    people = (world.join(name, "youth"), world.join("Bo", "diaspora"))
    world.done(world.moderator, "agenda.next", current=None)
    world.done(world.rapporteur, "note.write", kind="works", text="Trust | comes *first*")
    world.done(
        world.rapporteur, "note.write", kind="recommendation", text={"en": "Meet yearly", "fr": "Se voir chaque année"}
    )
    world.done(world.moderator, "speaker.call", person=people[0])
    world.now += 90_000
    world.done(world.moderator, "speaker.call", person=people[1])
    world.now += 30_000
    world.done(world.moderator, "speaker.finish")
    for prompt, publish in (("Shown?", True), ("Hidden?", False)):
        poll = world.made(world.moderator, "poll.create", kind="single", prompt=prompt, options=["Yes", "No"])
        world.done(world.moderator, "poll.open", poll=poll)
        world.done(people[0], "ballot.cast", poll=poll, answer=["a" if publish else option])
        world.done(world.moderator, "poll.close", poll=poll)
        if publish:
            world.done(world.moderator, "poll.publish", poll=poll)
    asked = world.made(people[asker], "question.ask", text="Who pays?", anonymous=True)
    world.done(world.moderator, "question.approve", question=asked)
    world.done(world.moderator, "question.answer", question=asked, text="Everybody a little.")
    return world


def test_markdown_has_every_part_with_the_entries_it_comes_from(reports: Reports) -> None:
    world = exchange()
    text = reports.render("md", world.state, "en").body.decode()
    note = next(iter(world.doc("record")["notes"].values()))
    assert rf"- Trust \| comes \*first\* [#{note['seq']}]" in text
    assert "| A. Yes | 1 | 100% |" in text
    assert "Results not published; 1 person voted." in text
    assert re.search(r"- Who pays\? \(Anonymous\) \[#\d+, #\d+\]", text)
    assert "  - Answer: Everybody a little." in text
    assert re.search(r"\| Youth \| 1 min 30 s \| 75% \| 1 \\\[\\#\d+\\\] \|", text)
    assert "| Diaspora | 1 | 0 | 1 | 0 min 30 s | 25% |" in text
    assert "**What works**" in text
    assert "_Nothing recorded under: What does not work, Lessons, Quotes, Open points._" in text
    assert "4 asked" not in text
    assert "Questions from participants: 1 asked, of these 1 answered" in text


def test_what_was_not_recorded_is_said_as_such(reports: Reports) -> None:
    text = reports.render("md", exchange().state, "en").body.decode()
    second = text.split("### Second?")[1].split("###")[0].split("##")[0]
    assert second.strip() == "_Nothing recorded._"
    empty = reports.render("md", World(check=False).state, "en").body.decode()
    assert empty.count("_Nothing recorded._") == 3


@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.parametrize("lang", TEXTS.languages)
def test_the_same_record_gives_the_same_bytes_in_every_form_and_language(
    reports: Reports, form: str, lang: str
) -> None:
    first, second = (reports.render(form, exchange().state, lang) for _ in range(2))
    assert first.body == second.body
    assert len(first.body) > 200


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_neither_unpublished_results_nor_an_anonymous_asker_can_be_told_from_it(reports: Reports, form: str) -> None:
    assert reports.render(form, exchange("a").state, "en").body == reports.render(form, exchange("b").state, "en").body
    assert (
        reports.render(form, exchange(asker=0).state, "en").body
        == reports.render(form, exchange(asker=1).state, "en").body
    )


def test_html_shows_what_people_wrote_and_never_runs_it(reports: Reports) -> None:
    world = exchange(name=PAYLOAD)
    world.done(world.rapporteur, "note.write", kind="quote", text=PAYLOAD)
    poll = world.made(world.moderator, "poll.create", kind="single", prompt=PAYLOAD, options=[PAYLOAD, "y"])
    for step in ("poll.open", "poll.close", "poll.publish"):
        world.done(world.moderator, step, poll=poll)
    rendered = reports.render("html", world.state, "en")
    page = rendered.body.decode()
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 3
    assert rendered.style_source is not None
    assert rendered.style_source.startswith("'sha256-")
    assert "style=" not in page


def test_the_bars_are_as_long_as_the_shares(reports: Reports) -> None:
    page = str(reports.fragment(exchange().state, "en"))
    assert re.findall(r'class="report-bar"[^>]* width="([\d.]+)"', page) == ["100.0", "0.0"]


def test_json_is_the_outcome_with_all_languages(reports: Reports) -> None:
    data = json.loads(reports.render("json", exchange().state, "fr").body)
    notes = data["segments"][0]["questions"][0]["notes"]
    assert {"en": "Meet yearly", "fr": "Se voir chaque année"} in [
        line["text"] for group in notes for line in group["lines"]
    ]
    assert data["moderation"] == {
        "asked": 1, "live": 0, "answered": 1, "declined": 0, "pending": 0, "withdrawn": 0, "merged": 0,
    }  # fmt: skip


def test_csv_has_a_row_a_line_and_no_formulas(reports: Reports) -> None:
    world = exchange(name="=cmd()")
    world.done(world.rapporteur, "note.write", kind="quote", text="=HYPERLINK(1)")
    text = reports.render("csv", world.state, "en").body.decode()
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert sum(row["section"] == "note" for row in rows) == 3
    assert [row["text"] for row in rows if row["kind"] == "quote"] == ["'=HYPERLINK(1)"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_a_question_that_was_dropped_keeps_what_was_recorded_under_it(reports: Reports) -> None:
    world = exchange()
    world.done(world.moderator, "agenda.next", current="q1.1")
    world.done(world.moderator, "agenda.drop", item="q1.1")
    text = reports.render("md", world.state, "en").body.decode()
    assert "Trust" in text.split("## Apart from the guiding questions")[1]


@pytest.mark.parametrize(
    "text", ["# title", "- item", "1. item", "a|b", "*x*", "`x`", "[x](y)", "<b>", "&copy;", "two\nlines", "\\"]
)
def test_markdown_shows_text_as_it_is(text: str) -> None:
    shown = MarkdownIt("commonmark").render(escape(text))
    plain = re.sub(r"<p>|</p>|\n", "", shown).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert plain == " ".join(text.split())


def test_the_log_is_handed_out_without_keys_ballots_or_anonymous_askers() -> None:
    world = exchange()
    asker, other = (ident for ident in world.state.people.items if ident.startswith("p"))
    asked = world.made(asker, "question.ask", text="And who is paid?", anonymous=True)
    world.done(world.moderator, "question.approve", question=asked)
    world.done(other, "question.vote", question=asked, on=True)
    assert world.refused(asker, "question.vote", question=asked, on=True) == "question.own"
    world.done(asker, "question.withdraw", question=asked)
    lines = [
        json.loads(entry_line(world.state, Stored(entry.seq, entry.at, entry.by, entry.key, entry.body)))
        for entry in world.log
    ]
    assert [line["seq"] for line in lines] == list(range(1, len(world.log) + 1))
    text = json.dumps(lines)
    assert "salt" not in text
    assert "hash-" not in text
    assert not any("answer" in line for line in lines if line["do"] == "ballot.cast")
    assert [line["by"] for line in lines if line["do"] == "question.ask"] == [None, None]
    about = [line["by"] for line in lines if asked in line.values()]
    assert about == [None, world.moderator, other, None, None]
    assert all("key" not in line and "id" not in line for line in lines)


def test_rapporteurs_do_not_read_the_desk_in_the_log() -> None:
    world = World(check=False)
    ann = world.join("Ann")
    world.done(ann, "hand.raise", reason="Secret reason")
    shown, waiting, declined = (
        world.made(ann, "question.ask", text=f"{what} question?") for what in ("Shown", "Secret", "Secret")
    )
    world.done(world.moderator, "question.approve", question=shown)
    world.done(ann, "question.edit", question=waiting, text="Secret edit?")
    world.done(world.moderator, "question.decline", question=declined, reason="Secret reason")
    draft = world.made(world.moderator, "poll.create", kind="single", prompt="Secret?", options=["Secret", "y"])
    world.done(world.moderator, "poll.edit", poll=draft, prompt="Secret prompt?")
    opened = world.made(world.moderator, "poll.create", kind="single", prompt="Open?", options=["x", "y"])
    world.done(world.moderator, "poll.open", poll=opened)
    stored = [Stored(entry.seq, entry.at, entry.by, entry.key, entry.body) for entry in world.log]
    text = b"".join(entry_line(world.state, entry, "rapporteur") for entry in stored).decode()
    assert "Secret" not in text
    assert "Shown question?" in text
    assert "Open?" in text
    assert b"".join(entry_line(world.state, entry, "moderator") for entry in stored).decode().count("Secret") == 8


def test_results_that_all_saw_live_are_in_the_report_without_publishing(reports: Reports) -> None:
    world = World(check=False)
    settings = {"visibility": "live"}
    poll = world.made(
        world.moderator, "poll.create", kind="single", prompt="?", options=["Yes", "No"], settings=settings
    )
    world.done(world.moderator, "poll.open", poll=poll)
    world.done(world.join("Ann"), "ballot.cast", poll=poll, answer=["b"])
    world.done(world.moderator, "poll.close", poll=poll)
    assert "| B. No | 1 | 100% |" in reports.render("md", world.state, "en").body.decode()
