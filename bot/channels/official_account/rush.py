"""Whether it pays to hold pushes for their answers: not while many wait, or answers come late. Pure."""

from __future__ import annotations

FEW = 3
"""So many messages may wait at once and it is no rush: whoever asks alone can be held for the whole time."""
CROWD = 32
"""More than this cannot be answered in a moment, so none of them is held at all."""
VAIN = 3  # so many holds for nothing, and it is a rush, however few messages come
CALM = 20
"""So many quick answers in a row, and it is over; a few between slow ones say nothing of the next."""
OVER_AFTER = 10.0  # seconds without a message


class Rush:
    """Learns from what comes and how soon it is answered. ``quick`` is in seconds, and so are all times.

    It begins with one message more than ``FEW`` waiting at once, or with ``VAIN`` holds for nothing, and ends
    with ``CALM`` answers in a row that were ready within ``quick``, or when nothing has come for a while.
    """

    def __init__(self, quick: float) -> None:
        self._quick = quick
        self._vain = self._quickly = 0
        self._on = False
        self._latest = 0.0

    @property
    def on(self) -> bool:
        """Whether a push is to be acknowledged soon, with its answer or without."""
        return self._on

    def comes(self, waiting: int, now: float) -> None:
        """A message comes, and so many wait now, itself among them."""
        if now - self._latest > OVER_AFTER:
            self._end()
        self._latest = now
        self._on = self._on or waiting > FEW

    def in_vain(self) -> None:
        """A push was held for the whole time, and got no answer."""
        self._vain += 1
        self._on = self._on or self._vain >= VAIN

    def answered(self, seconds: float) -> None:
        """A question had its answer after so long."""
        self._quickly = self._quickly + 1 if seconds <= self._quick else 0
        if self._quickly >= CALM:
            self._end()

    def _end(self) -> None:
        self._on, self._vain, self._quickly = False, 0, 0
