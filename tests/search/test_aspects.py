"""The facts of an item point to the aspect that a question asks for, whatever it calls it."""

from bot.desk.entries import Facet
from bot.search.asked import Asked
from bot.search.aspects import Aspects
from bot.search.facts import Facts
from bot.search.matrix import Vocabulary
from bot.search.normalise import normalise
from bot.storage.catalogue_files import load_catalogue
from bot.storage.lexicon_files import load_lexicon
from tests.conversing import DATA

UNSURE = dict.fromkeys(Facet, 0.1)


def aspects() -> Aspects:
    whole = load_catalogue(DATA).catalogue
    assert whole
    lexicon = load_lexicon(DATA)
    asked = Asked.of(whole, lexicon.next, Vocabulary(), normalise)
    return Aspects(Facts.of(whole), asked, lexicon.figures["aspects"])


def test_the_words_of_a_fact_point_to_its_aspect() -> None:
    judged = aspects()
    assert judged.asked("智能工厂的照片要多少像素", "smart-factory", UNSURE)[0] is Facet.MATERIALS
    assert Facet.CONDITIONS in judged.asked("技改项目库资产负债率最高多少", "renovation-project-pool", UNSURE)


def test_the_name_of_the_item_points_nowhere() -> None:
    told = aspects().facts.pointed_at("smart-factory", "智能工厂")
    assert not any(told.values())


def test_without_an_item_the_classifier_decides_alone() -> None:
    judged = aspects()
    assert judged.asked("要多少钱", None, {**UNSURE, Facet.FEE: 0.95}) == (Facet.FEE,)
    assert judged.asked("专精特新", None, dict.fromkeys(Facet, 0.01)) == ()
    assert judged.asked("专精特新", None, {}) == ()
