"""Breakout rooms on the real server: planned in a process of its own, opened, rotated, and seen by every way in."""

from __future__ import annotations

from contextlib import AsyncExitStack

from tests.support.member import Documents, Member, connected
from tests.web.running import Running, bearer
from tests.web.test_events import frames
from tests.web.test_pages import boot_of, cookie

PEOPLE = 6


def _room(docs: Documents) -> str | None:
    """The room that somebody is in, with its document and no other there."""
    room: str | None = docs["me"].get("room")
    held = {name for name in docs if name.startswith("room/")}
    return room if held == ({f"room/{room}"} if room else set()) else None


async def test_a_plan_is_computed_opened_and_rotated_and_every_way_in_shows_ones_own_room(run: Running) -> None:
    session = await run.create()
    address = f"ws://127.0.0.1:{run.port}/ws/{session.session}"
    path = f"/api/sessions/{session.session}"
    people = [await run.join(session.code, f"P{number}") for number in range(PEOPLE)]
    async with AsyncExitStack() as stack:
        moderator = await stack.enter_async_context(connected(address, session.tokens["moderator"]))
        members = [await stack.enter_async_context(connected(address, person["token"])) for person in people]
        planned = await moderator.send("rooms.plan", rooms=2, assign="random", rounds=2)
        plan = planned.made
        assert plan is not None
        await moderator.until(lambda docs: docs["desk"]["rooms"].get(plan, {}).get("state") == "ready")
        rounds = moderator.docs["desk"]["rooms"][plan]["seats"]
        assert sorted(map(len, rounds["1"].values())) == [PEOPLE / 2, PEOPLE / 2]
        await moderator.send("rooms.open")
        await _all_in(members, people, rounds["1"])
        token = people[0]["token"]
        await _read_elsewhere(run, session.session, token, members[0])
        async with run.http.stream("GET", f"{path}/events", headers=bearer(token)) as answer:
            stream = frames(answer.aiter_lines())
            _, first = await anext(stream)
            assert _room(first["welcome"]["docs"]) == _room(members[0].docs)
            await moderator.send("rooms.rotate")
            await _all_in(members, people, rounds["2"])
            # One event of the move is the last, and it alone says that the stream is at the new position.
            idents: list[tuple[str, str]] = []
            async for ident, frame in stream:
                idents.append((ident, frame["doc"]))
                if frame["doc"] == "stage" and "rooms" in frame["patch"]:
                    break
            move = [doc for _, doc in idents if doc != "stage"]
            assert [doc.split("/")[0] for doc in move] == ["room", "me", "room"]
            assert idents[-1][0] == members[0].at
        await moderator.send("rooms.close", grace=0)
        for member in members:
            await member.until(lambda docs: docs["me"].get("room") is None and set(docs) == {"stage", "me"})


async def _all_in(members: list[Member], people: list[dict[str, str]], seats: dict[str, list[str]]) -> None:
    """Wait until everybody has the document of the room where the plan seats them."""
    for member, person in zip(members, people, strict=True):
        room = next(room for room, seated in seats.items() if person["person"] in seated)
        await member.until(lambda docs, room=room: _room(docs) == room)  # type: ignore[misc]
        assert set(member.docs[f"room/{room}"]["people"]) == set(seats[room])


async def _read_elsewhere(run: Running, session: str, token: str, member: Member) -> None:
    """The view over HTTP and the page have the room's document too."""
    name = f"room/{_room(member.docs)}"
    view = (await run.http.get(f"/api/sessions/{session}/view", headers=bearer(token))).json()
    page = await run.http.get(f"/s/{session}", headers=cookie(session, "participant", token))
    docs = boot_of(page.text)["docs"]
    assert isinstance(docs, dict)
    assert set(view["docs"]) == set(docs) == {"stage", "me", name}
    assert view["docs"][name] == docs[name]
    assert view["docs"][name]["people"] == member.docs[name]["people"]
