"""The trained part: fitted on a few examples, saved, loaded, and the same afterwards."""

from pathlib import Path

import pytest

from bot.desk.entries import Facet
from bot.desk.reading import Want
from bot.nlu.fitting import fit_exclusive, fit_several
from bot.nlu.model import Model
from bot.search.index import Index
from bot.search.phrases import Phrases
from bot.search.reader import Reader
from bot.storage.lexicon_files import load_lexicon
from tests.conversing import DATA
from tests.samples import catalogue

ASKED = [
    "技改备案要什么材料",
    "备案材料清单",
    "首台套收费吗",
    "首台套要多少钱",
    "评定掏钱不",
    "备案要带哪些东西",
]
ELSEWHERE = ["个税怎么申报", "发票在哪领", "孩子落户要啥", "身份证补办"]
TALK = ["你好", "您好啊", "早上好", "嗨", "哈喽在吗", "你好呀"]


@pytest.fixture(scope="module")
def model() -> Model:
    wants = fit_exclusive(ASKED + TALK, ["ask_service"] * 6 + ["greet"] * 6)
    entries = fit_exclusive(ASKED, ["filing", "filing", "first-set", "first-set", "first-set", "filing"])
    facets = fit_several(ASKED, [["materials"], ["materials"], ["fee"], ["fee"], ["fee"], ["materials"]])
    bodies = fit_exclusive(ELSEWHERE, ["tax", "tax", "police", "police"])
    return Model(wants, facets, entries, bodies)


def test_it_has_learned_what_it_was_shown(model: Model) -> None:
    wants, facets = model.wants("备案要什么材料"), model.facets("评定要掏钱吗")
    assert max(wants, key=lambda w: wants[w]) is Want.SERVICE
    assert facets[Facet.FEE] > facets[Facet.MATERIALS]
    assert model.entries("技改备案材料")["filing"] > 0.5
    assert model.bodies("发票申报")["tax"] > 0.5


def test_likelihoods_that_exclude_each_other_sum_to_one(model: Model) -> None:
    for text in ("技改备案", "你好", "没见过的话", ""):
        assert sum(model.wants(text).values()) == pytest.approx(1.0, abs=1e-5)


def test_saved_and_loaded_it_says_the_same(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = Model.load(tmp_path)
    for text in (*ASKED, *TALK, "换个说法的材料"):
        assert again.entries(text) == pytest.approx(dict(model.entries(text)), abs=0.01)
        assert again.wants(text) == pytest.approx(dict(model.wants(text)), abs=0.01)


def test_a_saved_model_holds_no_code(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path)
    assert {p.suffix for p in tmp_path.iterdir()} == {".npz"}


def test_an_entry_unknown_to_the_model_is_found_by_the_index(model: Model) -> None:
    whole = catalogue()
    reader = Reader(whole, Index.build(whole), Phrases(load_lexicon(DATA)), model)
    best = reader.read("申请信息公开多久能有结果").segments[0].best
    assert best is not None
    assert best.entry == "reply-time"
