"""`baraza rehearse` and `baraza demo`: simulated people, against any server and against one of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from random import SystemRandom
from typing import Any

import click
import msgspec

from server.main.demo_server import DemoServer, DemoServerEnded
from server.main.hostkey import NAME as HOST_KEY_FILE
from server.main.visiting import allow_files, on_interrupt, run
from server.rehearsal.audience import attend, prepare
from server.rehearsal.http import Http
from server.rehearsal.report import Findings, duration, lines
from server.rehearsal.run import Options, Progress
from server.rehearsal.run import rehearse as run_rehearsal
from server.rehearsal.target import Target, read_target
from server.rehearsal.wire import Created

LINKED = ("moderator", "participant", "rapporteur", "screen")
FILES_PER_PERSON = 2
FILES_BESIDES = 200

NOT_YOURS = """\
{host} is not this machine. A rehearsal is a load of many people at once, with questions and ballots that stay in the session:
on somebody else's server it is an attack, and in a session with real people it spoils their results.
Add --i-own-this-server if the server is yours and nobody is using it."""


@click.command()
@click.argument("url")
@click.option("--people", type=click.IntRange(1, 20_000), default=50, show_default=True, help="How many people.")
@click.option(
    "--pace", type=click.FloatRange(0.1, 100), default=1.0, show_default=True, help="1 is human; 5 is five times that."
)
@click.option("--seconds", type=click.FloatRange(1), default=60.0, show_default=True, help="How long they act.")
@click.option(
    "--rooms",
    type=click.IntRange(0, 200),
    show_default="one for ten people, at most 30",
    help="How many breakout rooms they go into; 0 for none.",
)
@click.option(
    "--rounds",
    type=click.IntRange(1, 12),
    default=3,
    show_default=True,
    help="How many rooms each person visits in turn.",
)
@click.option("--code", help="The join code of a session, unless the address is a join link.")
@click.option("--moderator", metavar="TOKEN", help="A moderator's key of that session: the rehearsal then steers it.")
@click.option(
    "--host-key",
    envvar="BARAZA_HOST_KEY",
    help="Makes a session for the rehearsal, unless there is a code (BARAZA_HOST_KEY; on this machine the key in the data folder).",
)
@click.option("--seed", type=int, help="Draws the same people and chances as an earlier rehearsal.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Writes all figures here.")
@click.option("--i-own-this-server", "owned", is_flag=True, help="Needed for a server that is not this machine.")
def rehearse(
    url: str,
    people: int,
    pace: float,
    seconds: float,
    rooms: int | None,
    rounds: int,
    code: str | None,
    moderator: str | None,
    host_key: str | None,
    seed: int | None,
    json_file: Path | None,
    owned: bool,
) -> None:
    """Let simulated people take part in a session at URL and say what was seen.

    URL is the address of a server (http://127.0.0.1:8000) or a join link (http://127.0.0.1:8000/j/CODE). The people vote, ask,
    raise hands, drop and come back through the public contract; where the rehearsal steers, they also go into breakout rooms, change
    tables, write notes and call for help, and it says after how many milliseconds they had their next room. At the end every client
    is compared with the server, every document of a room with the seats, and every acknowledged ballot with the count. The exit status is
    1 when something was not right. Ctrl-C ends the acting early.
    """
    target = _target(url)
    if not target.local and not owned:
        raise click.UsageError(NOT_YOURS.format(host=target.host))
    code = code or target.code
    if code is None and not host_key and target.local:
        host_key = _kept_host_key()
    if code is None and not host_key:
        raise click.UsageError(
            "Which session? Give a join link, --code, or a host key (--host-key, BARAZA_HOST_KEY) to make one."
        )
    if code is None and moderator is not None:
        raise click.UsageError("--moderator is the key of an existing session: give its join link or --code too.")
    options = Options(
        target=target,
        people=people,
        seed=SystemRandom().getrandbits(32) if seed is None else seed,
        seconds=seconds,
        pace=pace,
        rooms=rooms,
        rounds=rounds,
        code=code,
        moderator=moderator,
        host_key=host_key,
    )
    allow_files(people * FILES_PER_PERSON + FILES_BESIDES)
    findings = run(_rehearse(options))
    click.echo("\n".join(lines(findings)))
    if json_file is not None:
        json_file.write_bytes(msgspec.json.format(msgspec.json.encode(findings)) + b"\n")
    if findings.problems:
        sys.exit(1)


@click.command()
@click.option("--people", type=click.IntRange(1, 500), default=40, show_default=True, help="How many simulated people.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), envvar="PORT", help="Port to listen on (PORT; 8000 or a free one)."
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="BARAZA_DATA",
    default=Path("data"),
    help="Data folder (BARAZA_DATA; data).",
)
@click.option("--once", type=click.FloatRange(0), metavar="SECONDS", help="Ends by itself after this time.")
def demo(people: int, port: int | None, data: Path, once: float | None) -> None:
    """Start a server with a sample session and a simulated audience, and print the links.

    The session is yours to steer; the people in the hall vote in the polls that you open, ask, raise hands and react. Ctrl-C ends
    it; the session stays in the data folder.
    """
    try:
        run(_demo(people, port, data, once))
    except DemoServerEnded as problem:
        raise click.ClickException(str(problem)) from None


async def _rehearse(options: Options) -> Findings:
    stop = asyncio.Event()
    on_interrupt(stop)
    rewrites = sys.stderr.isatty()
    problems: list[BaseException] = []

    def failed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        problems.append(context.get("exception") or RuntimeError(context["message"]))
        stop.set()

    def say(progress: Progress) -> None:
        if rewrites:
            click.echo(f"\r{_line(progress):<110}", nl=False, err=True)
        else:
            click.echo(_line(progress), err=True)

    asyncio.get_running_loop().set_exception_handler(failed)
    try:
        findings = await run_rehearsal(options, say, stop)
    finally:
        if rewrites:
            click.echo(err=True)
    if problems:  # a mistake of the rehearsal itself: its figures would mean nothing
        raise problems[0]
    return findings


async def _demo(people: int, port: int | None, data: Path, once: float | None) -> None:
    stop = asyncio.Event()
    on_interrupt(stop)
    async with DemoServer(data, port) as server:
        server.watch(stop)
        target = read_target(server.url)
        http = Http(target)
        try:
            created = await prepare(http, server.host_key)
            click.echo(_welcome(created, people, server))
            if once is not None:
                asyncio.get_running_loop().call_later(once, stop.set)
            await attend(target, http, created, people, stop)
        finally:
            await http.close()
    click.echo("The demo has ended.")


def _welcome(created: Created, people: int, server: DemoServer) -> str:
    links = "\n".join(f"  {role.capitalize():<12} {created.links[role]}" for role in LINKED)
    return f"""
The session is open, and {people} simulated people come in. It is yours to steer: start with the moderator's link.

{links}

  New session  {server.url}/new   host key {server.host_key}
  Data         {server.data}   what the server says: {server.printed}

Ctrl-C ends the demo."""


def _line(progress: Progress) -> str:
    recent = progress.recent
    times = f"done in p50 {recent.p50} ms, p99 {recent.p99} ms" if recent.count else "nothing done just now"
    return (
        f"{duration(progress.elapsed)} {progress.phase}: {progress.here} of {progress.people} here, "
        f"{progress.sent} commands, {progress.refused} refused, {times}"
    )


def _kept_host_key() -> str | None:
    """Return the key that a server on this machine keeps in its data folder, if it is where we look for it."""
    try:
        return (Path(os.environ.get("BARAZA_DATA") or "data") / HOST_KEY_FILE).read_text().strip()
    except OSError:
        return None


def _target(url: str) -> Target:
    try:
        return read_target(url)
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="URL") from None
