"""The command line: `baraza serve | check | export`, and the commands that other modules of this layer add."""

from __future__ import annotations

import os
from pathlib import Path

import click

from server.main.settings import SettingsError, check_together, read_settings, unknown_names


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="baraza")
def cli() -> None:
    """Baraza runs live, moderated virtual sessions."""


@cli.command()
@click.option("--host", help="Address to listen on (BARAZA_HOST; 127.0.0.1).")
@click.option("--port", type=int, help="Port to listen on, 0 for a free one (PORT; 8000).")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Data folder (BARAZA_DATA; data).")
@click.option("--redis", help="Keep the log in this Redis (REDIS_URL).")
@click.option("--workers", type=int, help="Worker processes, more than one with Redis only (WEB_CONCURRENCY; 1).")
def serve(host: str | None, port: int | None, data: Path | None, redis: str | None, workers: int | None) -> None:
    """Serve sessions. What is not given here comes from the environment."""
    from server.main.serve import run_server  # late, so that the other commands start fast

    given = {"BARAZA_HOST": host, "PORT": port, "BARAZA_DATA": data, "REDIS_URL": redis, "WEB_CONCURRENCY": workers}
    environment = {**os.environ, **{name: str(value) for name, value in given.items() if value is not None}}
    for name in unknown_names(environment):
        click.echo(f"Unknown setting {name}: is it misspelt?", err=True)
    try:
        settings = read_settings(environment)
        check_together(settings)
        run_server(settings)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
