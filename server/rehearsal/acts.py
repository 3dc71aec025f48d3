"""What a simulated person can decide: to send a command, or to go away for a while."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec


class Act(msgspec.Struct, frozen=True):
    """A command to send."""

    do: str
    fields: Mapping[str, Any]


class Away(msgspec.Struct, frozen=True):
    """The connection drops for some seconds: `clean` as when a page is closed, else as in a tunnel."""

    seconds: float
    clean: bool
