"""Every entry of the real catalogue can be asked for, every facet of every item is told completely."""

from __future__ import annotations

from functools import lru_cache

import pytest

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Entry, Facet, Kind, Status
from bot.desk.messages import Outcome
from bot.desk.typography import polish
from bot.desk.wording import GONE
from bot.storage.catalogue_files import load_catalogue
from tests.conversing import DATA, Talk, text_of

ASKED = {
    Facet.BASIS: "的政策依据是什么",
    Facet.CONDITIONS: "要什么条件",
    Facet.MATERIALS: "要什么材料",
    Facet.STEPS: "怎么办理",
    Facet.TIME_LIMIT: "要多久",
    Facet.FEE: "收费吗",
    Facet.SECTION: "归哪个科室管",
    Facet.CONTACT: "联系电话",
    Facet.WINDOW: "去哪里办",
    Facet.ONLINE: "网上能办吗",
}


@lru_cache(maxsize=1)
def real() -> Catalogue:
    loaded = load_catalogue(DATA).catalogue
    assert loaded is not None
    return loaded


@lru_cache(maxsize=1)
def talk() -> Talk:
    return Talk(real(), samples=True)


def entries(*kinds: Kind) -> list[Entry]:
    return [e for e in real() if not kinds or e.kind in kinds]


@pytest.mark.parametrize("entry", entries(), ids=lambda e: e.code)
def test_asked_by_its_name_it_answers(entry: Entry) -> None:
    here = talk()
    here.context = {}
    result = here.say(entry.name)
    assert entry.code in result.entries
    assert result.outcome in (Outcome.ANSWERED, Outcome.REDIRECTED, Outcome.CLARIFYING)


@pytest.mark.parametrize("facet", list(Facet), ids=lambda f: f.value)
@pytest.mark.parametrize("entry", entries(Kind.SERVICE), ids=lambda e: e.code)
def test_each_facet_of_each_item_is_told_completely(entry: Entry, facet: Facet) -> None:
    here = talk()
    here.context = {}
    result = here.say(entry.name + ASKED[facet])
    said = text_of(result)
    always = (f.value for f in GONE.get(entry.status, ()))
    assert (result.entries, result.facets) == ((entry.code,), tuple(dict.fromkeys((facet.value, *always))))
    for fact in entry.facets.get(facet, ()):
        assert polish(fact.text) in said
    if facet is Facet.BASIS:
        assert all(polish(b.document) in said for b in entry.basis)
    elif facet is not Facet.SECTION and not entry.facets.get(facet):
        assert "没有公布" in said
    assert all(len(reply.text.encode()) <= 2048 for reply in result.replies)
    assert "不是正式答复" in said
    assert "0558-2264104" in said
    if entry.status in (Status.TRANSFERRED, Status.SUPERSEDED, Status.CANCELLED, Status.HISTORICAL):
        assert polish((entry.moved.text if entry.moved else entry.status_note) or "无") in said


@pytest.mark.parametrize("entry", entries(Kind.DISCLOSURE, Kind.HOTLINE), ids=lambda e: e.code)
def test_each_topic_tells_all_its_facts(entry: Entry) -> None:
    here = talk()
    here.context = {}
    said = text_of(here.say(entry.name))
    for fact in entry.facts:
        assert polish(fact.text) in said
    for basis in entry.basis:
        assert polish(basis.document) in said
