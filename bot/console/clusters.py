"""Puts questions that say the same together: the many at the top, without who asked them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.desk.proposals import without_names
from bot.search.features import WEIGHTS, pieces
from bot.search.normalise import normalise
from bot.storage.improvements import Missed

ALIKE = 0.38  # share of the weighed pieces that two questions must have in common
MOST_SHOWN = 8


@dataclass(frozen=True)
class Cluster:
    """Questions that say the same. ``texts`` are de-identified, the commonest first."""

    messages: tuple[int, ...]
    texts: tuple[str, ...]
    whys: tuple[tuple[str, int], ...]
    entries: tuple[str, ...]
    remarks: tuple[str, ...]
    last_at: float

    @property
    def head(self) -> str:
        """The question that stands for all."""
        return self.texts[0]


def clusters_of(questions: Sequence[Missed]) -> list[Cluster]:
    """Group the questions, the largest group first; of equal ones the latest first."""
    groups: list[list[Missed]] = []
    heads: list[frozenset[str]] = []
    known: dict[str, list[int]] = defaultdict(list)
    for question in questions:
        said = frozenset(pieces(normalise(without_names(question.text))))
        at = _nearest(said, heads, known)
        if at is None:
            at = len(groups)
            groups.append([])
            heads.append(said)
            for piece in said:
                if piece[0] in "2w":
                    known[piece].append(at)
        groups[at].append(question)
    found = [_cluster(group) for group in groups]
    return sorted(found, key=lambda cluster: (-len(cluster.messages), -cluster.last_at))


def _nearest(
    said: frozenset[str], heads: Sequence[frozenset[str]], known: dict[str, list[int]]
) -> int | None:
    near = Counter(at for piece in said for at in known.get(piece, ()))
    best, found = ALIKE, None
    for at, _ in near.most_common(12):
        alike = _alike(said, heads[at])
        if alike > best:
            best, found = alike, at
    return found


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    def weight(some: frozenset[str]) -> float:
        return sum(WEIGHTS.get(piece[0], 1.0) for piece in some)

    return weight(one & other) / (weight(one | other) or 1.0)


def _cluster(group: Sequence[Missed]) -> Cluster:
    texts = Counter(without_names(one.text).strip() for one in group)
    return Cluster(
        messages=tuple(one.id for one in group),
        texts=tuple(text for text, _ in texts.most_common(MOST_SHOWN)),
        whys=tuple(Counter(one.why for one in group).most_common()),
        entries=tuple(entry for entry, _ in Counter(o.entry for o in group if o.entry).most_common(2)),
        remarks=tuple(dict.fromkeys(without_names(one.remark) for one in group if one.remark))[:3],
        last_at=max(one.at for one in group),
    )
