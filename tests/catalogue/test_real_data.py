"""The catalogue that is delivered: every file is right, whole, and names no number that is not published."""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.desk.entries import Facet, Kind, ReviewState
from bot.storage.catalogue_files import load_catalogue
from bot.storage.entry_documents import FILE_FACETS, document_of

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
REPORT = load_catalogue(DATA)
ENTRIES = tuple(REPORT.catalogue or ())

# Numbers that anybody may be told: national and provincial lines, and those that published documents name.
PUBLIC_NUMBERS = {"0558-2264104", "0558-2267096", "0558-2267207", "0562-12345", "12345", "12315"}
NUMBER = re.compile(
    r"(?<![\d.〔\[-])"
    r"(?:0\d{2,3}-?\d{7,8}|1[3-9]\d{9}|400-?\d{3}-?\d{4}|(?:0\d{2,3}-)?1[0-2]\d{3}|\d{7,8})"
    r"(?![\d.-])"
)


def each_entry():
    return pytest.mark.parametrize("entry", ENTRIES, ids=[entry.id for entry in ENTRIES])


def texts(value):
    """Give every text inside a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


@cache
def published_numbers():
    """Give the numbers that stand in a field of ``bureau.yml`` that is meant for one."""

    def phones(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in ("phone", "fax", "postcode") and inner:
                    yield str(inner)
                yield from phones(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from phones(inner)

    document = yaml.safe_load((DATA / "bureau.yml").read_text("utf-8"))
    return (
        PUBLIC_NUMBERS | set(phones(document)) | {c["id"] for c in document["channels"] if c["id"].isdigit()}
    )


def test_nothing_is_wrong_with_any_file():
    assert [str(problem) for problem in REPORT.errors] == []


def test_no_file_is_left_out():
    files = {p.stem for p in DATA.glob("catalogue/*/*.yml")}
    assert {entry.id for entry in ENTRIES} == files
    assert len(ENTRIES) == sum(REPORT.counts.values())


def test_the_whole_content_is_there():
    """22 service items, 40 disclosure topics and 28 hotline topics, and something of every other kind."""
    assert REPORT.counts[Kind.SERVICE] >= 22
    assert REPORT.counts[Kind.DISCLOSURE] >= 40
    assert REPORT.counts[Kind.HOTLINE] >= 28
    assert all(REPORT.counts[kind] > 0 for kind in Kind)
    codes = {entry.code for entry in ENTRIES}
    assert codes >= {f"s{n:02}" for n in range(1, 23)} | {f"d{n:02}" for n in range(1, 41)}
    assert codes >= {f"h{n:02}" for n in range(1, 29)}


@each_entry()
def test_an_entry_can_be_asked_for(entry):
    assert len(entry.questions) >= 3
    assert len({question.text for question in entry.questions}) == len(entry.questions)


@each_entry()
def test_an_entry_says_something(entry):
    assert entry.summary or entry.facts or entry.facets


@each_entry()
def test_sources_exist_and_every_entry_has_one(entry):
    used = set(entry.sources).union(*(f.sources for f in (*entry.facts, *entry.cautions, *entry.basis)))
    used = used.union(*(fact.sources for facts in entry.facets.values() for fact in facts))
    assert used
    assert used <= REPORT.catalogue.sources.keys()


@each_entry()
def test_every_statement_has_a_source_of_its_own_or_of_its_entry(entry):
    for fact in (*entry.facts, *(f for facts in entry.facets.values() for f in facts)):
        assert fact.sources or entry.sources, fact.text


@each_entry()
def test_what_was_gathered_from_public_sources_is_marked_as_a_sample(entry):
    assert entry.review.state is ReviewState.SAMPLE
    assert entry.review.by
    assert entry.review.on


@pytest.mark.parametrize("path", sorted(DATA.glob("catalogue/services/*.yml")), ids=lambda path: path.stem)
def test_a_service_item_tells_each_facet_or_that_it_is_unknown(path):
    facets = yaml.safe_load(path.read_text("utf-8"))["facets"]
    assert set(facets) == {facet.value for facet in FILE_FACETS}
    assert all(told == "unknown" or (isinstance(told, list) and told) for told in facets.values())


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.kind is Kind.SERVICE], ids=lambda entry: entry.id)
def test_the_window_of_a_service_item_is_not_made_up(entry):
    """No window's telephone was published: what is told of windows and contacts has a source."""
    for facet in (Facet.WINDOW, Facet.CONTACT):
        assert all(fact.sources for fact in entry.facets.get(facet, ())), facet


@each_entry()
def test_no_telephone_number_is_made_up(entry):
    document = document_of(entry, ())
    document.pop("publication", None)
    told = {number for text in texts(document) for number in NUMBER.findall(text)}
    assert told <= published_numbers()


@each_entry()
def test_questions_name_no_number_of_a_person(entry):
    """People ask about service lines of five digits, and about published numbers without the area code."""
    asked = {number for question in entry.questions for number in NUMBER.findall(question.text)}
    published = published_numbers()
    private = asked - published - {number.rpartition("-")[2] for number in published}
    assert {number for number in private if len(number) > 5} == set()


def test_the_pattern_finds_numbers():
    numbers = "0558-2264104 05582264104 13800138000 12345 0562-12345 400-123-4567 2264104"
    for number in numbers.split():
        assert NUMBER.findall(f"请拨打{number}。") == [number]
    for text in [
        "2026-11-23",
        "国务院令第673号",
        "20个工作日",
        "经信办〔2014〕151号",
        "2000万元",
        "3.14159265",
    ]:
        assert NUMBER.findall(text) == []
