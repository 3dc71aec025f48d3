"""The command line: `baraza serve | demo | check | rehearse | export`. Each command is imported when it is called."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import click

from server.main.settings import Settings, SettingsError, check_together, read_settings, unknown_names

ELSEWHERE: Mapping[str, str] = {
    "check": "server.main.offline",
    "demo": "server.main.rehearse_cli",
    "export": "server.main.offline",
    "rehearse": "server.main.rehearse_cli",
}
"""Commands that stand in modules of their own, under the name of the command."""


class Commands(click.Group):
    """A group that imports a command only when it is wanted, so that each starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names in order."""
        return sorted([*super().list_commands(ctx), *ELSEWHERE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, from its module where it is not here."""
        if cmd_name in ELSEWHERE:
            command = getattr(import_module(ELSEWHERE[cmd_name]), cmd_name)
            assert isinstance(command, click.Command)  # noqa: S101  (the table above is ours)
            return command
        return super().get_command(ctx, cmd_name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
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
    from server.main.serve import run_server

    settings = settings_from(BARAZA_HOST=host, PORT=port, BARAZA_DATA=data, REDIS_URL=redis, WEB_CONCURRENCY=workers)
    try:
        run_server(settings)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


def settings_from(**given: object) -> Settings:
    """Return the settings of the environment with those that an option gave (None: not given) in front."""
    environment = {**os.environ, **{name: str(value) for name, value in given.items() if value is not None}}
    for name in unknown_names(environment):
        click.echo(f"Unknown setting {name}: is it misspelt?", err=True)
    try:
        settings = read_settings(environment)
        check_together(settings)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    return settings
