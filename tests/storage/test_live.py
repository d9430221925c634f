"""The live catalogue follows its files within two seconds, keeps what is good, and tells its subscribers."""

import logging
import os
import threading
import time

import pytest

from bot.desk.errors import CatalogueError
from bot.storage.live import LiveCatalogue, current
from tests.storage.folders import DISCLOSURE, HOTLINE, SERVICE, Folder

PROMISED_SECONDS = 2.0


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path).with_entries()


@pytest.fixture(params=["notified", "polling"])
def live(request, folder):
    """A live catalogue, with the notifications of the system and without."""
    catalogue = LiveCatalogue(folder.path, poll=request.param == "polling")
    yield catalogue
    catalogue.stop()


def wait_for(condition, seconds=PROMISED_SECONDS):
    """Give the seconds until the condition holds; fails when it does not within the time."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "not within the promised time"
        time.sleep(0.01)
    return time.monotonic() - began


def name_of(live, entry_id="reply-time"):
    entry = live.catalogue.get(entry_id)
    return entry and entry.name


def test_a_saved_file_is_live_within_two_seconds(live, folder):
    for name in ("多久答复", "几天答复", "何时答复"):
        before = live.version
        folder.entry("disclosure/reply-time", DISCLOSURE.replace("答复期限", name))
        wait_for(lambda name=name: name_of(live) == name)
        assert live.version != before


def test_a_new_entry_and_a_removed_one_are_live(live, folder):
    path = folder.entry("contacts/switchboard", DISCLOSURE.replace("d13", "k1").replace("答复期限", "总机"))
    wait_for(lambda: name_of(live, "switchboard") == "总机")
    path.unlink()
    wait_for(lambda: live.catalogue.get("switchboard") is None)


def test_an_editor_that_renames_is_followed(live, folder):
    path = folder.path / "catalogue/disclosure/reply-time.yml"
    temporary = path.with_name(".reply-time.yml.swp")
    temporary.write_text(DISCLOSURE.replace("答复期限", "多久答复"))
    os.replace(temporary, path)
    wait_for(lambda: name_of(live) == "多久答复")


def test_an_editor_that_truncates_first_is_never_seen_half_done(live, folder):
    path = folder.path / "catalogue/disclosure/reply-time.yml"
    names = set()
    watching = threading.Event()

    def watch():
        while not watching.is_set():
            names.add(name_of(live))
            time.sleep(0.005)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        with path.open("w") as stream:
            stream.flush()
            time.sleep(0.3)
            stream.write(DISCLOSURE.replace("答复期限", "多久答复"))
        wait_for(lambda: name_of(live) == "多久答复")
    finally:
        watching.set()
        thread.join()
    names.add(name_of(live))  # the watcher may not have looked again since
    assert names == {"答复期限", "多久答复"}


def test_a_bad_file_is_told_and_the_last_good_version_stays(live, folder, caplog):
    before = live.catalogue
    with caplog.at_level(logging.INFO, logger="bot.storage.live"):
        folder.entry("services/filing", "code: [")
        wait_for(lambda: live.problems != ())
        assert live.catalogue is before
        assert live.report.held == ("data/catalogue/services/filing.yml",)
        folder.entry("services/filing", SERVICE)
        wait_for(lambda: live.problems == ())
    assert live.version == before.version
    assert [r.levelname for r in caplog.records] == ["ERROR", "INFO"]
    assert "filing.yml" in caplog.records[0].getMessage()


def test_subscribers_get_each_new_catalogue_until_they_leave(live, folder):
    got, others = [], []
    leave = live.subscribe(got.append)
    live.subscribe(others.append)
    folder.entry("disclosure/reply-time", DISCLOSURE.replace("答复期限", "多久答复"))
    wait_for(lambda: got != [] and others != [])
    leave()
    folder.entry("disclosure/reply-time", DISCLOSURE.replace("答复期限", "几天答复"))
    wait_for(lambda: len(others) == 2)
    assert [c.entries["reply-time"].name for c in others] == ["多久答复", "几天答复"]
    assert [c.entries["reply-time"].name for c in got] == ["多久答复"]


def test_a_subscriber_that_fails_does_not_stop_the_others(folder, caplog):
    def failing(catalogue):
        raise ValueError("no index")

    live = LiveCatalogue(folder.path, on_change=failing, watch=False)
    got = []
    live.subscribe(got.append)
    folder.entry("disclosure/reply-time", DISCLOSURE.replace("答复期限", "多久答复"))
    live.reload()
    assert [c.version for c in got] == [live.version]
    assert "a subscriber of the catalogue failed" in caplog.text


def test_many_files_at_once_come_as_few_changes(folder):
    live = LiveCatalogue(folder.path)
    got = []
    live.subscribe(got.append)
    try:
        for number in range(200):
            folder.entry(
                f"contacts/c{number}", DISCLOSURE.replace("d13", f"k{number}").replace("答复", f"{number}号")
            )
        wait_for(lambda: len(live.catalogue.entries) == 203, seconds=5)
        time.sleep(0.5)
        assert len(got) <= 4
    finally:
        live.stop()


def test_a_change_of_bureau_or_sources_is_live(live, folder):
    text = (folder.path / "bureau.yml").read_text()
    folder.write("bureau.yml", text.replace("清河路539号", "清河路540号"))
    wait_for(lambda: live.catalogue.bureau.address == "清河路540号")
    folder.write("sources.yml", (folder.path / "sources.yml").read_text().replace("本局网站", "本局门户"))
    wait_for(lambda: live.catalogue.sources["site"].title == "本局门户")


def test_a_folder_put_in_place_of_another_is_followed(folder, tmp_path):
    live = LiveCatalogue(folder.path)
    try:
        other = Folder(tmp_path / "new").with_entries()
        other.entry("disclosure/reply-time", DISCLOSURE.replace("答复期限", "多久答复"))
        folder.path.rename(tmp_path / "old")
        other.path.rename(folder.path)
        wait_for(lambda: name_of(live) == "多久答复", seconds=4)
        folder.entry("disclosure/reply-time", DISCLOSURE.replace("答复期限", "几天答复"))
        wait_for(lambda: name_of(live) == "几天答复", seconds=4)
    finally:
        live.stop()


def test_a_folder_that_goes_and_comes_back_is_followed(live, folder, tmp_path):
    before = live.catalogue
    folder.path.rename(tmp_path / "away")
    wait_for(lambda: live.problems != (), seconds=4)
    assert live.catalogue is before
    (tmp_path / "away").rename(folder.path)
    wait_for(lambda: live.problems == (), seconds=4)
    folder.entry("disclosure/reply-time", DISCLOSURE.replace("答复期限", "多久答复"))
    wait_for(lambda: name_of(live) == "多久答复", seconds=4)


def test_without_anything_to_serve_it_does_not_begin(tmp_path):
    with pytest.raises(CatalogueError, match="nothing to serve") as raised:
        LiveCatalogue(tmp_path / "data")
    assert "知识目录无法使用" in raised.value.for_reader


def test_it_begins_without_the_one_file_that_is_bad(folder, caplog):
    folder.entry("hotline/energy-review", HOTLINE + "colour: red\n")
    live = LiveCatalogue(folder.path, watch=False)
    assert set(live.catalogue.entries) == {"filing", "reply-time"}
    assert "energy-review.yml is not served" in caplog.text


def test_stopping_ends_the_watching_soon(folder):
    live = LiveCatalogue(folder.path)
    began = time.monotonic()
    live.stop()
    assert time.monotonic() - began < 2
    assert live.stopped
    assert "catalogue" not in {t.name for t in threading.enumerate() if t.is_alive() and t is live._thread}


def test_one_process_has_one_live_catalogue_for_a_folder(folder, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(folder.path)
    live = current(folder.path)
    try:
        assert current(link) is live
        assert current(folder.path / ".." / "data") is live
    finally:
        live.stop()
    again = current(folder.path)
    again.stop()
    assert again is not live


def test_readers_in_many_threads_always_see_a_whole_catalogue(folder):
    live = LiveCatalogue(folder.path, watch=False)
    wrong, done = [], threading.Event()

    def read():
        while not done.is_set():
            catalogue = live.catalogue
            name, note = catalogue.entries["reply-time"].name, catalogue.entries["filing"].status_note
            if name.removeprefix("答复") != note.removeprefix("受理"):
                wrong.append((name, note))

    folder.entry("disclosure/reply-time", DISCLOSURE.replace("答复期限", "答复0"))
    folder.entry("services/filing", SERVICE.replace("全年受理。", "受理0"))
    live.reload()
    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(1, 30):
        folder.entry("disclosure/reply-time", DISCLOSURE.replace("答复期限", f"答复{number}"))
        folder.entry("services/filing", SERVICE.replace("全年受理。", f"受理{number}"))
        live.reload()
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert live.catalogue.entries["reply-time"].name == "答复29"
