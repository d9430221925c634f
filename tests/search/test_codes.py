"""Pieces as numbers are the same pieces, whether of one text or of many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.search.codes import MOST_TEXTS, code, coded, coded_all, family_of, in_order, piece_of
from bot.search.entries import rows_of
from bot.search.features import abbreviation, pieces
from bot.search.vocabulary import Vocabulary
from tests.evaluation.desks import catalogue_of

TEXTS = st.lists(st.text(alphabet="中文备案专精特新〇㐀𠀀é .,?3.05abcxyzhuangino\n", max_size=25), max_size=6)


def plainly(text: str, named: bool) -> set[int]:
    short = abbreviation(text) if named else None
    return {code(piece) for piece in (*pieces(text), *([short] if short else []))}


def at_once(texts: list[str], named: list[bool]) -> list[set[int]]:
    codes, owners = coded_all(texts, np.array(named, bool))
    return [set(codes[owners == n].tolist()) for n in range(len(texts))]


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.booleans())
def test_many_texts_give_what_each_gives_alone(texts: list[str], named: bool) -> None:
    named_all = [named] * len(texts)
    assert at_once(texts, named_all) == [plainly(text, named) for text in texts]


def test_so_it_is_with_the_catalogue() -> None:
    texts = [question.text for entry in catalogue_of() for question in entry.questions[:8]]
    codes, owners = coded_all(texts, np.ones(len(texts), bool))
    found: list[set[int]] = [set() for _ in texts]
    for number, owner in zip(codes.tolist(), owners.tolist(), strict=True):
        found[owner].add(number)
    assert found == [plainly(text, True) for text in texts]
    every = {piece for text in texts for piece in pieces(text)}
    assert len({code(piece) for piece in every}) == len(every)


@pytest.mark.parametrize("piece", ["1备", "2备案", "3备案的", "w3.5", "w2026", "izjtx", "wabcdefghij"])
def test_a_number_tells_its_piece(piece: str) -> None:
    assert piece_of(code(piece)) == piece
    assert family_of(np.array([code(piece)], np.uint64))[0] == piece[0]


def test_long_words_are_told_apart() -> None:
    one, other = code("wabcdefghijk"), code("wabcdefghijl")
    assert one != other
    assert family_of(np.array([one, other], np.uint64)).tolist() == ["-", "-"]


def test_order_is_that_of_numbers_and_stable() -> None:
    codes = np.random.default_rng(3).choice(np.array([1, 2**17, 2**40 + 5, 2**63 + 9], np.uint64), 500)
    assert in_order(codes).tolist() == np.argsort(codes, kind="stable").tolist()


def test_one_vocabulary_for_single_rows_and_for_many_codes() -> None:
    vocabulary = Vocabulary()
    first = vocabulary.row(pieces("企业备案"))
    many = np.unique(np.concatenate([coded("企业备案"), coded("企业年报")]))
    numbers = vocabulary.add(many)
    assert sorted(numbers.tolist()) == list(range(len(vocabulary)))
    assert vocabulary.row(pieces("企业备案")).tolist() == first.tolist()
    assert vocabulary.known_codes(many).tolist() == numbers.tolist()
    assert vocabulary.codes()[numbers].tolist() == many.tolist()
    later = vocabulary.row(pieces("收费"))
    assert vocabulary.known(pieces("收费")).tolist() == later.tolist()
    assert len(vocabulary.known(pieces("xyzzy"))) == 0


def test_rows_of_many_texts_are_those_of_each() -> None:
    texts = ["企业备案要多久", "", "zjtx专精特新 2026", "备案备案备案"] * 150
    one, other = Vocabulary(), Vocabulary()
    rows = list(rows_of(texts, one))
    assert len(rows) == len(texts)
    for text, row in zip(texts, rows, strict=True):
        alone = other.row(pieces(text))
        assert sorted(one.codes()[row].tolist()) == sorted(other.codes()[alone].tolist())


def test_an_entry_may_have_more_texts_than_sixteen_bits_count() -> None:
    texts = ["年报"] * MOST_TEXTS + ["备案"]
    codes, owners = coded_all(texts, np.ones(len(texts), bool))
    assert owners[codes == code("2备案")].tolist() == [MOST_TEXTS]
    assert np.count_nonzero(codes == code("2年报")) == MOST_TEXTS
