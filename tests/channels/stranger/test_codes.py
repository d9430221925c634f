"""What a stranger's API answers, line by line of its table of codes, and how the access token is shared."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.channels.stranger.world import HANG_UP, PAGE, World, free_port, settings, start, wait_for, world
from tests.support.busy import allowed

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module", params=["secure", "yixin"])
def by_api(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A gateway that answers by the API alone, so that every answer meets its code."""
    folder = tmp_path_factory.mktemp("codes")
    with world(request.param, folder, BOT_PASSIVE_SECONDS="0") as made:
        yield made


def ask(made: World, user: str, text: str) -> None:
    """Put a question that is acknowledged without an answer."""
    assert made.wire.send(made.wire.text(user, text)).body == b"success"


@pytest.mark.parametrize("code", [-1, PAGE, 99999, 41001, 40001, 40014, 42001])
def test_a_passing_trouble_only_delays(by_api: World, user: str, code: object) -> None:
    before = len(by_api.api.tokens)
    by_api.api.scripts[user].append(code)
    ask(by_api, user, "一时不行")
    wait_for(lambda: by_api.api.shown[user] == ["回一时不行。"])
    assert len(by_api.api.sends[user]) == 2
    if code in (40001, 40014, 42001):
        # A stable token that comes back as it was is forced at most once a minute.
        assert len(by_api.api.tokens) - before <= 2
        assert by_api.api.sends[user][1] - by_api.api.sends[user][0] < allowed(3.0)


def test_an_answer_that_was_lost_on_the_way_is_asked_for_once_more(by_api: World, user: str) -> None:
    by_api.api.scripts[user].extend([HANG_UP, HANG_UP])
    ask(by_api, user, "没有回音")
    wait_for(lambda: len(by_api.api.sends[user]) == 2)
    time.sleep(3)
    assert len(by_api.api.sends[user]) == 2  # and no third time, for it may have arrived
    ask(by_api, user, "又来了")
    wait_for(lambda: by_api.api.shown[user] == ["回没有回音。", "回又来了。"])


def test_a_busy_platform_is_asked_with_growing_pauses(by_api: World, user: str) -> None:
    by_api.api.scripts[user].extend([-1, -1, -1])
    ask(by_api, user, "忙")
    wait_for(lambda: by_api.api.shown[user] == ["回忙。"], 15)
    times = by_api.api.sends[user]
    pauses = [after - before for before, after in itertools.pairwise(times)]
    assert pauses[0] >= 0.4
    assert pauses[2] > pauses[0]
    assert len(times) == 4


def test_who_is_not_known_is_not_tried_again(by_api: World, user: str) -> None:
    by_api.api.scripts[user].append(40003)
    ask(by_api, user, "不认识")
    ask(by_api, user, "下一句")
    wait_for(lambda: by_api.api.shown[user] == ["回下一句。"])
    assert len(by_api.api.sends[user]) == 2


@pytest.mark.parametrize("code", [40033, 44002, 44004, 45002, 47001])
def test_what_we_did_wrong_is_mended_once(by_api: World, user: str, code: int) -> None:
    by_api.brain.says[user] = "字" * 600
    by_api.api.scripts[user].append(code)
    ask(by_api, user, user)
    wait_for(lambda: "".join(by_api.api.shown[user]) == "字" * 600)
    assert all(len(text.encode()) <= 1024 for text in by_api.api.shown[user])
    by_api.api.scripts[user].extend([code, code])
    ask(by_api, user, "还是不行")
    ask(by_api, user, "下一句")
    wait_for(lambda: by_api.api.shown[user][-1] == "回下一句。")
    assert "回还是不行。" not in by_api.api.shown[user]


@pytest.mark.parametrize("code", [43004, 45015, 45047])
def test_who_cannot_be_reached_gets_it_first_when_they_write(by_api: World, user: str, code: int) -> None:
    by_api.api.scripts[user].append(code)
    ask(by_api, user, "够不着")
    wait_for(lambda: len(by_api.api.sends[user]) == 1)
    time.sleep(2.5)
    assert len(by_api.api.sends[user]) == 1
    ask(by_api, user, "又来了")
    wait_for(lambda: by_api.api.shown[user] == ["回够不着。", "回又来了。"])


@pytest.mark.parametrize("code", [45072, 45080, 45081, 40200])
def test_trouble_with_something_else_stops_nothing(by_api: World, user: str, code: int) -> None:
    by_api.api.scripts[user].append(code)
    ask(by_api, user, "别的麻烦")
    ask(by_api, user, "下一句")
    wait_for(lambda: by_api.api.shown[user][-1:] == ["回下一句。"])


@pytest.mark.parametrize("code", [48001, 40164])
def test_an_account_that_may_not_answers_passively_and_says_so(
    tmp_path_factory: pytest.TempPathFactory, user: str, code: int
) -> None:
    with world("secure", tmp_path_factory.mktemp("off"), BOT_PASSIVE_SECONDS="1") as made:
        if code == 40164:
            made.api.token_says.extend([code] * 9)
        made.api.scripts[user].append(code)
        made.brain.sleeps["慢"] = 1.5
        ask(made, user, "慢")
        wait_for(lambda: str(code) in str(made.health()["parts"]["channels"]))
        heard = made.wire.send(made.wire.text(user, "快"))
        assert heard.text == "回慢。\n\n回快。"
        calls = len(made.api.sends[user]), len(made.api.tokens)
        time.sleep(1.5)
        assert calls == (len(made.api.sends[user]), len(made.api.tokens))


def test_too_many_a_minute_pauses_all(tmp_path_factory: pytest.TempPathFactory, user: str) -> None:
    with world("plain", tmp_path_factory.mktemp("minute"), BOT_PASSIVE_SECONDS="0") as made:
        made.api.scripts[user].append(45011)
        ask(made, user, "太多")
        wait_for(lambda: len(made.api.sends[user]) == 1)
        ask(made, f"{user}x", "别人")
        time.sleep(2.5)
        assert len(made.api.sends[user]) == 1
        assert not made.api.sends[f"{user}x"]


def test_two_gateways_fetch_one_token(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("two")
    with world("secure", folder, BOT_PASSIVE_SECONDS="0") as made:
        port = free_port()
        second = settings("secure", folder, port, made.brain.server.url, made.api.server.url)
        made.processes.append(start({**second, "BOT_PASSIVE_SECONDS": "0"}, folder / "gateway.log"))
        other = World("secure", port, made.brain, made.api, folder)
        wait_for(lambda: _up(other), 60)
        made.api.token_takes = 0.5
        for times in (1, 2):
            made.api.expire()
            _all_write([made, other] * 10, f"第{times}轮")
            wait_for(lambda n=times: _all_heard(made, n), 20)
            assert len(made.api.tokens) == times


def _all_write(gateways: list[World], text: str) -> None:
    with ThreadPoolExecutor(len(gateways)) as pool:
        list(pool.map(lambda n: ask(gateways[n], f"oTwo{n}", text), range(len(gateways))))


def _all_heard(made: World, times: int) -> bool:
    return all(len(made.api.shown[f"oTwo{n}"]) == times for n in range(20))


def _up(made: World) -> bool:
    try:
        return bool(made.health())
    except OSError:
        return False
