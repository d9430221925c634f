"""Where the tests keep their files: in memory where there is room, since every commit is forced to disk.

What a test kills is a process, and a file in memory outlives that as one on disk does.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30  # bytes: the files of all tests that run at once, and what a browser shares
CHOSEN = "PYTEST_DEBUG_TEMPROOT"  # pytest's own setting


def choose_place() -> None:
    """Have pytest make its folders in memory, unless somebody chose a place."""
    if CHOSEN not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ[CHOSEN] = str(MEMORY)
