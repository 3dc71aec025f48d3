"""Modules without comments mean the same: token for token, by a parser that is not ours."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from server.texts import resource
from server.web.strip import without_comments

MODULES = {path.name + str(n): path.read_text() for n, path in enumerate(sorted(resource("static").rglob("*.js")))}
SAMPLES = {
    "templates": "const a = `x // no ${b ? `/* no */ ${{ c: '`' }.c}` : '//'} y`; // GONE\nexport { a };\nlet b, c;\n",
    "regexes": "const a = /[/*]\\//g.test('//'); /* GONE */\nif (a) /'/.exec(\"\"); // GONE\nlet b = (1 + 2) / 3 // GONE\n",
    "quotes": "const a = '\\'// no'; /* GONE: ' */ const b = \"/* no */\";\n",
    "lines": "let a = 1 /* a\nnew line ends the statement */ let b = 2\nlet c = a /* none */ + b\n",
    "spread": "let a = [...new /* GONE */ Set(/[\"'`]/[Symbol.split]('x'))]; let b = { of: 1 }; b.of; b.new / 2 / 1;\n",
}


def test_every_module_and_the_samples_keep_their_tokens_and_lines(tmp_path: Path) -> None:
    for name, source in (MODULES | SAMPLES).items():
        (tmp_path / f"{name}.before.js").write_text(source)
        (tmp_path / f"{name}.after.js").write_text(without_comments(source))
    script = Path(__file__).with_name("same-tokens.cjs")
    command = ["node", "--expose-internals", str(script), str(tmp_path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout) == (0, ""), answer.stdout + answer.stderr


@pytest.mark.parametrize("name", [*MODULES, *SAMPLES])
def test_nothing_is_left_of_the_comments(name: str) -> None:
    source = (MODULES | SAMPLES)[name]
    short = without_comments(source)
    assert short != source
    assert "/**" not in short
    assert "GONE" not in short
    assert without_comments(short) == short


@pytest.mark.parametrize(
    "source",
    [
        "function a() {} /[/*]/.test(b); // which one?",
        "let a = b++ / 2; // which one?",
        "const a = 'open // or not\n';",
        "const a = `open // or not",
        "/* open",
        "a) // too many",
        "(a // too few",
        "let a; // an old line\r\nlet b;",
    ],
)
def test_what_is_not_certain_is_left_as_it_is(source: str) -> None:
    assert without_comments(source) == source
