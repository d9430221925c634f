"""Reads whole messages of the real catalogue: what is denied, hidden, numbered, or asked beside the rest."""

from collections.abc import Mapping

import pytest

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Facet
from bot.desk.reading import Want
from bot.search.index import Index
from bot.search.phrases import Phrases
from bot.search.reader import Reader
from bot.storage.catalogue_files import load_catalogue
from bot.storage.lexicon_files import load_lexicon
from tests.conversing import DATA

PHRASES = Phrases(load_lexicon(DATA))


class Told:
    """A model that knows the aspects' words and takes every text for a question about documents."""

    def __init__(self, entries: Catalogue) -> None:
        self._entries = {entry.id: 1 / len(entries.entries) for entry in entries}

    def wants(self, text: str) -> Mapping[Want, float]:
        return {Want.DOCUMENT: 0.9, Want.SERVICE: 0.1}

    def facets(self, text: str) -> Mapping[Facet, float]:
        named = PHRASES.facets(text)
        return {facet: 0.97 if facet in named else 0.01 for facet in Facet}

    def known(self, text: str) -> float:
        return 0.0

    def entries(self, text: str) -> Mapping[str, float]:
        return self._entries

    def bodies(self, text: str) -> Mapping[str, float]:
        return {}


@pytest.fixture(scope="module")
def reader() -> Reader:
    whole = load_catalogue(DATA).catalogue
    assert whole
    return Reader(whole, Index.build(whole), PHRASES, Told(whole))


@pytest.mark.parametrize(
    ("text", "about", "read"),
    [
        ("我说的是工业精品,不是专精特新", (), "我说的是工业精品"),
        ("不是专精特新,是首台套", (), "是首台套"),
        ("我打错字了,是信号盲区,不是宽带", ("broadband-and-tariffs",), "我打错字了,是信号盲区"),
        ("不想投诉,我要复议", ("complaint-about-disclosure",), "我要复议"),
    ],
)
def test_what_is_denied_is_left_out(reader: Reader, text: str, about: tuple[str, ...], read: str) -> None:
    assert reader.read(text, about).text == read


@pytest.mark.parametrize(
    "text", ["小巨人是不是专精特新", "不是说备案3天吗", "首台套不是每年都评吗", "不是本地企业能报首台套不"]
)
def test_a_question_with_a_no_in_it_stays_whole(reader: Reader, text: str) -> None:
    assert reader.read(text).text == text


def test_what_was_hidden_says_nothing(reader: Reader) -> None:
    assert reader.read("我手机号[手机号],首台套收费吗").text == "首台套收费吗"


def test_each_clause_may_ask_an_aspect_of_the_one_matter(reader: Reader) -> None:
    (segment,) = reader.read("首台套要什么材料,收费吗").segments
    assert segment.best
    assert segment.best.entry == "first-set-equipment"
    assert set(segment.facets) == {Facet.MATERIALS, Facet.FEE}


def test_documents_are_named_by_short_numbers(reader: Reader) -> None:
    read = reader.read("政务公开整改通知135号和140号各管啥").segments
    assert {s.best.entry for s in read if s.best} == {
        "disclosure-rectification-inspection-2014",
        "disclosure-rectification-notice-2014",
    }


def test_what_is_listed_word_for_word_is_meant(reader: Reader) -> None:
    whole = load_catalogue(DATA).catalogue
    assert whole
    question = whole.entries["first-set-equipment"].openings[-1].text
    (segment,) = reader.read(question).segments
    assert segment.best
    assert (segment.best.entry, segment.best.score) == ("first-set-equipment", 0.97)
    assert reader.read("要多久").segments[0].best is None
