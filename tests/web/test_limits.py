"""Guessing is limited and a hall is not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from server.web.limits import Budget, Connections, Guesses, address_key
from tests.web.running import Running, running


class Clock:
    """Seconds that pass when the test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("x" * 500, "x" * 64),
    ],
)
def test_an_ipv6_subscriber_is_one_address(host: str, key: str) -> None:
    assert address_key(host) == key


def test_a_guesser_is_stopped_and_may_try_again_slowly() -> None:
    clock = Clock()
    guesses = Guesses(clock, burst=60, rate=1.0)
    tried = 0
    for _ in range(10_000):
        if guesses.may_try("a", "XXXXXX"):
            tried += 1
            guesses.was_wrong("a")
    assert tried == 60
    for second in range(1, 3601):
        clock.now = second
        while guesses.may_try("a", "XXXXXX"):
            tried += 1
            guesses.was_wrong("a")
    assert tried == 60 + 3600


def test_the_right_code_works_from_the_address_of_a_guesser() -> None:
    guesses = Guesses(Clock(), burst=60)
    guesses.was_right("hall", "K7MQ2X")
    for _ in range(60):
        guesses.was_wrong("hall")
    assert not guesses.may_try("hall", "AAAAAA")
    assert guesses.may_try("hall", "K7MQ2X")
    assert guesses.may_try("other", "AAAAAA")


def test_right_codes_cost_nothing() -> None:
    guesses = Guesses(Clock(), burst=60)
    for _ in range(10_000):
        assert guesses.may_try("hall", "K7MQ2X")
        guesses.was_right("hall", "K7MQ2X")


def test_many_addresses_that_guess_together_meet_one_budget() -> None:
    guesses = Guesses(Clock(), burst=60, all_burst=300, all_rate=0.0)
    wrong = 0
    for address in range(1_000):
        for _ in range(60):
            if guesses.may_try(str(address), "XXXXXX"):
                guesses.was_wrong(str(address))
                wrong += 1
    assert wrong == 300 + 995  # beyond the budget each fresh address gets a single try
    assert guesses.may_try("fresh", "K7MQ2X")


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.web.limits.MAX_ADDRESSES", 10)
    guesses = Guesses(Clock(), burst=1)
    for n in range(100):
        guesses.was_wrong(str(n))
        guesses.was_right(str(n), "K7MQ2X")
    assert guesses.may_try("5", "XXXXXX")  # forgotten
    assert not guesses.may_try("99", "XXXXXX")


def test_a_budget_refills() -> None:
    clock = Clock()
    budget = Budget(2, 0.5, clock)
    assert [budget.spend("a") for _ in range(3)] == [True, True, False]
    assert budget.spend("b")
    clock.now = 2.0
    assert [budget.spend("a") for _ in range(2)] == [True, False]


def test_connections_are_counted_down_to_nothing() -> None:
    connections = Connections(3, 2)
    assert [connections.enter("a") for _ in range(3)] == [True, True, False]
    assert connections.enter("b")
    assert not connections.enter("c")
    for key in ("a", "a", "b"):
        connections.leave(key)
    assert connections.total == 0
    assert connections.enter("a")


async def test_a_hall_of_300_behind_one_address_comes_in_while_somebody_guesses(run: Running) -> None:
    session = await run.create()
    run.site.guesses = Guesses(lambda: 0.0, burst=5)
    await run.join(session.code)
    for _ in range(6):
        blocked = await run.http.post("/api/join", json={"code": "XXXXXX", "name": "Guesser"})
    assert (blocked.status_code, blocked.json()["code"]) == (429, "slow")
    assert int(blocked.headers["retry-after"]) > 0
    answers = await asyncio.gather(
        *(run.http.post("/api/join", json={"code": session.code, "name": f"Person {n}"}) for n in range(300))
    )
    assert {answer.status_code for answer in answers} == {201}
    page = await run.http.get(f"/j/{session.code}")
    assert page.status_code in (200, 303)
    metrics = (await run.http.get("/metrics")).text
    assert 'outcome="wrong"' in metrics
    assert 'outcome="blocked"' in metrics


async def test_one_address_cannot_fill_a_session_with_people(tmp_path: Path) -> None:
    async with running(tmp_path, BARAZA_JOINS_PER_ADDRESS="3") as run:
        session = await run.create()
        statuses = [
            (await run.http.post("/api/join", json={"code": session.code, "name": "Awa"})).status_code for _ in range(4)
        ]
        assert statuses == [201, 201, 201, 429]
        form = await run.http.post(f"/j/{session.code}", data={"name": "Awa"}, headers={"Origin": run.url})
        assert form.status_code == 429


async def test_all_wrong_codes_are_answered_alike(run: Running) -> None:
    answers = [
        await run.http.post("/api/join", json={"code": code, "name": "Awa"})
        for code in ("XXXXXX", "A", "", "x" * 40, "😀", "../../")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


async def test_a_code_is_read_as_people_type_it(run: Running) -> None:
    code = (await run.create()).code
    for typed in (code, code.lower(), f" {code[:3]} {code[3:]} ", f"{code[:3]}-{code[3:]}"):
        await run.join(typed)
