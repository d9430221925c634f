"""``make evaluate``: asks the labelled questions and reports; ``--quick`` does so without processes."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from bot.brain.model_files import PROJECT
from tests.evaluation import beside, comparing, diet, printing
from tests.evaluation.ablation import ablate, told
from tests.evaluation.asking import evaluate
from tests.evaluation.comparing import Change
from tests.evaluation.desks import DATA, QuickDesk, http_desk
from tests.evaluation.judging import Judged
from tests.evaluation.page import page
from tests.evaluation.pipelines import compare, every_pipeline, table
from tests.evaluation.questions import Case, Half, every_case, read_file, single_questions
from tests.evaluation.sweeping import Swept, sweep
from tests.evaluation.training import trained

OUT = PROJECT / "results" / "evaluation"


def main() -> int:
    """Ask, judge, print, and write the report."""
    options = _options()
    cases, desk = _cases(options), QuickDesk.load(trained(options.data), options.data)
    if options.pipelines:
        return _pipelines(options, desk)
    began = time.perf_counter()
    turns = _turns(options, desk, cases)
    took = time.perf_counter() - began
    how = "quick" if options.quick else "through the gateway"
    for line in _printed(turns, options.brief):
        print(line)
    swept = _swept(desk, cases) if options.sweep else []
    for tried in swept:
        print(printing.swept(tried))
    made = _now()
    _ablated(options, cases, turns, made)
    change = None if options.file or options.slice else _compared(options.out, turns, made, how)
    name = options.out / f"{made.replace(':', '').replace(' ', '-')}.html"
    options.out.mkdir(parents=True, exist_ok=True)
    name.write_text(page(turns, made, how, change, swept, options.reveal, beside.kept(options.out)), "utf-8")
    print(f"{len(turns)} turns {how} in {took:.0f} s; to read: {name}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="without processes: the same verdicts in seconds"
    )
    parser.add_argument("--brief", action="store_true", help="print no misses")
    parser.add_argument("--slice", action="append", help="only this slice or dialogue file; may be repeated")
    parser.add_argument("--file", type=Path, action="append", help="a file of questions in place of the set")
    parser.add_argument("--sweep", action="store_true", help="try other thresholds too, a minute")
    parser.add_argument("--pipelines", action="store_true", help="compare with Rasa's default and retrieval")
    parser.add_argument(
        "--epochs", type=int, default=diet.EPOCHS, help="of DIET (default %(default)s: hours)"
    )
    parser.add_argument(
        "--ablate", metavar="GLOB", action="append", default=[], help="what these files under data/ brought"
    )
    parser.add_argument("--each", action="store_true", help="leave out each of these files alone")
    parser.add_argument("--reveal", action="store_true", help="show misses of the report half in the HTML")
    parser.add_argument("--data", type=Path, default=DATA, help="data folder (default: the project's)")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the reports")
    return parser.parse_args()


def _pipelines(options: argparse.Namespace, desk: QuickDesk) -> int:
    cases = single_questions()
    found = every_pipeline(desk, cases, options.data, options.epochs, trained(options.data))
    compared = list(compare(cases, found))
    lines: list[str] = []
    for half in Half:
        lines += [f"{half.value} half, {sum(c.half is half for c in cases)} questions", ""]
        lines += [*table(compared, half), ""]
    print("\n".join(lines))
    beside.keep(options.out, "pipelines", _now(), lines)
    return 0


def _ablated(options: argparse.Namespace, cases: list[Case], turns: list[Judged], made: str) -> None:
    lines: list[str] = []
    for found in ablate(options.data, cases, turns, options.ablate, options.each):
        lines.append(told(found))
        print(lines[-1], flush=True)
        beside.keep(options.out, "ablation", made, lines)


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def _cases(options: argparse.Namespace) -> list[Case]:
    cases = [c for path in options.file for c in read_file(path)] if options.file else every_case()
    return [c for c in cases if not options.slice or c.slice in options.slice]


def _turns(options: argparse.Namespace, quick: QuickDesk, cases: list[Case]) -> list[Judged]:
    turns = evaluate(quick, cases)
    if options.quick:
        return turns
    with http_desk(trained(options.data), options.data) as desk:
        whole = evaluate(desk, cases, _tick(len(cases)))
    differing = [w.id for w, q in zip(whole, turns, strict=True) if w.judgement != q.judgement]
    if differing:
        print(f"the quick way judges {len(differing)} turns otherwise: {' '.join(differing)}")
    return [replace(w, why=q.why) for w, q in zip(whole, turns, strict=True)]


def _printed(turns: list[Judged], brief: bool) -> Iterator[str]:
    if not brief:
        yield from printing.misses(turns)
    for half in Half:
        yield from printing.half_table(turns, half)
    yield printing.timing(turns)
    yield printing.GOALS


def _swept(desk: QuickDesk, cases: list[Case]) -> list[Swept]:
    return list(sweep(desk, [c for c in cases if c.half is Half.TUNING]))


def _compared(folder: Path, turns: list[Judged], made: str, how: str) -> Change | None:
    """Compare with the last report, then become the last one."""
    found, before = comparing.summary(turns, made, how), comparing.last(folder)
    change = comparing.compare(before, found) if before else None
    if change:
        print("\n".join(printing.changes(change)))
    comparing.keep(folder, found)
    return change


def _tick(all_: int) -> Callable[[int], None]:
    def tick(done: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done} of {all_}", end="" if done < all_ else "\n", file=sys.stderr, flush=True)

    return tick


if __name__ == "__main__":
    raise SystemExit(main())
