"""Build the wheel, install it with its pinned dependencies alone, and use it from an empty folder.

A checkout forgives a file that the wheel forgot and an import that only the tools of the checks provide; this does not.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CARRIED = {"server": "server", "static": "server/_static", "templates": "server/_templates"}
"""The folders of the checkout that travel in the wheel, and where they stand in it."""

IMPORT_ALL = """
import importlib, pkgutil, server
for module in pkgutil.walk_packages(server.__path__, "server."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
from server.texts.resources import resource
assert all(any(resource(name).rglob("*.*")) for name in ("static", "templates"))
"""


def run(*command: str | Path, cwd: Path) -> str:
    """Run `command` in `cwd` and return what it printed; a failure ends the check with its output."""
    done = subprocess.run(command, cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}\nended with {done.returncode}")
    return done.stdout


def carried(root: Path) -> set[str]:
    """The names that the files of the checkout must have in the wheel."""
    return {
        f"{place}/{file.relative_to(root / folder).as_posix()}"
        for folder, place in CARRIED.items()
        for file in (root / folder).rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    }


def check(work: Path) -> None:
    """Build, compare, install and use the wheel inside the empty folder `work`."""
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", work / "dist", cwd=ROOT)
    (wheel,) = (work / "dist").glob("baraza-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        if forgotten := carried(ROOT) - set(archive.namelist()):
            sys.exit(f"the wheel forgets {', '.join(sorted(forgotten))}")

    run(sys.executable, "-m", "venv", "--without-pip", work / "venv", cwd=work)
    python = work / "venv" / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check", "--no-input")
    install = (*pip, "install", "--quiet", "--no-compile")
    run(*install, "--require-hashes", "-r", ROOT / "requirements.txt", cwd=work)
    run(*install, "--no-deps", wheel, cwd=work)

    empty = work / "empty"
    empty.mkdir()
    run(python, "-I", "-c", IMPORT_ALL, cwd=empty)
    shown = run(work / "venv" / "bin" / "baraza", "--help", cwd=empty)
    if missing := [name for name in ("serve", "demo", "check", "rehearse", "export") if name not in shown]:
        sys.exit(f"`baraza --help` does not name {', '.join(missing)}:\n{shown}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="baraza-wheel-") as folder:
        check(Path(folder))
