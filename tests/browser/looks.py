"""A look at a page as people see it: what axe finds in light and dark, and whether anything sticks out sideways.

`BARAZA_TEST_SHOTS=folder` keeps a picture of every page that was looked at.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Page

from tests.support.browser import axe

COLOURS = ("color-contrast", "link-in-text-block")
"""Rules whose answer a dark page may change."""

ENGLISH = """\
Bridges and benches

# With the public sector
- Which agreement outlived the people who signed it? (10 min)
- What should a ministry stop asking of an association? (5 min)

# With each other
- Where did two associations do more together than apart?
"""

ARABIC = """\
حوار الشتات: شراكات تدوم

Languages: Arabic

# المحور الأول: منظمات الشتات والقطاع العام
- ما الذي يجعل الشراكة مع وزارة ناجحة؟ (10 min)
- ما الذي يفشل، ولماذا؟ (5 min)

# المحور الثاني: منظمات الشتات فيما بينها
- كيف نتقاسم العمل؟
"""


@dataclass(frozen=True)
class Script:
    """A direction of writing, an agenda and words in it."""

    direction: Literal["ltr", "rtl"]
    agenda: str
    name: str
    words: str
    options: tuple[str, str]

    async def look(self, page: Page, name: str) -> None:
        """Fail when the page has a fault for any eye: axe in light and dark, and nothing wider than the window.

        The interface has no right-to-left language yet; its pages are turned by the attribute that such a language sets.
        """
        # A page of an error has no language of its own to turn, and a right-to-left page is one from its first paint.
        await page.evaluate("direction => { document.documentElement.dir = direction; }", self.direction)
        await axe(page)
        await page.emulate_media(color_scheme="dark")
        await keep(page, f"{name}-{self.direction}-dark")
        await axe(page, rules=COLOURS)
        await page.emulate_media(color_scheme="light")
        await keep(page, f"{name}-{self.direction}")
        wide, room = await page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        if wide > room:
            pytest.fail(
                f"{name}, {self.direction}: {wide} px wide in a window of {room} px: {await sticking_out(page)}"
            )


SCRIPTS = (
    Script("ltr", ENGLISH, "Ada", "Who pays when a partner leaves?", ("In writing", "On trust")),
    Script("rtl", ARABIC, "ليلى", "من يدفع عندما يغادر شريك؟", ("كتابةً", "بالثقة")),
)


async def sticking_out(page: Page) -> list[str]:
    """The elements that reach beyond the window."""
    found: list[str] = await page.evaluate("""
        [...document.body.querySelectorAll("*")].filter((el) => {
          const { left, right, width } = el.getBoundingClientRect();
          return width > 0 && (left < -1 || right > document.documentElement.clientWidth + 1);
        }).map((el) => el.cloneNode(false).outerHTML).slice(0, 10)
    """)
    return found


async def keep(page: Page, name: str) -> None:
    """Keep a picture, if pictures are wanted."""
    if folder := os.environ.get("BARAZA_TEST_SHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
