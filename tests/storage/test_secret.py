"""Tests of bot.storage.secret: made once, kept safe, and pseudonyms that depend on it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.desk.errors import StorageError
from bot.storage.secret import Secret, read_secret


def test_it_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first = read_secret(tmp_path / "var")
    assert (tmp_path / "var" / "secret").stat().st_mode & 0o777 == 0o600
    assert read_secret(tmp_path / "var").fingerprint == first.fingerprint
    assert read_secret(tmp_path / "other").fingerprint != first.fingerprint
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret"]


def test_a_file_that_others_could_read_is_closed(tmp_path: Path) -> None:
    read_secret(tmp_path)
    (tmp_path / "secret").chmod(0o644)
    read_secret(tmp_path)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 64])
def test_a_file_that_holds_no_secret_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret").write_bytes(content)
    with pytest.raises(StorageError) as caught:
        read_secret(tmp_path)
    assert "secret" in caught.value.for_reader


def test_of_several_who_make_it_at_once_one_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import itertools

    pids = itertools.count(1)
    monkeypatch.setattr("os.getpid", lambda: next(pids))
    with ThreadPoolExecutor(8) as pool:
        prints = {s.fingerprint for s in pool.map(lambda _: read_secret(tmp_path), range(16))}
    assert len(prints) == 1


def test_pseudonyms_are_stable_and_differ_by_sender_channel_and_secret() -> None:
    one, two = Secret("a" * 32), Secret("b" * 32)
    name = one.pseudonym("wechat", "openid")
    assert name == one.pseudonym("wechat", "openid")
    assert len(name) == 32
    assert "openid" not in name
    others = {
        one.pseudonym("wechat", "openie"),
        one.pseudonym("yixin", "openid"),
        two.pseudonym("wechat", "openid"),
    }
    assert len(others | {name}) == 4
    assert one.digest("a", "bc") != one.digest("ab", "c")
    assert "a" * 8 not in repr(one)
