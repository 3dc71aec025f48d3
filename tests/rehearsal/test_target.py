"""A target is read from what people copy, and only this machine is local."""

from __future__ import annotations

import pytest

from server.rehearsal.target import Target, read_target


@pytest.mark.parametrize(
    ("url", "target", "base"),
    [
        ("http://127.0.0.1:8000", Target("127.0.0.1", 8000, False), "http://127.0.0.1:8000"),
        ("http://127.0.0.1:8000/", Target("127.0.0.1", 8000, False), "http://127.0.0.1:8000"),
        ("localhost:8000/j/K7MQ2X", Target("localhost", 8000, False, "K7MQ2X"), "http://localhost:8000"),
        (
            "https://meet.example.org/j/K7MQ2X",
            Target("meet.example.org", 443, True, "K7MQ2X"),
            "https://meet.example.org",
        ),
        ("http://[::1]:8000", Target("::1", 8000, False), "http://[::1]:8000"),
    ],
)
def test_addresses_and_join_links(url: str, target: Target, base: str) -> None:
    read = read_target(url)
    assert read == target
    assert read.base == base


@pytest.mark.parametrize(
    "url", ["", "ftp://127.0.0.1", "http://", "http://127.0.0.1/s/abc", "http://127.0.0.1/j/", "http://h:port"]
)
def test_anything_else_is_said_to_be_wrong(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_target(url)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_this_machine_is_local(host: str) -> None:
    assert Target(host, 80, False).local


@pytest.mark.parametrize("host", ["example.org", "localhost.example.org", "10.0.0.1", "192.168.1.5"])
def test_other_machines_are_not(host: str) -> None:
    assert not Target(host, 80, False).local
