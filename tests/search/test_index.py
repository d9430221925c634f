"""The live index finds the entry that a question means."""

import pytest

from bot.search.features import pieces
from bot.search.index import Index
from bot.search.matrix import Vocabulary
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
    second = Index.build(catalogue(FILING, FIRST_SET), first.vocabulary)
    assert found(second, "首台套") == "first-set"
    assert found(first, "技改备案") == "filing"


def test_an_entry_that_did_not_change_is_not_read_again() -> None:
    vocabulary = Vocabulary()
    Index.build(catalogue(FILING), vocabulary)
    size = len(vocabulary)
    assert size > 0
    before = vocabulary.known_as(FILING.id, FILING, lambda: pytest.fail("read again"))
    Index.build(catalogue(FILING, FIRST_SET), vocabulary)
    assert vocabulary.known_as(FILING.id, FILING, lambda: pytest.fail("read again")) is before
    assert len(vocabulary) > size


def test_an_index_in_use_bears_that_the_next_one_brings_new_words() -> None:
    vocabulary = Vocabulary()
    index = Index.build(catalogue(FILING), vocabulary)
    before = (index.known_share("月球基地"), index.look_up("月球基地备案"))
    vocabulary.row(pieces("月球基地"))
    assert (index.known_share("月球基地"), index.look_up("月球基地备案")) == before
