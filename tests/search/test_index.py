"""The live index finds the entry that a question means."""

from dataclasses import replace

import numpy as np
import pytest

from bot.desk.entries import Question
from bot.search.features import pieces
from bot.search.index import Index
from bot.search.matrix import Matrix
from bot.search.normalise import normalise
from tests.samples import FILING, FIRST_SET, catalogue


def found(index: Index, text: str) -> str | None:
    matches = index.look_up(normalise(text))
    return matches[0].entry if matches else None


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("技改备案要什么材料", "filing"),
        ("技改背安咋办", "filing"),
        ("jigaibeian 怎么弄", "filing"),
        ("首臺套收費嗎", "first-set"),
        ("shoutaitao", "first-set"),
        ("申请信息公开几天有结果", "reply-time"),
        ("三个月没发工资了", "wages"),
    ],
)
def test_finds_the_entry(text: str, entry: str) -> None:
    assert found(Index.build(catalogue()), text) == entry


def test_knows_nothing_of_what_is_not_there() -> None:
    index = Index.build(catalogue())
    assert index.look_up(normalise("xyzzy")) == []
    assert index.look_up("") == []


def test_empty_catalogue() -> None:
    one = Index.build(catalogue(FILING))
    assert found(one, "首台套收费吗") in (None, "filing")


def test_a_new_entry_is_found_with_the_old_vocabulary() -> None:
    first = Index.build(catalogue(FILING))
    second = Index.build(catalogue(FILING, FIRST_SET), first)
    assert found(second, "首台套") == "first-set"
    assert found(first, "技改备案") == "filing"


def test_an_entry_that_did_not_change_is_not_read_again() -> None:
    first = Index.build(catalogue(FILING))
    (before,) = first.entries.read([FILING])
    second = Index.build(catalogue(FILING, FIRST_SET), first)
    assert second.entries.read([FILING, FIRST_SET])[0] is before
    assert len(second.vocabulary) > len(first.surface.weights)


def test_an_index_in_use_bears_that_the_next_one_brings_new_words() -> None:
    index = Index.build(catalogue(FILING))
    before = (index.known_share("月球基地"), index.look_up("月球基地备案"))
    index.vocabulary.row(pieces("月球基地"))
    assert (index.known_share("月球基地"), index.look_up("月球基地备案")) == before


def test_a_reload_comes_to_what_a_cold_start_comes_to() -> None:
    changed = replace(FILING, name="项目备案", questions=(Question("备案要带zjtxabcdefgh吗"),))
    index = Index.build(catalogue(FIRST_SET, FILING))
    for entries in ((FIRST_SET,), (FILING, FIRST_SET), (changed, FIRST_SET)):
        index = Index.build(catalogue(*entries), index)
    cold = Index.build(catalogue(changed, FIRST_SET))
    assert index.spelling == cold.spelling
    for text in ("备案", "首台套收费吗", "xiangmubeian", "zjtxabcdefgh"):
        assert index.look_up(text) == cold.look_up(text)
        assert index.known_share(text) == cold.known_share(text)


def test_a_piece_that_most_rows_have_counts_as_it_does_row_by_row() -> None:
    chance = np.random.default_rng(5)
    rows = [chance.choice(60, size=chance.integers(1, 20), replace=False).astype(np.int32) for _ in range(80)]
    rows = [np.union1d(row, [0, 1]).astype(np.int32) for row in rows]
    weights = chance.random(60).astype(np.float32)
    matrix = Matrix.build(rows, weights)
    query = np.array([3, 0, 17, 1, 5], np.int32)
    assert set(matrix.columns) >= {0, 1}
    lengths = [float(np.sqrt((weights[row] ** 2).sum())) for row in rows]
    plain = [sum(float(weights[p]) ** 2 for p in query if p in row) for row in rows]
    norm = float(np.sqrt((weights[query] ** 2).sum()))
    expected = [one / length / norm for one, length in zip(plain, lengths, strict=True)]
    assert matrix.similar(query) == pytest.approx(expected, rel=1e-5)
