"""Reads past slips of typing: pinyin left in letters, characters that sound or look like others.

What is likely is counted in the catalogue's own wordings: a pair of characters that stands there often is a
better reading than one that stands nowhere.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2

from bot.search.pinyin import segment, sound

MOST_ALIKE = 12
"""So many characters of one sound, the commonest first, are tried for a syllable."""
SAME_SOUND, OTHER = 7.0, 11.0
"""What a change costs, in powers of two of how often the pairs around it are written."""
FEWEST = 3
"""A pair of characters that is written less often than this proves nothing."""
SHORTEST = 3
"""A shorter run of characters gives too little to go by."""
FITTING = 0.6
"""This share of the pairs read from letters must be known, or the letters stay."""
ELSEWHERE = 15
"""A pair that is written elsewhere counts as one that stands in so many wordings."""
SMALL = frozenset(
    "的了不是有们我你他她它给要还能在这那就都也没里上下一二三四五六七八九十年月日天得着过吗呢吧啊嘛呀啥什么怎哪谁几多个人来去到从把被让跟和与"
    "又再很太先后前家会可以想说讲看问用做办弄搞所之于其且而则因为但如若按向对各每某本该"
)
"""Characters that go with everything: none of them is put in the place of another."""
_LETTERS = re.compile(r"[a-z]+(?:['’ ]?[a-z]+)*")


@dataclass(frozen=True)
class Spelling:
    """How often characters and pairs are written in the wordings, and which characters share a sound."""

    pairs: Mapping[str, int]
    alike: Mapping[str, tuple[str, ...]]
    after: Mapping[str, tuple[str, ...]]
    words: frozenset[str]

    @classmethod
    def of(cls, counted: Mapping[str, int]) -> Spelling:
        """Take how many wordings each piece stands in."""
        singles = {p[1:]: n for p, n in counted.items() if p[0] == "1"}
        pairs = {p[1:]: n for p, n in counted.items() if p[0] == "2" and n >= FEWEST}
        words = frozenset(p[1:] for p, n in counted.items() if p[0] == "w" and n >= FEWEST)
        alike, after = defaultdict(list), defaultdict(list)
        for character in sorted(singles, key=lambda c: -singles[c]):
            alike[sound(character)].append(character)
        for pair in sorted(pairs, key=lambda p: -pairs[p]):
            after[pair[0]].append(pair[1])
        return cls(
            pairs,
            {s: tuple(cs[:MOST_ALIKE]) for s, cs in alike.items()},
            {c: tuple(cs) for c, cs in after.items()},
            words,
        )

    def mend(self, text: str, seen: Callable[[str], bool] = lambda pair: False) -> str:
        """Give a clean text as it was most likely meant.

        ``seen`` says of a pair of characters whether it is written elsewhere than in the catalogue: such a
        pair is no slip, even where nothing of the bureau's business has it.
        """
        read = _LETTERS.sub(lambda found: self._letters(found.group()), text)
        return re.sub(r"[\u3400-\u9fff]+", lambda found: self._run(found.group(), seen), read)

    def _letters(self, letters: str) -> str:
        """Read pinyin; what is a known word, or no pinyin, stays as it is."""
        parts = re.findall(r"[a-z]+", letters)
        heard = [segment(part) for part in parts]
        if any(part in self.words for part in parts) or not all(heard):
            return (
                letters
                if len(parts) == 1
                else "".join(map(self._apart, re.findall(r"[a-z]+|[^a-z]+", letters)))
            )
        syllables = [s for part in heard for s in part]
        return self._decoded(syllables) or letters

    def _apart(self, part: str) -> str:
        heard = segment(part) if part.isalpha() and part not in self.words else ()
        return (self._decoded(list(heard)) if heard else None) or part

    def _decoded(self, syllables: Sequence[str]) -> str | None:
        if len(syllables) < 2:
            return None
        choices = [[(c, 0.0) for c in self.alike.get(s, ())] for s in syllables]
        if not all(choices):
            return None
        best = self._best(choices, frozenset())
        known = sum(best[n : n + 2] in self.pairs for n in range(len(best) - 1))
        return best if known >= FITTING * (len(best) - 1) else None

    def _run(self, run: str, seen: Callable[[str], bool]) -> str:
        if len(run) < SHORTEST or len(set(run)) <= len(run) / 2:
            return run  # too little to go by, or the same character again and again
        pairs = {run[at : at + 2] for at in range(len(run) - 1)}
        elsewhere = frozenset(pair for pair in pairs if pair not in self.pairs and seen(pair))
        return self._best([list(self._choices(run, at)) for at in range(len(run))], elsewhere)

    def _choices(self, run: str, at: int) -> Iterator[tuple[str, float]]:
        """Give what may be meant by a character, with what it costs to think so."""
        here = run[at]
        yield here, 0.0
        before, behind = run[at - 1] if at else "", run[at + 1] if at + 1 < len(run) else ""
        if before + here in self.pairs and here + behind in self.pairs:
            return
        for other in self.alike.get(sound(here), ()):
            if (
                other != here
                and other not in SMALL
                and (before + other in self.pairs or other + behind in self.pairs)
            ):
                yield other, SAME_SOUND
        if before + here in self.pairs or here + behind in self.pairs or not (before and behind):
            return
        for other in self.after.get(before, ()):
            if other not in SMALL and other + behind in self.pairs:
                yield other, OTHER

    def _best(self, choices: Sequence[Sequence[tuple[str, float]]], elsewhere: frozenset[str]) -> str:
        """Give the likeliest line of characters (Viterbi)."""
        paths = {character: (-cost, character) for character, cost in choices[0]}
        for step in choices[1:]:
            longer: dict[str, tuple[float, str]] = {}
            for character, cost in step:
                reached = max(
                    (value + self._weight(last + character, elsewhere), line)
                    for last, (value, line) in paths.items()
                )
                told = (reached[0] - cost, reached[1] + character)
                if character not in longer or told > longer[character]:
                    longer[character] = told
            paths = longer
        return max(paths.values())[1]

    def _weight(self, pair: str, elsewhere: frozenset[str]) -> float:
        return log2(1 + self.pairs.get(pair, ELSEWHERE if pair in elsewhere else 0))
