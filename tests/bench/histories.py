"""Counts 10,000 random histories by both implementations: ``python -m tests.bench.histories``.

Each history has its own enquiries, cases and handoffs with all their steps. Over each four of 150 random
statistics are counted twice, and what the steps tell is compared with what the rows say.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from bot.storage.database import Database
from tests.reports.test_counting import compare

SEED = 20260101
SIZE, STATISTICS = 12, 4


def main() -> None:
    """Compare; ends with an ``AssertionError`` naming the definition at the first difference."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--histories", type=int, default=10_000)
    wanted = parser.parse_args().histories
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="desk-histories-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'desk.db'}")
        database.open()
        try:
            compared = compare(database, SEED, wanted, SIZE, STATISTICS)
        finally:
            database.close_now()
    print(f"{wanted:,} histories, {compared:,} lines identical, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
