"""A stranger's platform that pushes again: one turn, one answer, in order, however it comes to ask twice."""

from __future__ import annotations

import html
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.channels.stranger.wire import Heard, Push, Wire
from tests.channels.stranger.world import World, wait_for, world
from tests.support.busy import allowed

pytestmark = [pytest.mark.slow]


def texts(heard: list[Heard | None]) -> list[str]:
    """Give the passive replies that came."""
    return [one.text for one in heard if one and one.text is not None]


def hang_up_after(wire: Wire, push: Push, seconds: float) -> Heard | None:
    """Push and wait so long; ``None``: nothing came, and the line was cut."""
    try:
        return wire.send(push, seconds)
    except TimeoutError:
        return None


def as_the_platform_does(wire: Wire, push: Push) -> list[Heard | None]:
    """Push three times at most, five seconds apart, until the push is acknowledged."""
    heard: list[Heard | None] = []
    for _ in range(3):
        began = time.monotonic()
        heard.append(hang_up_after(wire, push, 5.0))
        if heard[-1] and heard[-1].acknowledged:
            break
        time.sleep(max(0.0, 5.0 - (time.monotonic() - began)))
    return heard


def test_an_answer_within_the_time_is_passive(each: World, user: str) -> None:
    text = f"一秒半{user}"
    each.brain.sleeps[text] = 1.5
    heard = each.wire.send(each.wire.text(user, text))
    assert heard.text == f"回{text}。"
    assert 1.5 <= heard.seconds < allowed(2.5)
    time.sleep(1.0)
    assert not each.api.sends[user]


def test_a_later_answer_is_acknowledged_in_time_and_comes_by_the_api(each: World, user: str) -> None:
    text = f"三秒半{user}"
    each.brain.sleeps[text] = 3.5
    heard = each.wire.send(each.wire.text(user, text))
    assert heard.body == b"success"
    assert heard.seconds < allowed(2.5)
    wait_for(lambda: each.api.shown[user] == [f"回{text}。"])


def test_the_same_push_many_times_at_once_is_answered_once(each: World, user: str) -> None:
    text = f"同时{user}"
    each.brain.sleeps[text] = 0.5
    push = each.wire.text(user, text)
    with ThreadPoolExecutor(6) as pool:
        heard = list(pool.map(lambda _: each.wire.send(push), range(6)))
    assert all(one.acknowledged for one in heard)
    time.sleep(0.5)
    assert each.shown(user, texts(list(heard))) == [f"回{text}。"]
    assert each.brain.turns(text) == 1


def test_a_push_that_was_cut_off_is_answered_by_its_retry_or_the_api(each: World, user: str) -> None:
    text = f"断线{user}"
    each.brain.sleeps[text] = 1.2
    push = each.wire.text(user, text)
    heard = [hang_up_after(each.wire, push, 0.3)]
    time.sleep(0.3)
    heard.append(each.wire.send(push))
    assert heard[-1] is not None
    assert heard[-1].text == f"回{text}。"
    time.sleep(1.0)
    assert not each.api.sends[user]
    assert each.brain.turns(text) == 1


def test_a_push_that_is_never_repeated_is_answered_by_the_api(each: World, user: str) -> None:
    text = f"再也不来{user}"
    each.brain.sleeps[text] = 1.0
    assert hang_up_after(each.wire, each.wire.text(user, text), 0.3) is None
    wait_for(lambda: each.api.shown[user] == [f"回{text}。"])


def test_questions_of_one_user_are_answered_in_order(each: World, user: str) -> None:
    wanted, passive = [], []
    pushes = [each.wire.text(user, f"{n}问{user}") for n in range(3)]
    for n in range(3):
        each.brain.sleeps[f"{n}问{user}"] = (0.9, 0.0, 0.4)[n]
        wanted.append(f"回{n}问{user}。")

    def put(n: int) -> None:
        time.sleep(0.15 * n)
        heard = each.wire.send(pushes[n])
        assert heard.acknowledged
        if heard.text:
            passive.append((time.monotonic(), heard.text))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(put, range(3)))
    wait_for(lambda: len(passive) + len(each.api.shown[user]) >= 3)
    by_api = list(zip(each.api.sends[user], each.api.shown[user], strict=True))
    assert [text for _, text in sorted([*passive, *by_api])] == wanted


def test_a_long_answer_comes_whole_and_in_order(each: World, user: str) -> None:
    text = f"长{user}"
    each.brain.says[text] = long = "".join(f"第{n}句话讲的是一件事情,讲得不长也不短。" for n in range(160))
    heard = each.wire.send(each.wire.text(user, text))
    parts = [heard.text or ""]
    wait_for(lambda: "".join([*parts, *each.api.shown[user]]).replace("\n", "") == _wide(long))
    shown = each.shown(user, parts)
    assert 2 <= len(shown) <= 5
    assert all(len(part.encode()) <= 2048 and part.endswith("。") for part in shown)


PUBLIC = "https://ask.example.gov.cn/desk"


@pytest.mark.parametrize("mode", ["secure", "yixin"])
def test_what_five_messages_do_not_hold_is_behind_a_link(tmp_path: Path, user: str, mode: str) -> None:
    with world(mode, tmp_path, BOT_PASSIVE_SECONDS="2", BOT_PUBLIC_URL=f"{PUBLIC}/") as made:
        long = "".join(f"第{n}句<b>&话</b>讲的是一件事情。" for n in range(400))
        made.brain.says["很长"] = long
        passive = made.wire.send(made.wire.text(user, "很长")).text or ""
        wait_for(lambda: len(made.api.shown[user]) == 4)
        time.sleep(1.0)
        *parts, last = [passive, *made.api.shown[user]]
        assert len(parts) == 4
        token = re.search(rf"{PUBLIC}{made.wire.path}/rest/(\S+)", last)
        assert token is not None
        page = made.wire.request("GET", [], None, 5, f"/rest/{token[1]}")
        assert page.status == 200
        rest = re.findall(r"<p>(.*?)</p>", page.body.decode(), re.DOTALL)[1:-1]
        told = "".join([*parts, last[: last.rindex("(") - 1], *map(html.unescape, rest)])
        assert told.replace("\n", "") == long
        for wrong in (token[1][:-1] + "0", "1-9-ffffffff-" + "0" * 32, "x", f"{token[1]}0", ""):
            if wrong != token[1]:
                assert made.wire.request("GET", [], None, 5, f"/rest/{wrong}").status == 404
        made.wire.send(made.wire.text(user, "接着问"))
        assert len(made.api.shown[user]) == 4  # the rest was told, and is not told again
        made.wire.send(made.wire.event(user, "unsubscribe"))
        assert made.wire.request("GET", [], None, 5, f"/rest/{token[1]}").status == 404


def test_without_a_public_address_the_rest_waits_and_says_so(each: World, user: str) -> None:
    text = f"很长{user}"
    each.brain.says[text] = long = "".join(f"第{n}句话讲的是一件事情。" for n in range(400))
    first = each.wire.send(each.wire.text(user, text)).text or ""
    wait_for(lambda: len(each.api.shown[user]) == 4)
    assert "没有发完" in each.api.shown[user][-1]
    last = each.wire.send(each.wire.text(user, "接着看")).text
    # What was held goes first, by the API; the answer follows it there, or is the passive reply.
    wait_for(lambda: len(each.api.shown[user]) >= (7 if last else 8))
    told = re.sub("[((]还有内容.*?[))]", "", "".join([first, *each.api.shown[user], last or ""]))
    assert told.replace("\n", "") == f"{long}回接着看。"


def _wide(text: str) -> str:
    return text.replace(",", ",")


def test_an_answer_without_a_place_to_cut_comes_whole(each: World, user: str) -> None:
    text = f"没有句号{user}"
    each.brain.says[text] = long = "👨‍👩‍👧‍👦" * 200 + "🇨🇳" * 200
    heard = each.wire.send(each.wire.text(user, text))
    wait_for(lambda: "".join([heard.text or "", *each.api.shown[user]]) == long)
    for part in each.shown(user, [heard.text or ""]):
        assert not part.startswith(("\u200d", "\U0001f1f3"))
        assert not part.endswith("\u200d")


@pytest.mark.timeout(300)
def test_a_platform_that_asks_every_five_seconds(tmp_path: Path) -> None:
    """With the settings as they come, and at the platform's own pace."""
    with world("secure", tmp_path) as made, ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(_slow, made), pool.submit(_lost, made)]:
            done.result()


def _slow(made: World) -> None:
    """The answer takes longer than the platform waits: acknowledged once, one turn, one answer."""
    made.brain.sleeps["慢"] = 5.5
    heard = as_the_platform_does(made.wire, made.wire.text("oSlow", "慢"))
    assert len(heard) == 1
    assert heard[0] is not None
    assert heard[0].body == b"success"
    assert heard[0].seconds < 5.0
    wait_for(lambda: made.api.shown["oSlow"] == ["回慢。"])
    assert made.brain.turns("慢") == 1


def _lost(made: World) -> None:
    """The line is cut while the turn runs, twice: the third push carries the answer, or the API has."""
    made.brain.sleeps["丢"] = 5.5
    push = made.wire.text("oLost", "丢")
    heard = [hang_up_after(made.wire, push, 1.0)]
    time.sleep(4.0)
    heard.append(hang_up_after(made.wire, push, 5.0))
    time.sleep(1.0)
    heard.append(hang_up_after(made.wire, push, 5.0))
    time.sleep(1.0)
    assert heard[0] is None
    assert heard[1] is not None
    assert heard[2] is not None
    assert set(made.shown("oLost", texts(heard))) == {"回丢。"}
    assert len(made.api.shown["oLost"]) + len(texts(heard[1:2])) == 1
    assert made.brain.turns("丢") == 1
