"""Says what went wrong and where, without the error's own text: that may repeat what an enquirer wrote."""

from __future__ import annotations

import traceback

from bot.desk.errors import DeskError


def expected_cause(error: BaseException) -> DeskError | None:
    """Give the error of ours that Rasa has wrapped in its own, if there is one."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, DeskError):
        cause = cause.__cause__
    return cause


def place_of(error: BaseException) -> str:
    """Give the error's type with the file, line and function that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    return f"{type(error).__name__} at {frames[-1].filename}:{frames[-1].lineno} in {frames[-1].name}"
