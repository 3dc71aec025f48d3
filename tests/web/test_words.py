"""The words that a page's script fetches: all that it may ask for, and not the whole interface."""

from __future__ import annotations

import json
import re

import pytest

from server.texts import resource
from server.web.assets import Assets
from server.web.strip import without_comments
from server.web.words import LATER, PREFIXES, words_of, words_path

STATIC = resource("static")
ENGLISH = (STATIC / "locales" / "en.json").read_bytes()
KEYS: list[str] = list(json.loads(ENGLISH))
AREAS = sorted({key.partition(".")[0] for key in KEYS})
SAID = re.compile(rf"""["'`]((?:{"|".join(AREAS)})\.[\w.]*)""")
"""A key as it stands in a module, or the beginning of one that goes on with a variable."""
TEXTS = "js/lib/texts.js"
PAGES = sorted(path.stem for path in (STATIC / "js" / "pages").glob("*.js"))


def asked(page: str) -> set[str]:
    """All keys, and beginnings of keys, in the modules of a page."""
    sources = {
        path: without_comments((STATIC / path).read_text()) for path in Assets(STATIC).modules(f"js/pages/{page}.js")
    }
    own = sources.pop(TEXTS, "")
    # What that module itself says is said only where another one shows a refusal.
    if any(re.search(r"\brefusal\(", source) for source in sources.values()):
        sources[TEXTS] = own
    said = {found for source in sources.values() for found in SAID.findall(source)}
    return {found for found in said if any(key.startswith(found) for key in KEYS)}


def words(page: str) -> set[str]:
    """The keys that a page has fetched by the time its script runs; a part that comes later has those of its page too."""
    own = set(json.loads(words_of(page, ENGLISH))) if page in PREFIXES else set()
    return own | words(LATER[page]) if page in LATER else own


@pytest.mark.parametrize("page", PAGES)
def test_no_page_asks_for_a_key_outside_of_its_words(page: str) -> None:
    known = words(page)
    assert {said for said in asked(page) if not any(key.startswith(said) for key in known)} == set()


@pytest.mark.parametrize("page", PREFIXES)
def test_no_page_fetches_an_area_of_which_it_asks_nothing(page: str) -> None:
    said = asked(page)
    assert [prefix for prefix in PREFIXES[page] if not any(one.startswith(prefix) for one in said)] == []


@pytest.mark.parametrize("page", PREFIXES)
def test_the_words_of_a_page_are_served_as_its_part_of_the_catalogue(page: str) -> None:
    asset = Assets(STATIC).get(words_path(page, "en"))
    assert asset is not None
    served = json.loads(asset.body)
    later = [part for part, whole in LATER.items() if whole == page]
    apart = {key for part in later for key in json.loads(words_of(part, ENGLISH))}
    whole = {key: said for key, said in json.loads(ENGLISH).items() if key.startswith(PREFIXES[page])}
    assert served == {key: said for key, said in whole.items() if key not in apart}
    assert served
    assert asset.body == words_of(page, ENGLISH)
