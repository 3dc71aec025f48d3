"""The commands as an operator types them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.main.cli import cli
from server.main.hostkey import keep_host_key
from tests.support.server import Serve, free_port
from tests.web.running import bearer, running

OUTLINE = "Bridges\n\nSome prose about the event.\n\n# One\n- Why not? (10 min)\n- What now?\n"


def baraza(*arguments: str, environment: dict[str, str] | None = None) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli, arguments, env=environment)


def test_the_commands_of_the_contract_exist() -> None:
    assert cli.list_commands(None) == ["check", "demo", "export", "rehearse", "serve"]  # type: ignore[arg-type]
    for command in ("check", "demo", "export", "rehearse", "serve"):
        assert baraza(command, "--help").exit_code == 0
    assert "0.1.0" in baraza("--version").output


def test_check_prints_what_was_understood(tmp_path: Path) -> None:
    file = tmp_path / "agenda.txt"
    file.write_text(OUTLINE)
    result = baraza("check", str(file))
    assert result.exit_code == 0, result.output
    assert "Why not?" in result.output
    french = baraza("check", str(file), "--lang", "fr")
    assert french.output != result.output


def test_check_names_every_problem_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "agenda.yaml"
    file.write_text("title: x\nsegmens: []\n")
    result = baraza("check", str(file))
    assert result.exit_code == 1
    assert "line 2" in result.stderr
    assert result.stdout == ""
    assert baraza("check", str(tmp_path / "none.txt")).exit_code == 1


async def test_export_writes_every_form(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        session = await run.create()
        path = f"/api/sessions/{session.session}"
        headers = bearer(session.tokens["moderator"])
        person = await run.join(session.code, "Awa")
        note = {"id": "1", "do": "note.write", "kind": "works", "text": "Trust first"}
        await run.http.post(f"{path}/commands", json=note, headers=headers)
        served = {
            form: (await run.http.get(f"{path}/{form}?lang=en", headers=headers)).content
            for form in ("log", "report.md", "report.html", "report.json", "report.csv")
        }
        assert (await run.http.get(f"{path}/log", headers=bearer(person["token"]))).status_code == 403
        assert (await run.http.get(f"{path}/report.exe", headers=headers)).status_code == 404
        held = await asyncio.to_thread(baraza, "export", session.session, "--data", str(tmp_path / "data"))
        assert held.exit_code == 1
        assert "/report.md" in held.stderr
    for form, content in served.items():
        option = "ndjson" if form == "log" else form.partition(".")[2]
        options = ("--format", option, "--data", str(tmp_path / "data"), "--lang", "en")
        wanted = await asyncio.to_thread(baraza, "export", session.session, *options)
        assert wanted.exit_code == 0, wanted.output
        assert wanted.stdout_bytes == content, form
    lines = [json.loads(line) for line in served["log"].splitlines()]
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    everything = b"".join(served.values()).decode()
    for secret in (*session.tokens.values(), person["token"]):
        assert secret not in everything
    assert "Trust first" in served["report.md"].decode()
    by_code = await asyncio.to_thread(baraza, "export", session.code.lower(), "--data", str(tmp_path / "data"))
    assert by_code.stdout_bytes == served["log"]
    for folder in ("data", "nowhere"):
        none = await asyncio.to_thread(baraza, "export", "none", "--data", str(tmp_path / folder))
        assert none.exit_code == 1


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"WEB_CONCURRENCY": "2", "REDIS_URL": ""}, "REDIS_URL"),
        ({"PORT": "eighty"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"BARAZA_ORIGINS": "https://a.example/path"}, "BARAZA_ORIGINS"),
        ({"BARAZA_URL": "example.org"}, "BARAZA_URL"),
        ({"REDIS_URL": "http://localhost"}, "REDIS_URL"),
        ({"BARAZA_HOST_KEY": "short"}, "host key"),
        ({"BARAZA_HOST_KEY_FILE": "/nonexistent"}, "BARAZA_HOST_KEY_FILE"),
        ({"BARAZA_LOG_LEVEL": "loud"}, "BARAZA_LOG_LEVEL"),
        ({"BARAZA_HOST": "192.0.2.1"}, "cannot listen"),
    ],
)
def test_serve_refuses_what_cannot_be_before_anything_starts(
    tmp_path: Path, environment: dict[str, str], said: str
) -> None:
    data = str(tmp_path / "data")
    result = baraza("serve", "--data", data, environment={"BARAZA_HOST_KEY": "", "PORT": "0", **environment})
    assert result.exit_code == 1
    assert said in result.stderr
    assert not (tmp_path / "data" / "log.sqlite3").exists()


def test_a_misspelt_setting_is_named(tmp_path: Path) -> None:
    result = baraza(
        "serve", "--workers", "2", "--data", str(tmp_path), environment={"BARAZA_HOTS": "x", "REDIS_URL": ""}
    )
    assert "BARAZA_HOTS" in result.stderr
    assert "one writer" in result.stderr


def test_the_host_key_is_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    key = keep_host_key(tmp_path / "data")
    assert len(key) >= 32
    assert keep_host_key(tmp_path / "data") == key
    mode = (tmp_path / "data" / "host.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["host.key"]


@pytest.mark.parametrize("held", ["", "\n", "short"])
def test_a_file_that_holds_no_key_does_not_open_the_house(tmp_path: Path, held: str) -> None:
    (tmp_path / "host.key").write_text(held)
    result = baraza("serve", "--data", str(tmp_path), environment={"BARAZA_HOST_KEY": "", "PORT": "0"})
    assert result.exit_code == 1
    assert "holds no host key" in result.stderr


def test_serve_prints_the_kept_key_and_ends_by_signal_when_asked(tmp_path: Path) -> None:
    port = free_port()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("BARAZA_", "REDIS", "PORT"))
    }
    command = [sys.executable, "-m", "server.main", "serve", "--port", str(port), "--data", str(tmp_path / "data")]
    with subprocess.Popen(
        command, env=environment | {"PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        printed = [process.stdout.readline() for _ in range(3)]
        while '"event": "serving"' not in (line := process.stderr.readline()):
            assert line, "the server ended"
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == -signal.SIGTERM
        assert time.monotonic() - began < 5
        rest = process.stdout.read() + process.stderr.read()
    key = (tmp_path / "data" / "host.key").read_text().strip()
    assert printed[0] == f"Baraza: http://127.0.0.1:{port}\n"
    assert key in printed[2]
    assert key not in rest


async def test_a_chosen_key_is_not_printed(serve: Serve) -> None:
    server = await serve()
    assert server.host_key not in server.printed()
    assert not (server.data / "host.key").exists()
