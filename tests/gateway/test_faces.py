"""Tests of bot.gateway.faces and bot.gateway.channels: the page as fresh as its files; channels by name."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk.entries import Review, ReviewState
from bot.desk.errors import CatalogueError, SettingsError
from bot.gateway.channels import CHANNELS, Surroundings, open_channels
from bot.gateway.faces import LiveFace
from bot.settings import read_settings
from tests.samples import FILING, catalogue

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return Path(shutil.copy(DATA / "responses" / "webchat.yml", tmp_path))


def test_a_changed_file_is_shown_and_a_bad_one_is_not(path: Path) -> None:
    known = catalogue()
    face = LiveFace(path, lambda: known, samples=False)
    before = face().texts
    assert face().texts is before
    path.write_text(path.read_text("utf-8").replace(f"title: {before.title}", "title: 新的名称"), "utf-8")
    assert face().texts.title == "新的名称"
    path.write_text("title: [", "utf-8")
    assert face().texts.title == "新的名称"
    path.unlink()
    assert face().texts.title == "新的名称"


def test_a_bad_file_at_the_start_is_an_error(path: Path) -> None:
    path.write_text("title: [", "utf-8")
    with pytest.raises(CatalogueError):
        LiveFace(path, catalogue, samples=False)


def test_a_demonstration_says_that_it_is_one(path: Path) -> None:
    sample = catalogue(replace(FILING, review=Review(ReviewState.SAMPLE)))
    reviewed = catalogue()
    assert "演示" in (LiveFace(path, lambda: sample, samples=True)().notice or "")
    assert LiveFace(path, lambda: reviewed, samples=True)().notice is None
    assert LiveFace(path, lambda: sample, samples=False)().notice is None


def test_every_channel_that_is_listed_can_be_made_under_its_name() -> None:
    secrets = {"BOT_WECHAT_TOKEN": "abc", "BOT_WECHAT_APP_ID": "wx1", "BOT_YIXIN_TOKEN": "abc"}
    channels = {"BOT_CHANNELS": ",".join(CHANNELS), "BOT_WECHAT_AES_KEY": "k" * 43}
    settings = read_settings({"BOT_DATA": str(DATA), **secrets, **channels})
    made = open_channels(Surroundings(settings, catalogue))
    assert {name: channel.name for name, channel in made.items()} == {name: name for name in CHANNELS}
    assert all(isinstance(channel.repeatable, bool) for channel in made.values())


def test_an_unknown_channel_is_named() -> None:
    settings = read_settings({"BOT_DATA": str(DATA), "BOT_CHANNELS": "rest,telex"})
    with pytest.raises(SettingsError) as caught:
        open_channels(Surroundings(settings, catalogue))
    assert "telex" in caught.value.for_reader
    assert "webchat" in caught.value.for_reader
