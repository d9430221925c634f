"""Allowance for a machine that others use too: a promise in seconds is one of a machine that is free."""

from __future__ import annotations

import os


def allowed(seconds: float) -> float:
    """Give the seconds that the promise comes to while more programs want to run than there are cores."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
