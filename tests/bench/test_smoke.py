"""The programs of the benchmark run and check what they claim to check; nothing is timed."""

from __future__ import annotations

import argparse
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.bench import fanout, growth, pace, votes
from tests.bench.chart import chart
from tests.bench.client import Client
from tests.bench.contenders import CONTENDERS
from tests.bench.fanout import Mode, fan_out
from tests.bench.hour import by_slice, deflated, played, report
from tests.bench.own import HELLO, Room
from tests.bench.pace import vote
from tests.bench.script import Counting
from tests.bench.simulated import SimulatedLoop, simulate
from tests.bench.table import spread, table
from tests.bench.votes import Stand, votes_in
from tests.support.server import Server

PEOPLE = 3
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the load client is compiled once."""
    return tmp_path_factory.mktemp("bench")


@pytest.fixture
def briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    """On this machine whatever is on its way to three people arrives soon."""
    for program in (fanout, pace, votes):
        monkeypatch.setattr(program, "SETTLE", 0.3)


@pytest.mark.usefixtures("briefly")
async def test_everybody_gets_every_change_once_and_a_run_in_which_somebody_does_not_fails(folder: Path) -> None:
    async with CONTENDERS["c"](folder, PEOPLE) as hall:
        client = await Client.start(folder, hall.port, hall.subscribers)
        try:
            run = await fan_out(hall, client, PEOPLE, Mode("two", window=2), 0.05)
            assert run.changes == run.frames > 0
            publish = hall.publish

            async def twice(text: str) -> None:
                await publish(text)
                await publish(text)

            hall.publish = twice
            with pytest.raises(AssertionError, match="not everybody got all"):
                await fan_out(hall, client, PEOPLE, Mode("at a rate", rate=20), 0.05)
        finally:
            await client.quit()


@pytest.mark.usefixtures("briefly")
@pytest.mark.asyncio(loop_scope="session")
async def test_votes_are_followed_to_every_other_screen(standing_server: Server, folder: Path) -> None:
    room = await Room.open(standing_server, PEOPLE)
    template = await room.open_poll()
    client = await Client.start(folder, standing_server.port, room.lines, first=HELLO, vote=template, at_once=PEOPLE)
    try:
        assert client.ready["ready"] == PEOPLE
        cell = await vote(room, client, 20, 0.3)
        assert cell.p50 > 0
        assert cell.flushes > 0
        stand = Stand(standing_server.port, standing_server.pid, None, room.lines, HELLO, template)
        with pytest.raises(AssertionError, match="not acknowledged"):  # so fast nobody may vote
            await votes_in(stand, client, 20, 0.1)
    finally:
        await client.quit()


async def test_growth_is_measured_and_drawn() -> None:
    text, pictures = await growth.run(argparse.Namespace(small=True))
    assert "| ballot |" in text
    assert {_parsed(picture).tag for picture in pictures.values()} == {f"{SVG}svg"}


def test_the_hour_is_the_same_whenever_it_is_played() -> None:
    texts = []
    for _ in range(2):
        Counting.traffic.clear()
        loop = SimulatedLoop()
        hour = simulate(loop, played(loop, people=10, minutes=5))
        assert hour.resumed
        assert "| none |" in deflated(Counting.traffic)
        assert "`polls`" in by_slice(Counting.traffic, 10)
        texts.append(report(hour, 5).splitlines()[0])
    assert texts[0] == texts[1]


def test_tables_and_charts_say_what_they_were_given() -> None:
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |\n"
    assert spread([3.0, 1.0, 2.0], ".0f") == "2 [1, 3]"
    drawn = chart("One & two", "people", "ms", {"a < b": [(1, 2.0), (10, 20.0)]})
    words = [text.text for text in _parsed(drawn).iter(f"{SVG}text")]
    assert {"One & two", "people", "ms", "a < b", "10", "100"} <= set(words)


def _parsed(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)  # noqa: S314
