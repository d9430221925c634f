"""The report as one HTML page that needs nothing besides itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from math import isnan

from tests.evaluation.beside import Beside
from tests.evaluation.comparing import Change
from tests.evaluation.figures import (
    Count,
    Cut,
    Share,
    by_slice,
    calibration,
    calibration_error,
    coverage,
    handing_over,
    scope_of,
)
from tests.evaluation.judging import Judged, Verdict
from tests.evaluation.printing import GOALS, changes, parts_of, share, timing, told_of, wanted_of
from tests.evaluation.questions import Half
from tests.evaluation.sweeping import Swept

STYLE = """
body{font:14px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;margin:2em auto;max-width:76em;padding:0 1em}
table{border-collapse:collapse;margin:.5em 0 1.5em;font-variant-numeric:tabular-nums}
td,th{padding:.15em .7em;border-bottom:1px solid #ddd;text-align:left}
tr.total{font-weight:600;background:#f3f3f3}
.wrong{color:#a40000}.right{color:#1b6b2a}.quiet{color:#777}details{margin:.2em 0}summary{cursor:pointer}
.reply{white-space:pre-wrap;background:#f7f7f7;padding:.5em;margin:.3em 1.5em;border-left:3px solid #ccc}
h2{margin-top:2em;border-bottom:2px solid #222}svg{background:#fafafa;border:1px solid #ddd}
"""
COMMONEST = 40
CANDIDATES = 5


def page(
    turns: Sequence[Judged],
    made: str,
    how: str,
    change: Change | None = None,
    swept: Sequence[Swept] = (),
    reveal: bool = False,
    measured: Sequence[Beside] = (),
) -> str:
    """Give the whole page; misses of the half that is only reported stand in it only when ``reveal``."""
    tuning, report = (([t for t in turns if t.half == half.value]) for half in Half)
    parts = [
        f"<h1>Evaluation of {escape(made)}</h1>",
        f"<p>{len(turns)} turns, {escape(how)}. {escape(timing(turns))}</p>",
        f"<p class=quiet>{escape(GOALS)}</p>",
        *_change(change),
        *_half("Report half", report),
        *_half("Tuning half", tuning),
        *_swept(swept),
        *_beside(measured),
        *_confusions(tuning),
        *_misses("Misses of the tuning half", tuning),
    ]
    if reveal:
        parts += _misses("Misses of the report half: whoever reads them must not tune on them", report)
    head = f"<meta charset=utf-8><title>Evaluation {escape(made)}</title><style>{STYLE}</style>"
    return f"<!doctype html><html lang=en><head>{head}</head><body>{''.join(parts)}</body></html>\n"


def _change(change: Change | None) -> Iterator[str]:
    if change:
        yield "<h2>Since the last report</h2><pre>"
        yield escape("\n".join(changes(change)))
        yield "</pre>"


def _half(title: str, turns: Sequence[Judged]) -> Iterator[str]:
    scope, over = scope_of(turns), handing_over(turns)
    yield f"<h2>{title}</h2>"
    rows = [_slice_row(name, count) for name, count in by_slice(turns).items()]
    rows += [_slice_row(name, Count.of(part), "total") for name, part in parts_of(turns).items()]
    yield _table(("slice", "turns", *(v.value for v in Verdict), "score"), rows)
    yield "<h3>Scope and handing over</h3>"
    shares = {
        "others' questions recognised": scope.recognised,
        "ours accepted": scope.accepted,
        "handed over when asked": over.asked,
        "left to the bot when not asked": over.unasked,
    }
    yield _table(("", "share"), [_row((name, share(found))) for name, found in shares.items()])
    yield from _outcomes(turns)
    yield from _calibration(turns)
    yield "<h3>Told and told rightly, by the least confidence that is told</h3>"
    yield _chart(coverage(turns))


def _slice_row(name: str, count: Count, class_: str = "") -> str:
    cells = (share(count.share(v)) for v in Verdict)
    return _row((name, str(count.total), *cells, f"{count.score:.3f}"), class_)


def _outcomes(turns: Sequence[Judged]) -> Iterator[str]:
    """Give how turns ended against how they were to end (the first outcome of the label)."""
    pairs = Counter((min(t.label.outcomes, key=_order(t)), t.told.outcome) for t in turns)
    names = sorted({name for pair in pairs for name in pair})
    rows = [_row((w, *(str(pairs[w, told] or "") for told in names))) for w in names]
    yield "<h3>Outcomes: wanted down, told across</h3>"
    yield _table(("", *names), rows)


def _order(turn: Judged) -> Callable[[str], tuple[bool, str]]:
    """Count a turn under the outcome that it had, where the label allows that one."""
    return lambda outcome: (outcome != turn.told.outcome, outcome)


def _calibration(turns: Sequence[Judged]) -> Iterator[str]:
    bins = calibration(turns)
    yield f"<h3>Confidence and right entries (calibration error {calibration_error(bins):.3f})</h3>"
    rows = [
        _row((f"{b.low:.2f} to {b.high:.2f}", f"{b.confidence:.3f}", share(b.right), str(b.right.of)))
        for b in bins
    ]
    yield _table(("confidence", "its mean", "the entry was right", "turns"), rows)


def _chart(cuts: Sequence[Cut], width: int = 520, height: int = 240) -> str:
    def line(shares: Iterable[Share], colour: str) -> str:
        points = [
            f"{40 + (width - 60) * cut.threshold:.1f},{height - 30 - (height - 50) * s.value:.1f}"
            for cut, s in zip(cuts, shares, strict=True)
            if not isnan(s.value)
        ]
        return f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{" ".join(points)}"/>'

    def mark(x: float, y: float, text: str) -> str:
        return f'<text x="{x:.0f}" y="{y:.0f}" font-size="11">{escape(text)}</text>'

    ticks = "".join(mark(36 + (width - 60) * n / 4, height - 12, f"{n / 4:.2f}") for n in range(5))
    ticks += "".join(mark(8, height - 27 - (height - 50) * n / 4, f"{n * 25}%") for n in range(5))
    key = mark(60, 16, "blue: told, of ours") + mark(220, 16, "green: right, of what is told")
    lines = line((c.coverage for c in cuts), "#1f5fa8") + line((c.precise for c in cuts), "#1b6b2a")
    return f'<svg width="{width}" height="{height}">{ticks}{key}{lines}</svg>'


def _swept(swept: Sequence[Swept]) -> Iterator[str]:
    if swept:
        yield "<h2>Other thresholds of the decision, each alone (tuning half)</h2>"
        rows = [
            _row(
                (
                    s.name,
                    f"{s.value:g}",
                    *(share(s.count.share(v)) for v in Verdict),
                    f"{s.count.score:.3f}",
                ),
                "total" if s.value == s.default else "",
            )
            for s in swept
        ]
        yield _table(("threshold", "value", *(v.value for v in Verdict), "score"), rows)


def _beside(measured: Sequence[Beside]) -> Iterator[str]:
    for part in measured:
        yield f"<h2>{escape(part.title)}</h2><p class=quiet>Measured {escape(part.made)}.</p><pre>"
        yield escape("\n".join(part.lines))
        yield "</pre>"


def _confusions(turns: Sequence[Judged]) -> Iterator[str]:
    pairs: Counter[tuple[str, str]] = Counter()
    for turn in turns:
        if "entry" in turn.judgement.faults:
            told = "+".join(sorted(turn.told.stated | turn.told.offered)) or turn.told.outcome
            pairs[" or ".join("+".join(sorted(e)) or "none" for e in turn.label.entries), told] += 1
    yield "<h2>Commonest confusions of entries (tuning half)</h2>"
    rows = [_row((wanted, told, str(n))) for (wanted, told), n in pairs.most_common(COMMONEST)]
    yield _table(("wanted", "told or offered", "turns"), rows)


def _misses(title: str, turns: Sequence[Judged]) -> Iterator[str]:
    missed = [t for t in turns if t.verdict is not Verdict.RIGHT]
    yield f"<h2>{escape(title)} ({len(missed)})</h2>"
    for name in dict.fromkeys(t.slice for t in missed):
        yield f"<h3>{escape(name)}</h3>"
        yield from (_miss(t) for t in missed if t.slice == name)


def _miss(turn: Judged) -> str:
    class_ = "wrong" if turn.verdict is Verdict.WRONG else "quiet"
    head = f"<span class={class_}>{turn.verdict.value}</span> {escape(turn.id)} {escape(turn.text)}"
    lines = f"<div>wanted: {escape(wanted_of(turn))}<br>told: {escape(told_of(turn))}</div>"
    why = "<br>".join(map(escape, _why(turn)))
    reply = f"<div class=reply>{escape(turn.told.text)}</div>"
    return f"<details><summary>{head}</summary>{lines}<div class=quiet>{why}</div>{reply}</details>"


def _why(turn: Judged) -> Iterator[str]:
    """Give what was read, from the brain's explanation: wants, candidates and their likelihoods."""
    reading = turn.why.get("reading") or {}
    for segment in reading.get("segments", ()):
        best = segment["candidates"][:CANDIDATES]
        told = ", ".join(f"{c['entry']} {c['score']:.2f}{' named' if c['named'] else ''}" for c in best)
        facets = ",".join(getattr(f, "value", f) for f in segment["facets"])
        want = getattr(segment["want"], "value", segment["want"])
        yield f"«{segment['text']}» wants {want} {segment['sure']:.2f}; {facets or 'no aspect'}; {told}"
    if reading.get("signs"):
        yield f"signs: {', '.join(reading['signs'])}"


def _table(heads: Sequence[str], rows: Iterable[str]) -> str:
    head = "".join(f"<th>{escape(h)}</th>" for h in heads)
    return f"<table><tr>{head}</tr>{''.join(rows)}</table>"


def _row(cells: Iterable[str], class_: str = "") -> str:
    return f"<tr class='{class_}'>{''.join(f'<td>{escape(c)}</td>' for c in cells)}</tr>"
