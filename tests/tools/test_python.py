"""`python.sh` finds a Python that can make the environment, or says what to install."""

from __future__ import annotations

import subprocess
from pathlib import Path

SCRIPT = Path(__file__).with_name("python.sh")

OLD = "#!/bin/sh\nexit 1\n"
WITHOUT_VENV = "#!/bin/sh\ncase $2 in *ensurepip*) exit 1;; *print*) echo 3.12;; esac\n"
COMPLETE = "#!/bin/sh\nexit 0\n"


def find(folder: Path, programs: dict[str, str], **environment: str) -> subprocess.CompletedProcess[str]:
    for name, content in programs.items():
        program = folder / name
        program.write_text(content)
        program.chmod(0o755)
    return subprocess.run(
        ["/bin/sh", SCRIPT], env={"PATH": str(folder), **environment}, capture_output=True, text=True, check=False
    )


def test_the_first_complete_one_is_taken(tmp_path: Path) -> None:
    found = find(tmp_path, {"python3": OLD, "python3.13": WITHOUT_VENV, "python3.12": COMPLETE, "python": COMPLETE})
    assert (found.returncode, found.stdout) == (0, "python3.12\n")


def test_the_one_that_is_named_goes_first(tmp_path: Path) -> None:
    found = find(tmp_path, {"python3": COMPLETE, "mine": COMPLETE}, PYTHON=str(tmp_path / "mine"))
    assert found.stdout == f"{tmp_path / 'mine'}\n"


def test_a_missing_module_is_told_by_the_name_of_its_package(tmp_path: Path) -> None:
    found = find(tmp_path, {"python3": WITHOUT_VENV})
    assert found.returncode == 1
    assert "apt-get install python3.12-venv" in found.stderr


def test_without_a_new_enough_one_the_message_says_which(tmp_path: Path) -> None:
    found = find(tmp_path, {"python3": OLD})
    assert found.returncode == 1
    assert "Python 3.11 or newer" in found.stderr
