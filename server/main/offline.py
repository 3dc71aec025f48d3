"""`baraza check` and `baraza export`: commands that need no server."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from server.core.base import Touched
from server.core.fold import fold
from server.core.state import State
from server.importer import AgendaError, describe, describe_error, read_agenda
from server.importer.read import Kind
from server.log.choose import open_log
from server.log.port import Log, LogUnavailable, Stored
from server.main.cli import settings_from
from server.main.logs import configure_logging
from server.main.settings import Settings
from server.report.entries import entry_line
from server.report.report import FORMATS, Reports
from server.texts import Catalogues, resource

KINDS: dict[str, Kind] = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}
"""What the ending of a file says of the form in it; any other form is guessed."""

NDJSON = "ndjson"


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--lang", default="en", show_default=True, help="Language of what is said.")
def check(file: Path, lang: str) -> None:
    """Read an agenda and print what was understood, with every warning and its line; `-` reads standard input."""
    texts = _texts()
    try:
        with click.open_file(str(file), "rb") as source:
            imported = read_agenda(source.read(), KINDS.get(file.suffix.lower()), language=lang)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}") from None
    except AgendaError as error:
        click.echo(describe_error(error, texts, lang), err=True, nl=False)
        raise click.exceptions.Exit(1) from None
    click.echo(describe(imported, texts, lang), nl=False)


@click.command()
@click.argument("session")
@click.option(
    "--format", "form", type=click.Choice((NDJSON, *FORMATS)), default=NDJSON, show_default=True,
    help="The log, the outcome document (md, html), or its data (json, csv).",
)  # fmt: skip
@click.option("--lang", help="Language of the document; the session's first one otherwise.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Data folder (BARAZA_DATA; data).")
@click.option("--redis", help="Take the log from this Redis (REDIS_URL).")
def export(session: str, form: str, lang: str | None, data: Path | None, redis: str | None) -> None:
    """Write what a session leaves behind to standard output. SESSION is its id or its join code."""
    settings = settings_from(BARAZA_DATA=data, REDIS_URL=redis, WEB_CONCURRENCY="1")
    configure_logging("warning")
    try:
        entries = asyncio.run(_read(settings, session))
    except (LogUnavailable, ValueError) as error:
        raise click.ClickException(
            f"{error} While a server runs, it hands out the same: on the page of the report, and at "
            "/api/sessions/SESSION/log and /api/sessions/SESSION/report.md"
        ) from None
    if not entries:
        raise click.ClickException(f"there is no session {session!r}")
    state = State()
    for stored in entries:
        fold(state, stored, Touched())
    if form == NDJSON:
        written = b"".join(entry_line(state, stored) for stored in entries)
    else:
        written = Reports(_texts()).render(form, state, lang or state.session.languages[0]).body
    sys.stdout.buffer.write(written)


async def _read(settings: Settings, session: str) -> list[Stored]:
    if not settings.redis_url and not settings.data.is_dir():
        raise ValueError(f"There is no data folder {settings.data}.")
    log = open_log(settings.data, settings.redis_url, settings.workers)
    await log.open()
    try:
        entries = await _read_all(log, session)
        if not entries and (found := await log.find(session.upper())) is not None:
            entries = await _read_all(log, found)
        return entries
    finally:
        await log.close()


async def _read_all(log: Log, session: str) -> list[Stored]:
    entries: list[Stored] = []
    while batch := await log.read(session, len(entries)):
        entries += batch
    return entries


def _texts() -> Catalogues:
    return Catalogues.load(resource("static") / "locales")
