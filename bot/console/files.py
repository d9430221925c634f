"""The static files of the console, held in memory."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bot.channels.webchat.files import File, read_files

FOLDER = Path(__file__).parent / "static"


@lru_cache(maxsize=1)
def static_files() -> dict[str, File]:
    """Give the files by name; read at first use."""
    return read_files(FOLDER)
