"""How much one browser, one address and one line may ask of the server."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address


@dataclass(frozen=True)
class Rate:
    """``burst`` at once, then ``per_second``."""

    burst: float
    per_second: float


@dataclass(frozen=True)
class Limits:
    """The limits of the web chat: sizes in bytes, times in seconds.

    Many enterprises sit behind one address, so an address may do much more than a session.
    """

    frame_bytes: int = 64 * 1024
    pages_per_session: int = 8
    history: int = 200
    sends_per_session: Rate = Rate(12, 0.5)
    sends_per_address: Rate = Rate(120, 10)
    lines_per_address: Rate = Rate(60, 2)
    frames_per_line: Rate = Rate(60, 10)
    hello_within: float = 15
    heartbeat: float = 25
    ack_within: float = 5
    turn_within: float = 30
    write_within: float = 10


@dataclass(frozen=True)
class Bucket:
    """How many tokens there were at a moment of a steady clock."""

    tokens: float
    at: float


def take(bucket: Bucket | None, rate: Rate, now: float) -> tuple[Bucket, float]:
    """Take one token. Gives the bucket as it is then, and how many seconds to wait: 0 when it was there."""
    if bucket is None:
        return Bucket(rate.burst - 1, now), 0.0
    tokens = min(rate.burst, bucket.tokens + max(0.0, now - bucket.at) * rate.per_second)
    if tokens < 1:
        return Bucket(tokens, now), (1 - tokens) / rate.per_second
    return Bucket(tokens - 1, now), 0.0


class Limiter:
    """One bucket for each key; the keys that were quiet longest are forgotten first."""

    def __init__(self, rate: Rate, ticks: Callable[[], float], most: int = 20_000) -> None:
        self._rate = rate
        self._ticks = ticks
        self._most = most
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def wait(self, key: str) -> float:
        """Take one token for the key. Gives the seconds to wait before it may: 0 when it may now."""
        bucket, wait = take(self._buckets.get(key), self._rate, self._ticks())
        self._buckets[key] = bucket
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return wait


def household(address: str) -> str:
    """Give the part of an address that one enquirer cannot change at will: of IPv6 the first 64 bits."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    return str(parsed.ipv4_mapped or IPv6Network((int(parsed) >> 64 << 64, 64)))
