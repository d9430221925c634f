"""The live search puts a new catalogue in force with all that the next turn needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.desk.catalogue import Catalogue
from bot.search.live import LiveSearch
from bot.storage.lexicon_files import load_lexicon
from bot.storage.responses_files import load_phrases, load_words
from tests.samples import FILING, FIRST_SET, catalogue

DATA = Path(__file__).parents[2] / "data"


def search_of(first: Catalogue) -> LiveSearch:
    search = LiveSearch(load_lexicon(DATA), load_words(DATA), load_phrases(DATA), samples=True)
    search.replace(first)
    return search


def named(search: LiveSearch, text: str) -> list[str]:
    return [c.entry for segment in search.reader().read(text).segments for c in segment.candidates[:1]]


def test_no_turn_waits_for_the_reader_of_a_new_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    search = search_of(catalogue(FILING))
    assert "first-set" not in named(search, "首台套怎么申请")
    search.replace(catalogue(FILING, FIRST_SET))
    monkeypatch.setattr("bot.search.live.Reader", lambda *_: pytest.fail("made in a turn"))
    assert named(search, "首台套怎么申请") == ["first-set"]
