"""``make evaluate``: asks the labelled questions and reports; ``--quick`` does so without processes."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

from bot.brain.model_files import PROJECT
from tests.evaluation import comparing, printing
from tests.evaluation.asking import evaluate
from tests.evaluation.desks import QuickDesk, http_desk
from tests.evaluation.judging import Judged
from tests.evaluation.questions import Case, Half, every_case, read_file

OUT = PROJECT / "results" / "evaluation"


def main() -> int:
    """Ask, judge, print, and write the report."""
    options = _options()
    cases = _cases(options)
    began = time.perf_counter()
    turns = _turns(options, cases)
    took = time.perf_counter() - began
    made = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
    how = "quick" if options.quick else "through the gateway"
    if not options.brief:
        print("\n".join(printing.misses(turns)))
    for half in Half:
        print("\n".join(printing.half_table(turns, half)))
    print(printing.timing(turns))
    print(printing.GOALS)
    if not (options.file or options.slice):
        found = comparing.summary(turns, made, how)
        before = comparing.last(options.out)
        if before:
            print("\n".join(printing.changes(comparing.compare(before, found))))
        comparing.keep(options.out, found)
    print(f"{len(turns)} turns {how} in {took:.0f} s")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="without processes: the same verdicts in seconds"
    )
    parser.add_argument("--brief", action="store_true", help="print no misses")
    parser.add_argument("--slice", action="append", help="only this slice or dialogue file; may be repeated")
    parser.add_argument(
        "--file", type=Path, action="append", help="this file of questions in place of the set"
    )
    parser.add_argument("--reveal", action="store_true", help="show misses of the report half in the HTML")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the reports")
    return parser.parse_args()


def _cases(options: argparse.Namespace) -> list[Case]:
    cases = [c for path in options.file for c in read_file(path)] if options.file else every_case()
    return [c for c in cases if not options.slice or c.slice in options.slice]


def _turns(options: argparse.Namespace, cases: list[Case]) -> list[Judged]:
    if options.quick:
        return evaluate(QuickDesk.load(), cases)
    with http_desk() as desk:
        return evaluate(desk, cases, _tick(len(cases)))


def _tick(all_: int) -> Callable[[int], None]:
    def tick(done: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done} of {all_}", end="" if done < all_ else "\n", file=sys.stderr, flush=True)

    return tick


if __name__ == "__main__":
    raise SystemExit(main())
