"""Simulated people against a real server: they meet losses on the way, and in the end everybody holds the same."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from random import Random

import msgspec
import pytest
from click.testing import CliRunner

from server.main.rehearse_cli import demo, rehearse
from server.rehearsal.crowd import Crowd
from server.rehearsal.habits import STEADY, Habits
from server.rehearsal.http import Http
from server.rehearsal.people import invite
from server.rehearsal.report import Findings, lines
from server.rehearsal.run import Options, Progress
from server.rehearsal.run import rehearse as run_rehearsal
from server.rehearsal.target import read_target
from server.rehearsal.verify import converge
from server.rehearsal.wills import Participant
from tests.support.server import Server

ROUGH = Habits(away=0.1, change=0.3, take_back=0.05, ask=0.3, raise_hand=0.3)
"""People who do a lot and often lose the network."""


async def run(options: Options, until: frozenset[str] = frozenset()) -> tuple[Findings, list[Progress]]:
    """Run a rehearsal until its time is over or commands of all kinds in `until` were done, and fail on a mistake of its own."""
    said: list[Progress] = []
    mistakes: list[object] = []
    stop = asyncio.Event()

    def say(progress: Progress) -> None:
        said.append(progress)
        if until and until <= progress.done.keys():
            stop.set()

    asyncio.get_running_loop().set_exception_handler(lambda _, context: mistakes.append(context))
    findings = await run_rehearsal(options, say, stop)
    assert not mistakes
    return findings, said


async def test_a_hall_with_a_moderator_and_a_bad_network_ends_in_agreement(server: Server) -> None:
    options = Options(
        target=read_target(server.url),
        people=20,
        seed=5,
        seconds=60,
        pace=12,
        rooms=4,
        rounds=2,
        host_key=server.host_key,
        habits=ROUGH,
        lose_reply=0.2,
    )
    wanted = {"ballot.cast", "question.ask", "hand.raise", "poll.close", "rooms.rotate", "note.lift", "rooms.close"}
    findings, said = await run(options, frozenset(wanted))
    assert findings.problems == []
    # What was to go wrong did go wrong, and what was to be measured was measured.
    assert findings.away > 0
    assert findings.resumed > 0
    assert findings.repeated > 0
    assert wanted <= set(findings.sent_by_kind)
    assert [(move.do, move.round) for move in findings.moves] == [("rooms.open", 1), ("rooms.rotate", 2)]
    assert all(move.people > 10 and 0 < move.first <= move.p50 <= move.last for move in findings.moves)
    assert findings.ballots.acknowledged == findings.ballots.turnout > 0
    assert findings.compared == 23
    assert min(findings.to_done.count, findings.to_screen.count, findings.to_people.count) > 0
    assert findings.bytes_per_person_minute > 0
    assert said[0].people == 20
    assert "All is as it should be." in lines(findings)


async def test_people_come_into_a_session_that_somebody_else_made(server: Server) -> None:
    session = await server.create()
    target = read_target(f"{server.url}/j/{session.code}")
    moderator = session.tokens["moderator"]
    options = Options(target=target, people=4, seed=1, seconds=2, pace=12, code=target.code, moderator=moderator)
    findings, _ = await run(options)
    assert findings.problems == []
    assert findings.session == session.session
    assert findings.compared == 5


async def test_losing_the_server_is_seen(server: Server) -> None:
    stop = asyncio.Event()
    options = Options(read_target(server.url), people=6, seed=1, seconds=60, pace=12, host_key=server.host_key)
    here = asyncio.Event()

    def say(progress: Progress) -> None:
        if progress.phase == "acting":
            here.set()

    rehearsal = asyncio.create_task(run_rehearsal(options, say, stop))
    await here.wait()
    await server.crash()
    await server.start()
    stop.set()
    findings = await rehearsal
    assert findings.lost >= 6
    assert findings.problems == []


async def test_the_judge_finds_a_client_that_holds_something_else(server: Server) -> None:
    session = await server.create()
    target = read_target(server.url)
    http = Http(target)
    crowd = Crowd(target, http, Random(1))
    try:
        await crowd.join(
            session.code, invite(2, (), Random(1)), 0, lambda person: Participant(person, STEADY, 1, crowd.chance)
        )
        assert await crowd.settle(10)
        assert await converge(http, session.session, crowd.members, 10) == []
        docs = crowd.members[1].client.docs
        docs["stage"] = {**docs["stage"], "presence": {**docs["stage"]["presence"], "online": 99}}
        (difference,) = await converge(http, session.session, crowd.members, 0)
        assert "stage.presence.online: 99 here, 2 there" in difference
    finally:
        await crowd.leave()
        await http.close()


async def test_the_command_prints_and_writes_what_it_saw(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    arguments = [server.url, "--people", "3", "--seconds", "1", "--pace", "5", "--host-key", server.host_key]
    result = await asyncio.to_thread(CliRunner().invoke, rehearse, [*arguments, "--seed", "9", "--json", str(file)])
    assert result.exit_code == 0, result.output
    assert "3 people in" in result.output
    figures = msgspec.json.decode(file.read_bytes(), type=Findings)
    assert (figures.people, figures.seed, figures.divergences) == (3, 9, [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["https://meet.example.org"], "--i-own-this-server"),
        (["http://127.0.0.1:1"], "Which session?"),
        (["http://127.0.0.1:1", "--host-key", "k", "--moderator", "t"], "--moderator is the key"),
        (["http://127.0.0.1:1/nowhere"], "join link"),
    ],
)
def test_what_cannot_be_rehearsed_is_said_at_once(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BARAZA_HOST_KEY", raising=False)
    result = CliRunner().invoke(rehearse, arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_a_server_that_is_not_there_is_a_short_message() -> None:
    result = CliRunner().invoke(rehearse, ["http://127.0.0.1:1", "--host-key", "k"])
    assert result.exit_code == 1
    assert "cannot be reached" in result.output
    assert "Traceback" not in result.output


async def test_a_wrong_host_key_is_a_short_message(server: Server) -> None:
    result = await asyncio.to_thread(CliRunner().invoke, rehearse, [server.url, "--host-key", "wrong-wrong-wrong"])
    assert result.exit_code == 1
    assert "The server refused" in result.output


def test_the_demo_shows_its_links_and_leaves_a_folder_that_only_the_owner_reads(tmp_path: Path) -> None:
    data = tmp_path / "data"
    arguments = ["--people", "6", "--port", "0", "--data", str(data), "--once", "1"]
    result = CliRunner().invoke(demo, arguments, env={"REDIS_URL": "redis://127.0.0.1:1", "WEB_CONCURRENCY": "7"})
    assert result.exit_code == 0, result.output
    for role in ("moderator", "rapporteur", "screen"):
        assert re.search(rf"http://127\.0\.0\.1:\d+/s/\w+/{role}#key=\S{{20,}}", result.output)
    assert re.search(r"http://127\.0\.0\.1:\d+/j/\w{6,}", result.output)
    assert result.output.rstrip().endswith("The demo has ended.")
    for name in ("demo.log", "host.key"):
        assert (data / name).stat().st_mode & 0o077 == 0


async def test_a_demo_on_a_taken_port_says_so(server: Server, tmp_path: Path) -> None:
    arguments = ["--data", str(tmp_path / "demo"), "--port", str(server.port)]
    result = await asyncio.to_thread(CliRunner().invoke, demo, arguments)
    assert result.exit_code == 1
    assert f"Port {server.port} on 127.0.0.1 is taken" in result.output


def test_a_demo_that_cannot_write_says_so(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    result = CliRunner().invoke(demo, ["--data", str(tmp_path / "data"), "--port", "0"])
    assert result.exit_code in (1, 2)
    assert "data" in result.output
    assert "Traceback" not in result.output
