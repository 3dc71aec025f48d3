"""The people of a session in their browsers: one context each, as on one device each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from re import Pattern
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.browser.wire import Wire
from tests.browser.words import TEXTS
from tests.support.browser import Pages

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PROJECTOR: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}}

SEEN = ":not([role=log] *)"
"""All but the words that a page only reads out."""


@dataclass(frozen=True)
class Seat:
    """One person's page, what it was sent, and the language in which it speaks."""

    page: Page
    wire: Wire
    language: str = "en"

    @classmethod
    async def taken(cls, browser: Pages, device: dict[str, Any], language: str = "en") -> Seat:
        """Open an empty page on a device of its own."""
        page = await browser.page(locale=language, **device)
        return cls(page, Wire(page), language)

    def t(self, key: str, /, **values: object) -> str:
        """The message that this page should show."""
        return TEXTS.t(self.language, key, **values)

    def button(self, key: str, /, within: Locator | None = None, exact: bool = True, **values: object) -> Locator:
        """The button that is called so."""
        return (within or self.page).get_by_role("button", name=self.t(key, **values), exact=exact)

    def text(self, key: str, /, **values: object) -> Locator:
        """What is to be read so somewhere on the page."""
        return self.words(self.t(key, **values))

    def words(self, words: str | Pattern[str]) -> Locator:
        """Where these words are to be seen; what is only read out counts for nothing."""
        return self.page.get_by_text(words).and_(self.page.locator(SEEN)).locator("visible=true")

    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.get_by_role("dialog")

    async def reads(self, words: str) -> None:
        """Wait until the page shows these words."""
        await expect(self.words(words).first).to_be_visible()

    async def live(self) -> None:
        """Wait until the page is connected."""
        await expect(self.page.get_by_text(self.t("common.connection.live"), exact=True)).to_be_visible()


def current(question: str) -> Callable[[dict[str, Any]], bool]:
    """Whether the guiding question with these English words is on stage."""

    def holds(docs: dict[str, Any]) -> bool:
        agenda = docs["stage"]["agenda"]
        texts = {
            ident: item["text"]["en"]
            for segment in agenda["segments"].values()
            for ident, item in segment["questions"].items()
        }
        return texts.get(agenda.get("current")) == question

    return holds
