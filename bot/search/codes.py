"""The pieces of texts as numbers: the same that ``features.pieces`` gives, of many texts at once.

A number holds the family of a piece in its highest four bits, and below it the characters themselves (16 bits
each), syllables (20 bits each) or letters and figures (6 bits each). A word of more than ten letters is known
by its digest. So the pieces of a catalogue need no strings in memory, and array operations make them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.search.features import abbreviation, pieces
from bot.search.pinyin import segment, sound

Codes = NDArray[np.uint64]
Owners = NDArray[np.unsignedinteger[Any]]
FAMILIES = "-123pqwi"
"""The place of a family is its number; words that are known by a digest have the number after the last."""
SHIFT = 60
DIGEST = len(FAMILIES)
MOST_TEXTS = 2**16
"""The numbers of so many texts have 16 bits, which sort in no time: more should not be coded at once."""
_SIGNS = "-abcdefghijklmnopqrstuvwxyz0123456789.?"
_SIGN = {sign: number for number, sign in enumerate(_SIGNS)}
MOST_SIGNS = 10
"""A longer word is known by its digest."""
_FIRST, _LAST = 0x3400, 0x9FFF
_LATIN = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)?")
_NAMES = range(3, 11)
"""So many Chinese characters has a wording that may be meant by its initials (``features.abbreviation``)."""


def code(piece: str) -> int:
    """Give the number of one piece."""
    family, told = piece[0], piece[1:]
    head = FAMILIES.index(family) << SHIFT
    if family in "123":
        return head | _joined(map(ord, told), 16)
    if family in "pq":
        return head | _joined(map(_spelt, told.split(" ")), 20)
    return _word(family, told)


@lru_cache(maxsize=1024)
def coded(text: str) -> Codes:
    """Give the numbers of the distinct pieces of a normalised text, in the order of ``features.pieces``."""
    return np.fromiter(map(code, pieces(text)), np.uint64)


def family_of(codes: Codes) -> NDArray[np.str_]:
    """Give the family of each code as its letter; "-" for a word that is known by its digest."""
    letters: NDArray[np.str_] = np.array([*FAMILIES, "-"])[(codes >> np.uint64(SHIFT)).astype(np.int64)]
    return letters


def piece_of(number: int) -> str:
    """Give the piece of a number of characters or of a word; not for sounds and digests."""
    family, rest = FAMILIES[number >> SHIFT], number & ((1 << SHIFT) - 1)
    bits, sign = (16, chr) if family in "123" else (6, _SIGNS.__getitem__)
    told = ""
    while rest:
        told, rest = sign(rest & ((1 << bits) - 1)) + told, rest >> bits
    return family + told


def coded_all(texts: Sequence[str], named: NDArray[np.bool_]) -> tuple[Codes, Owners]:
    """Give the numbers of the pieces of normalised texts, and the text of each.

    They stand in the order of the families, in each in the order of the texts, and may repeat. ``named`` says
    of which texts the initials count too.
    """
    sizes = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    owners = np.repeat(np.arange(len(texts)), sizes)
    owners = owners.astype(np.uint16 if len(texts) <= MOST_TEXTS else np.uint32)
    joined = "\n".join([*texts, ""])
    signs = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    han = (signs >= _FIRST) & (signs <= _LAST)
    latin = [(found.start(), found.group()) for found in _LATIN.finditer(joined)]
    parts = [*_characters(signs, han, owners), *_sounds(latin, signs, han, owners)]
    parts += [_words(latin, owners), _initials(texts, named, han, owners)]
    codes, whose = zip(*parts, strict=True)
    return np.concatenate(codes), np.concatenate(whose)


def in_order(codes: Codes) -> NDArray[np.int64]:
    """Give the places of the codes in ascending order, equal ones in the order in which they stand.

    Sixteen bits at a time, because those numpy sorts by counting: three times quicker than all at once.
    """
    order = np.argsort(codes.astype(np.uint16), kind="stable")
    for bits in (16, 32, 48):
        digits = (codes >> np.uint64(bits)).astype(np.uint16)
        order = order[np.argsort(digits[order], kind="stable")]
    return order


Part = tuple[Codes, Owners]
Latin = Sequence[tuple[int, str]]
"""The runs of letters or figures, and where each begins."""


def _characters(signs: Codes, han: NDArray[np.bool_], owners: Owners) -> Iterator[Part]:
    run, number = han, signs
    for size in (1, 2, 3):
        if size > 1:
            run = run[:-1] & han[size - 1 :]
            number = number[:-1] << np.uint64(16) | signs[size - 1 :]
        at = np.flatnonzero(run)
        yield number[at] | _head(str(size)), owners[at]


def _sounds(latin: Latin, signs: Codes, han: NDArray[np.bool_], owners: Owners) -> Iterator[Part]:
    """Give the sounds; those of letters that are pinyin stand in the places of the first letters."""
    heard = np.zeros(len(signs), np.uint64)
    heard[han] = _table()[(signs[han] - np.uint64(_FIRST)).astype(np.int64)]
    sounding = han.copy()
    for start, run in latin:
        for at, syllable in enumerate(_syllables(run), start):
            sounding[at], heard[at] = True, syllable
    heard, owners = heard[sounding], owners[sounding]
    number = heard
    for size, family in ((2, "p"), (3, "q")):
        number = number[:-1] << np.uint64(20) | heard[size - 1 :]
        together = owners[: len(number)] == owners[size - 1 :]
        yield number[together] | _head(family), owners[: len(number)][together]


def _words(latin: Latin, owners: Owners) -> Part:
    words = [_of_word(run) for _, run in latin]
    counts = np.fromiter(map(len, words), np.int64, len(words))
    at = np.repeat(np.fromiter((start for start, _ in latin), np.int64, len(latin)), counts)
    return np.fromiter(chain.from_iterable(words), np.uint64, counts.sum()), owners[at]


def _initials(texts: Sequence[str], named: NDArray[np.bool_], han: NDArray[np.bool_], owners: Owners) -> Part:
    counts = np.bincount(owners, han, minlength=len(texts))
    which = np.flatnonzero(named & (counts >= _NAMES.start) & (counts < _NAMES.stop))
    short = (abbreviation(texts[n]) for n in which)
    codes = np.fromiter((code(piece) for piece in short if piece), np.uint64, len(which))
    return codes, which.astype(owners.dtype)


@lru_cache(maxsize=1)
def _table() -> Codes:
    """Give the syllable of every Chinese character, from the first one on."""
    characters = map(chr, range(_FIRST, _LAST + 1))
    return np.fromiter((_spelt(sound(c)) for c in characters), np.uint64, _LAST + 1 - _FIRST)


@lru_cache(maxsize=65536)
def _syllables(run: str) -> tuple[int, ...]:
    return tuple(map(_spelt, segment(run))) if run.isalpha() else ()


@lru_cache(maxsize=65536)
def _of_word(run: str) -> tuple[int, ...]:
    return tuple(code(piece) for piece in pieces(run) if piece[0] in "wi")


def _head(family: str) -> np.uint64:
    return np.uint64(FAMILIES.index(family) << SHIFT)


def _joined(numbers: Iterator[int], bits: int) -> int:
    whole = 0
    for number in numbers:
        whole = whole << bits | number
    return whole


def _spelt(syllable: str) -> int:
    """Give a syllable of at most four letters as a number."""
    return _joined((ord(letter) - 96 for letter in syllable), 5)


def _word(family: str, told: str) -> int:
    if len(told) <= MOST_SIGNS:
        return FAMILIES.index(family) << SHIFT | _joined((_SIGN[sign] for sign in told), 6)
    digest = blake2b((family + told).encode(), digest_size=8).digest()
    return DIGEST << SHIFT | int.from_bytes(digest, "big") >> 4
