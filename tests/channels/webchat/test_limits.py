"""Token buckets, and what counts as one address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.webchat.limits import Limiter, Rate, household, take
from bot.channels.webchat.origins import allowed


def test_a_burst_then_a_steady_rate() -> None:
    rate, bucket, waits = Rate(2, 0.5), None, []
    for now in (0, 0, 0, 1, 2, 3, 4):
        bucket, wait = take(bucket, rate, now)
        waits.append(wait)
    assert waits == [0, 0, 2, 1, 0, 1, 0]


@given(st.lists(st.floats(0, 10), max_size=60))
def test_no_more_pass_than_the_rate_allows(steps: list[float]) -> None:
    rate, bucket, now, passed = Rate(3, 0.7), None, 100.0, 0
    for step in steps:
        now += step
        bucket, wait = take(bucket, rate, now)
        passed += wait == 0
    assert passed <= 3 + 0.7 * sum(steps) + 1e-6


def test_a_clock_that_steps_back_gives_nothing_away() -> None:
    bucket, _ = take(None, Rate(1, 1), 100)
    _, wait = take(bucket, Rate(1, 1), 50)
    assert wait == 1


def test_keys_do_not_share_and_the_oldest_are_forgotten() -> None:
    limiter = Limiter(Rate(1, 0.1), lambda: 0.0, most=2)
    assert [limiter.wait(key) for key in ("a", "b", "a")] == [0, 0, 10]
    assert limiter.wait("c") == 0  # b was quiet longest
    assert limiter.wait("a") == 10
    assert limiter.wait("b") == 0


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_what_counts_as_one_address(address: str, key: str) -> None:
    assert household(address) == key


@pytest.mark.parametrize(
    ("origin", "host", "expected"),
    [
        (None, "chat.example", True),
        ("https://chat.example", "chat.example", True),
        ("https://chat.example", "chat.example:443", True),
        ("http://chat.example", "chat.example:80", True),
        ("http://chat.example:8080", "chat.example:8080", True),
        ("https://CHAT.example", "chat.example", True),
        ("http://chat.example:8080", "chat.example", False),
        ("https://other.example", "chat.example", False),
        ("file://", "chat.example", False),
        ("null", "", False),
        ("", "", False),
        ("ftp://chat.example", "chat.example", False),
    ],
)
def test_own_origin(origin: str | None, host: str, expected: bool) -> None:
    assert allowed(origin, host, ()) is expected
