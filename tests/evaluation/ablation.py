"""What each data file brought: the desk is trained without it, and asked the same questions."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.evaluation.asking import evaluate
from tests.evaluation.desks import QuickDesk
from tests.evaluation.figures import Count
from tests.evaluation.judging import Judged, Verdict
from tests.evaluation.questions import Case, Half
from tests.evaluation.training import trained


@dataclass(frozen=True)
class Brought:
    """What the half came to with and without some files; ``lines`` is how many lines they hold."""

    files: str
    lines: int
    half: Half
    having: Count
    without: Count
    lost: tuple[str, ...]


def ablate(
    data: Path, cases: Sequence[Case], before: Sequence[Judged], patterns: Sequence[str], each: bool
) -> Iterator[Brought]:
    """Leave out what each pattern under ``data`` matches, together or ``each`` file alone.

    Takes a training, most of a minute, for each. Raises ``FileNotFoundError`` for a pattern without files.
    """
    for pattern in patterns:
        files = sorted(path for path in data.glob(pattern) if path.is_file())
        if not files:
            raise FileNotFoundError(f"no file matches {data}/{pattern}")
        groups = [(str(f.relative_to(data)), [f]) for f in files] if each else [(pattern, files)]
        for name, group in groups:
            yield from _without(data, cases, before, name, group)


def _without(
    data: Path, cases: Sequence[Case], before: Sequence[Judged], name: str, files: Sequence[Path]
) -> Iterator[Brought]:
    lines = sum(len(path.read_text("utf-8").splitlines()) for path in files)
    with tempfile.TemporaryDirectory(prefix="desk-ablation-") as folder:
        copy = Path(shutil.copytree(data, Path(folder) / "data"))
        for path in files:
            (copy / path.relative_to(data)).unlink()
        after = evaluate(QuickDesk.load(trained(copy), copy), cases)
    for half in Half:
        having = [t for t in before if t.half == half.value]
        without = [t for t in after if t.half == half.value]
        lost = [
            b.id
            for b, a in zip(having, without, strict=True)
            if b.verdict is Verdict.RIGHT is not a.verdict and half is Half.TUNING
        ]
        yield Brought(name, lines, half, Count.of(having), Count.of(without), tuple(lost))


def told(found: Brought) -> str:
    """Give what the files brought in one line: gains are what is lost without them."""
    right = (found.having.right - found.without.right) / found.having.total
    wrong = found.having.wrong - found.without.wrong
    score = found.having.score - found.without.score
    what = f"{found.files} ({found.lines} lines), {found.half.value}: right {right:+.1%}, wrong {wrong:+d}"
    return f"{what}, score {score:+.3f}" + (f"; {' '.join(found.lost[:12])}" if found.lost else "")
