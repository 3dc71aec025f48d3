"""The architecture page names what is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.docs.pages import ALL, ROOT, code, code_words, table

ARCHITECTURE = ROOT / "docs" / "architecture.md"
PATH = re.compile(r"(server|static|templates|tests|docs)/[\w./-]*")


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_files_and_folders_that_a_page_names_exist(page: Path) -> None:
    named = {word for word in code_words(page) if PATH.fullmatch(word)}
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_the_layers_are_those_that_the_imports_are_held_to() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    [layers] = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    held = {name.replace(".", "/") for layer in layers for name in layer.split(" | ")}
    assert {name for row in table(ARCHITECTURE, "layer") for name in code(row["layer"])} == held
