"""What goes into the logs: one line of JSON per event (or words on a terminal), and no field but the allowed ones.

Names, texts, keys and addresses never come near a log: a field that is not on the list is dropped, a record of another library
is written with its template instead of what it was filled with, and an exception is its type and where it came from,
without its message, which may quote what somebody sent.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "advice",
        "after",
        "again_in",
        "appends",
        "channel",
        "code",
        "connections",
        "count",
        "durability",
        "error",
        "event",
        "folder",
        "found",
        "host",
        "level",
        "logger",
        "port",
        "role",
        "seconds",
        "seen",
        "seq",
        "session",
        "sessions",
        "status",
        "stored",
        "timestamp",
        "version",
        "where",
        "worker",
        "workers",
    }
)

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_CHATTY = ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio", "websockets", "redis", "httpx2", "httpcore2")


def configure_logging(level: str) -> None:
    """Send our own events and those of the libraries to standard error; `level` is a key of the table above."""
    number = _LEVELS[level]
    on_terminal = sys.stderr.isatty()
    renderer: Any = structlog.dev.ConsoleRenderer() if on_terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _unpack_exception,
            _allowed_only,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_Bridge()]
    root.setLevel(number)
    for name in _CHATTY:
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = True
        logger.setLevel(max(number, logging.WARNING))


def _allowed_only(logger: Any, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in event.items() if name in ALLOWED}


def _unpack_exception(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()[1]
    elif isinstance(given, tuple):
        given = given[1]
    if isinstance(given, BaseException):
        event["error"] = type(given).__name__
        event["where"] = _where(given.__traceback__)
    return event


def _where(frames: TracebackType | None) -> str:
    """Return the last steps to an exception, innermost last: `module.py:12 function`."""
    steps = traceback.extract_tb(frames)[-6:]
    return " > ".join(f"{step.filename.rpartition('/')[2]}:{step.lineno} {step.name}" for step in steps)


class _Bridge(logging.Handler):
    """Passes records of the standard library's logging on, without what their templates were filled with."""

    def emit(self, record: logging.LogRecord) -> None:
        words = str(record.msg).partition("\n")[0]
        # asyncio formats its messages beforehand; what follows the first colon is the repr of something.
        event = words.partition(":")[0] if record.name == "asyncio" else words
        structlog.get_logger().log(record.levelno, event, logger=record.name, exc_info=record.exc_info)
