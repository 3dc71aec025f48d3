"""Where the files lie that travel with the code: `static` and `templates`.

A wheel carries them inside the package (`server/_static`), a checkout and an editable install beside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

PACKAGE = Path(__file__).resolve().parent.parent


def resource(name: Literal["static", "templates"]) -> Path:
    """The folder called `name`: the one inside the package first, else the one beside it.

    Raises FileNotFoundError where neither exists, which means a broken installation.
    """
    for folder in (PACKAGE / f"_{name}", PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the folder {name!r} is neither in {PACKAGE} nor beside it")
