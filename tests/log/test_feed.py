"""The feed under every disorder of its announcements, and the announcement's own format."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.log.announcement import parse
from server.log.feed import Feeds
from server.log.port import LogUnavailable, Stored
from tests.log.stores import Recorder, up_to

LENGTH = 12
LOG = [Stored(seq, 1000 + seq, "p1", f"k{seq}", b"{}") for seq in up_to(LENGTH)]


class Stream:
    """A log that grows when told, and may be out of reach."""

    def __init__(self) -> None:
        self.length = 0
        self.reachable = True

    async def read(self, session: str, after: int, limit: int) -> list[Stored]:
        """Be the `read` of a feed; another task runs in between."""
        await asyncio.sleep(0)
        if not self.reachable:
            raise LogUnavailable("out of reach")
        return LOG[after : min(self.length, after + limit)]


slices = st.tuples(st.integers(0, LENGTH), st.integers(1, 4), st.booleans(), st.booleans())


@given(start=st.integers(0, 5), offers=st.lists(slices, max_size=30))
def test_any_announcements_become_one_gap_free_sequence(start: int, offers: list[tuple[int, int, bool, bool]]) -> None:
    async def run() -> list[int]:
        stream, recorder = Stream(), Recorder()
        stream.length = start
        feeds = Feeds(stream.read)
        feed = await feeds.start("s1", 0, recorder.take, recorder.hear)
        for first, count, reachable, pause in offers:
            entries = LOG[first : first + count]
            if entries:
                # An entry is stored before it is announced, by whichever worker.
                stream.length = max(stream.length, entries[-1].seq)
            stream.reachable = reachable
            feeds.offer("s1", entries)
            if pause:
                await asyncio.sleep(0)
        stream.reachable, stream.length = True, LENGTH
        feed.compare(LENGTH, feed.last)
        await recorder.reach(LENGTH)
        return recorder.seqs

    assert asyncio.run(run()) == up_to(LENGTH)


async def test_what_stands_in_the_place_of_the_last_entry_is_told_from_it() -> None:
    recorder, losses = Recorder(), [0]

    def lost() -> None:
        losses[0] += 1

    feeds = Feeds(Stream().read)
    await feeds.start("s1", 0, recorder.take, recorder.hear, lost)
    feeds.offer("s1", LOG[:3])
    feeds.offer("s1", LOG[1:3])
    assert losses == [0]
    other = Stored(3, 1003, "p1", "another", b"{}")
    for entries in ([other], [other, LOG[3]]):
        feeds.offer("s1", entries)
    assert losses == [1]
    assert recorder.seqs == [1, 2, 3], "what follows another past is not folded on this one"


async def test_the_first_feed_and_the_last_of_a_session_are_reported() -> None:
    events: list[str] = []
    feeds = Feeds(Stream().read, lambda name: events.append(f"+{name}"), lambda name: events.append(f"-{name}"))
    recorder = Recorder()
    one, two, other = [await feeds.start(name, 0, recorder.take, recorder.hear) for name in ("s1", "s1", "s2")]
    one.cancel()
    assert events == ["+s1", "+s2"]
    two.cancel()
    two.cancel()
    other.cancel()
    assert events == ["+s1", "+s2", "-s1", "-s2"]


async def test_a_feed_that_cannot_begin_leaves_nothing_behind() -> None:
    stream, recorder = Stream(), Recorder()
    stream.reachable = False
    feeds = Feeds(stream.read)
    with pytest.raises(LogUnavailable):
        await feeds.start("s1", 0, recorder.take, recorder.hear)
    assert list(feeds) == []


async def test_a_sink_may_end_its_own_subscription() -> None:
    stream, recorder = Stream(), Recorder()
    feeds = Feeds(stream.read)
    feed = await feeds.start("s1", 0, lambda entries: feed.cancel(), recorder.hear)
    stays = await feeds.start("s1", 0, recorder.take, recorder.hear)
    feeds.offer("s1", LOG[:1])
    feeds.offer("s1", LOG[1:2])
    assert feed.last == 1
    assert stays.last == 2
    assert recorder.seqs == [1, 2]


def test_an_announcement_is_read_back_byte_for_byte() -> None:
    message = b"7 1795532463880 2 4 3\np1k\n 7\x00\n\xff" + "8 1795532463881 5 1 0\nAmélk".encode()
    assert parse(message) == [
        Stored(7, 1795532463880, "p1", "k\n 7", b"\x00\n\xff"),
        Stored(8, 1795532463881, "Amél", "k", b""),
    ]


@pytest.mark.parametrize("message", [b"nonsense", b"1 2 3\n", b"1 2 1 1 9\npk{}", b"a b c d e\n"])
def test_what_is_no_announcement_is_refused(message: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse(message)
