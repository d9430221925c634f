"""Links to what did not go into the messages that a platform allows: nobody can guess one, and each ends."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable

DAYS = 7
KEPT = DAYS * 86400
_MARK = 32  # hexadecimal digits: 128 bits
_TOKEN = re.compile(r"([0-9a-f]{1,16})-([0-9a-f]{1,16})-([0-9a-f]{1,10})-([0-9a-f]{32})")


class Links:
    """Makes and reads the links of one channel. ``stamp`` marks words as ours; nothing is stored.

    ``base`` is the address under which the enquirers reach the gateway, without a slash at its end.
    """

    def __init__(self, base: str, path: str, stamp: Callable[..., str]) -> None:
        self._base = f"{base}{path}/rest/"
        self._path = path
        self._stamp = stamp

    def link(self, first: int, last: int, now: float) -> str:
        """Give the link to the replies of one conversation from the first to the last of these ids."""
        words = [f"{number:x}" for number in (first, last, int(now) + KEPT)]
        return self._base + "-".join([*words, self._mark(*words)])

    def read(self, token: str, now: float) -> tuple[int, int] | None:
        """Give the ids that a token stands for; ``None``: it is none of ours, or its time is over."""
        parts = _TOKEN.fullmatch(token)
        if parts is None or not hmac.compare_digest(parts[4], self._mark(*parts.groups()[:3])):
            return None
        first, last, until = (int(word, 16) for word in parts.groups()[:3])
        return (first, last) if now < until else None

    def _mark(self, *words: str) -> str:
        return self._stamp("rest", self._path, *words)[:_MARK]
