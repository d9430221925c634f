"""Tests of the office's texts and of the menu made from the catalogue, and of the nearest office."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import yaml

from bot.channels.official_account.menu import menu_of
from bot.channels.official_account.options import Face
from bot.channels.official_account.plans import Say, plan
from bot.channels.official_account.pushes import Push
from bot.channels.official_account.texts import read_texts
from bot.commands import menu as command
from bot.commands.parser import Parser
from bot.desk.bureau import Office
from bot.desk.errors import CatalogueError, SettingsError
from bot.desk.offices import nearest
from bot.storage.catalogue_files import load_catalogue
from tests.samples import catalogue
from tests.support.platform import APP_ID, APP_SECRET, platform

FILE = Path("data/responses/official_account.yml")


def test_the_office_s_texts_are_whole() -> None:
    assert "阜阳" in read_texts(FILE).say("welcome", bureau="阜阳市工业和信息化局")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"image": None}, "image"),
        ({"welcome": "{bureau} {other}"}, "welcome"),
        ({"marks": {}}, "marks.image"),
        ({"menu_more": []}, "menu_more"),
        ({"menu_more": [{"title": "x"}]}, "menu_more[1]"),
        ({"menu_more": [{"title": "x", "ask": "a", "url": "http://b"}]}, "menu_more[1]"),
        ({"notice": {"template": "t", "data": None}}, "notice.data"),
        ({"reasons": None}, "reasons.window_closed"),
    ],
)
def test_a_wrong_text_is_told_by_file_and_field(tmp_path: Path, change: dict, field: str) -> None:
    content = yaml.safe_load(FILE.read_text("utf-8")) | change
    path = tmp_path / "official_account.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    with pytest.raises(CatalogueError) as caught:
        read_texts(path)
    assert field in caught.value.for_reader
    assert "official_account.yml" in caught.value.for_reader


def test_the_menu_is_what_the_platform_takes() -> None:
    known = load_catalogue(Path("data")).catalogue
    assert known is not None
    buttons = menu_of(known, read_texts(FILE))["button"]
    assert [button["name"] for button in buttons] == ["服务事项", "信息公开", "更多"]
    for button in buttons:
        assert len(button["name"].encode()) <= 16
        assert 1 <= len(button["sub_button"]) <= 5
        for sub in button["sub_button"]:
            assert 0 < len(sub["name"].encode()) <= 60
            assert len(sub.get("key", "").encode()) <= 128
    asked = buttons[0]["sub_button"][0]["key"].removeprefix("ask:")
    assert asked in {entry.name for entry in known}


def test_a_group_without_entries_is_left_out() -> None:
    known = dataclasses.replace(catalogue(), entries={})
    assert [button["name"] for button in menu_of(known, read_texts(FILE))["button"]] == ["更多"]


async def test_the_menu_is_pushed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import asyncio

    async with platform() as (fake, url):
        environ = {"BOT_WECHAT_APP_ID": APP_ID, "BOT_WECHAT_APP_SECRET": APP_SECRET, "BOT_WECHAT_API": url}
        for name, value in {**environ, "BOT_ALLOW_SAMPLES": "1"}.items():
            monkeypatch.setenv(name, value)
        parser = Parser(prog="x")
        command.add_arguments(parser)
        assert await asyncio.to_thread(command.run, parser.parse_args(["push"])) == 0
        assert "菜单已发布" in capsys.readouterr().out
        assert fake.sent("menu/create")[0]["button"][0]["sub_button"]
        fake.token_says.append(40164)
        with pytest.raises(command.MenuError) as caught:
            await asyncio.to_thread(command.run, parser.parse_args(["push"]))
        assert "40164" in caught.value.for_reader
        monkeypatch.delenv("BOT_WECHAT_APP_SECRET")
        with pytest.raises(SettingsError, match="no app id"):
            await asyncio.to_thread(command.run, parser.parse_args(["push"]))


def test_the_nearest_office() -> None:
    bureau = dataclasses.replace(
        catalogue().bureau,
        latitude=None,
        longitude=None,
        offices=(
            Office("甲", "甲街", None, 32.9, 115.8),
            Office("乙", "乙街", None, 33.2, 115.9),
            Office("丙"),
        ),
    )
    office, metres = nearest(bureau, 33.19, 115.9)
    assert office.name == "乙"
    assert metres == pytest.approx(1112, abs=2)
    assert nearest(bureau, None, 1.0) == (nearest(dataclasses.replace(bureau, offices=()), 1.0, 1.0)[0], None)
    assert nearest(dataclasses.replace(bureau, offices=()), 33.0, 115.0)[0].name == bureau.name


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (("33.19", "115.9"), ["离您最近的是乙(约1.1公里)。", "地址:乙街"]),
        (("x", ""), ["位置收到了,但还算不出离您多远。", "局", "电话:1"]),
    ],
)
def test_only_what_is_known_of_an_office_is_told(place: tuple[str, str], told: list[str]) -> None:
    offices = (Office("乙", "乙街", None, 33.2, 115.9),)
    bureau = dataclasses.replace(
        catalogue().bureau, name="局", address=None, phone="1", latitude=None, longitude=None, offices=offices
    )
    face = Face(bureau, read_texts(FILE))
    fields = {"Location_X": place[0], "Location_Y": place[1]}
    said = plan(Push("gh_1", "u1", 1, "location", "1", fields), face)
    assert isinstance(said, Say)
    assert said.text.split("\n") == told
