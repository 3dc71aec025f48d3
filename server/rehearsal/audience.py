"""A small, steady audience for somebody who tries the server out: they do the steering, the hall only reacts.

The session is made, opened, and given one poll draft; everything else that a moderator does is left to the visitor.
"""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

from server.importer import sample_setup
from server.rehearsal.acts import Act
from server.rehearsal.crowd import Crowd
from server.rehearsal.habits import STEADY
from server.rehearsal.http import Http
from server.rehearsal.people import Person, invite, sample, spoken_in, within
from server.rehearsal.target import Target
from server.rehearsal.wills import Participant
from server.rehearsal.wire import Created, Done, View

FIRST_QUESTIONS = 4
FIRST_HANDS = 2
MODERATOR = "moderator"


async def prepare(http: Http, host_key: str) -> Created:
    """Make the sample session, open it and draft its first poll; raises `Refused` or `OSError`."""
    created = await http.post("/api/sessions", sample_setup(), Created, host_key)
    view = await http.get(f"/api/sessions/{created.session}/view", View, created.tokens[MODERATOR])
    languages = view.docs["stage"]["session"]["languages"]
    poll = sample().polls[0]
    draft: dict[str, Any] = {
        "do": "poll.create",
        "kind": poll.kind,
        "prompt": within(poll.prompt, languages),
        "options": [within(option, languages) for option in poll.options],
        "settings": poll.settings,
    }
    for number, command in enumerate(({"do": "session.open"}, draft)):
        body = {"id": f"demo-{number}", **command}
        await http.post(f"/api/sessions/{created.session}/commands", body, Done, created.tokens[MODERATOR])
    return created


async def attend(target: Target, http: Http, created: Created, people: int, stop: asyncio.Event) -> None:
    """Fill the hall and stay until `stop` is set."""
    chance = Random()  # noqa: S311 - whether somebody raises a hand is no secret
    crowd = Crowd(target, http, chance)
    asked: set[str] = set()
    wills: list[Participant] = []

    def will(person: Person) -> Participant:
        wills.append(Participant(person, STEADY, 1.0, chance, asked))
        return wills[-1]

    view = await http.get(f"/api/sessions/{created.session}/view", View, created.tokens[MODERATOR])
    groups = view.docs["stage"]["session"]["group_order"]
    try:
        await crowd.join(created.code, invite(people, groups, chance), 0, will)
        _begin(crowd, wills, asked)
        await stop.wait()
    finally:
        await crowd.leave()


def _begin(crowd: Crowd, wills: list[Participant], asked: set[str]) -> None:
    """Let somebody of each language ask first, and a few raise their hands, so that the desk is not empty."""
    by_language = {will.person.language: place for place, will in reversed(list(enumerate(wills)))}
    askers = list(by_language.items())[:FIRST_QUESTIONS]
    for number, (language, place) in enumerate(askers):
        texts = sample().questions[language]
        text = texts[number % len(texts)]
        asked.add(text)
        crowd.members[place].act(Act("question.ask", {"text": {language: text}}))
    others = [place for place in range(len(wills)) if place not in by_language.values()]
    for place in others[:FIRST_HANDS]:
        crowd.members[place].act(
            Act("hand.raise", {"reason": spoken_in(wills[place].person, sample().reasons, crowd.chance)})
        )
