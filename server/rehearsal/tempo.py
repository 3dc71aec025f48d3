"""How fast the simulated moderator and rapporteur go."""

from __future__ import annotations

import msgspec


class Tempo(msgspec.Struct, frozen=True):
    """Seconds between the moderator's acts."""

    ballots: float = 15.0
    """How long a poll stays open."""
    results: float = 5.0
    """How long published results stay before the next guiding question."""
    turn: float = 12.0
    """How long somebody speaks."""
    look: float = 1.0
    """Between two decisions on waiting questions."""
    note: float = 8.0
    """Between two notes of the rapporteur."""
    round: float = 8.0
    """How long people are in one breakout room."""
    grace: float = 3.0
    """The countdown with which the rooms close."""

    def faster(self, pace: float) -> Tempo:
        """Return the tempo at a multiple of the human pace."""
        return Tempo(*(getattr(self, field) / pace for field in self.__struct_fields__))
