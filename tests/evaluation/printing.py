"""The figures as plain text, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.evaluation.comparing import Change
from tests.evaluation.figures import (
    Count,
    Share,
    by_slice,
    calibration,
    calibration_error,
    handing_over,
    milliseconds,
    not_singled_out,
    scope_of,
)
from tests.evaluation.judging import Judged, Verdict
from tests.evaluation.questions import Half
from tests.evaluation.sweeping import Swept

HEAD = f"{'slice':28}{'n':>5}  {'right':>22}  {'no answer':>22}  {'wrong':>22}  {'score':>6}"
GOALS = (
    "goals: right 97% (each slice 92%), wrong 0.5%, others' 95% at 97% of ours, later turns 95%, "
    "handing over 98% both ways"
)


def half_table(turns: Sequence[Judged], half: Half) -> Iterator[str]:
    """Give the lines of one half's table."""
    mine = [t for t in turns if t.half == half.value]
    yield f"== {half.value} half: {len(mine)} turns"
    yield HEAD
    for name, count in by_slice(mine).items():
        yield _row(name, count)
    for name, part in parts_of(mine).items():
        yield _row(name.upper(), Count.of(part))
    yield from _more(mine)


def parts_of(turns: Sequence[Judged]) -> dict[str, list[Judged]]:
    """Give the parts that have a total of their own."""
    return {
        "single questions": [t for t in turns if not t.dialogue],
        "dialogues, later turns": [t for t in turns if t.later],
        "all turns": list(turns),
    }


def _more(turns: Sequence[Judged]) -> Iterator[str]:
    scope, over, bins = scope_of(turns), handing_over(turns), calibration(turns)
    yield f"others' questions recognised {share(scope.recognised)}; ours accepted {share(scope.accepted)}"
    yield f"handed over when asked {share(over.asked)}; not handed over when not asked {share(over.unasked)}"
    whole = share(not_singled_out(turns))
    yield f"among no answer: the whole entry with the facts told where an aspect was asked {whole}"
    yield f"calibration error {calibration_error(bins):.3f}; right entry by confidence: " + "  ".join(
        f"{b.low:.2f}-{b.high:.2f} {b.right.value:.0%}/{b.right.of}" for b in bins
    )


def timing(turns: Sequence[Judged]) -> str:
    """Give the line that tells how long turns took."""
    middle, most = milliseconds(turns, lambda t: t.told.seconds)
    cpu, cpu_most = milliseconds(turns, lambda t: t.told.cpu)
    wall = f"a turn: median {middle:.1f} ms, p95 {most:.1f} ms"
    return f"{wall}; processor time median {cpu:.1f} ms, p95 {cpu_most:.1f} ms"


def _row(name: str, count: Count) -> str:
    cells = "  ".join(f"{share(count.share(v)):>22}" for v in Verdict)
    return f"{name:28}{count.total:>5}  {cells}  {count.score:>6.3f}"


def share(found: Share) -> str:
    """Give a share with its interval, such as ``83.1% (80.2-85.6)``."""
    if not found.of:
        return "-"
    low, high = found.interval
    return f"{found.value:.1%} ({low * 100:.1f}-{high * 100:.1f})"


def misses(turns: Sequence[Judged]) -> Iterator[str]:
    """Give two lines for each miss of the tuning half: what was asked and wanted, what was told."""
    for turn in turns:
        if turn.half == Half.TUNING.value and turn.verdict is not Verdict.RIGHT:
            wanted, told = wanted_of(turn), told_of(turn)
            mark = "WRONG" if turn.verdict is Verdict.WRONG else "-"
            yield f"{mark:6}{turn.id:26}{'/'.join(turn.judgement.faults):24}{turn.text}"
            yield f"{'':6}wanted {wanted}; told {told}"


def wanted_of(turn: Judged) -> str:
    """Give the label in short."""
    label = turn.label
    entries = " or ".join("+".join(sorted(e)) or "none" for e in label.entries)
    parts = [entries, ",".join(sorted(label.facets)), "/".join(sorted(label.outcomes)), " ".join(label.facts)]
    return " | ".join(p for p in parts if p)


def told_of(turn: Judged) -> str:
    """Give what was told in short."""
    told = turn.told
    parts = ["+".join(sorted(told.stated)), ",".join(told.facets), told.outcome, f"{told.confidence:.2f}"]
    if told.offered:
        parts[0] += f"(offered {','.join(sorted(told.offered))})"
    return " | ".join(p for p in parts if p)


def changes(found: Change) -> Iterator[str]:
    """Give the lines that compare with the report before."""
    yield f"== compared with the report of {found.before}"
    for line in found.slices:
        yield f"  {line}"
    if found.worse:
        yield f"  worse, {len(found.worse)}: {' '.join(found.worse)}"
    if found.better:
        yield f"  better, {len(found.better)}: {' '.join(found.better)}"
    if not (found.slices or found.worse or found.better):
        yield "  nothing changed"


def swept(tried: Swept) -> str:
    """Give the line of one threshold at one value; the desk's own is marked."""
    mark = "*" if tried.value == tried.default else " "
    cells = "  ".join(f"{share(tried.count.share(v)):>22}" for v in Verdict)
    return f"{mark} {tried.name:10}{tried.value:>6g}  {cells}  {tried.count.score:>6.3f}"
