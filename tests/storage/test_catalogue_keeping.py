"""A bad file leaves what was good before it, and only files that changed are parsed again."""

import gc
import os
import threading
import time

import pytest

from bot.storage import catalogue_files
from bot.storage.catalogue_files import CatalogueLoader, load_catalogue
from tests.storage.folders import DISCLOSURE, SERVICE, Folder

FILING = "data/catalogue/services/filing.yml"
QUESTIONS = "data/catalogue/services/filing.questions.txt"


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path).with_entries()


# --- keeping what is good -------------------------------------------------------------------------------


def test_a_bad_file_alone_is_left_out_at_first(folder):
    folder.entry("services/filing", "code: [")
    report = load_catalogue(folder.path, keep_good=True)
    assert set(report.catalogue.entries) == {"reply-time", "energy-review"}
    assert report.left_out == (FILING, QUESTIONS)
    assert report.errors[0].path == FILING


@pytest.mark.parametrize(
    "bad",
    [b"", b"code: [", SERVICE.replace("code: s01", "code: d13").encode(), SERVICE.encode("gbk"),
     SERVICE.replace("investment", "sales").encode(),
     SERVICE.replace("status: current", "status: on").encode()],
    ids=["empty", "no YAML", "taken code", "GBK", "unknown section", "unknown status"],
)  # fmt: skip
def test_a_bad_file_leaves_its_last_good_version(folder, bad):
    loader = CatalogueLoader(folder.path)
    good = loader.load(keep_good=True).catalogue
    folder.entry("services/filing", bad)
    report = loader.load(keep_good=True)
    assert report.catalogue is good
    assert report.held == (FILING,)
    assert report.errors != ()
    folder.entry("services/filing", SERVICE.replace("全年受理", "按批受理"))
    report = loader.load(keep_good=True)
    assert (report.problems, report.held) == ((), ())
    assert report.catalogue.entries["filing"].status_note == "按批受理。"
    assert report.catalogue.version != good.version


def test_other_changes_are_served_beside_a_bad_file(folder):
    loader = CatalogueLoader(folder.path)
    loader.load(keep_good=True)
    folder.entry("services/filing", "code: [")
    folder.entry("disclosure/reply-time", DISCLOSURE.replace("答复期限", "多久答复"))
    report = loader.load(keep_good=True)
    assert report.catalogue.entries["filing"].code == "s01"
    assert report.catalogue.entries["reply-time"].name == "多久答复"


def test_bad_questions_leave_the_last_good_ones(folder):
    loader = CatalogueLoader(folder.path)
    before = loader.load(keep_good=True).catalogue
    folder.write("catalogue/services/filing.questions.txt", "新的 | price\n")
    report = loader.load(keep_good=True)
    assert report.catalogue.entries == before.entries
    assert report.held == (QUESTIONS,)


@pytest.mark.parametrize("name", ["bureau.yml", "sources.yml"])
@pytest.mark.parametrize("bad", ["name: [", None])
def test_a_bad_shared_file_leaves_its_last_good_version(folder, name, bad):
    loader = CatalogueLoader(folder.path)
    before = loader.load(keep_good=True).catalogue
    if bad is None:
        (folder.path / name).unlink()
    else:
        folder.write(name, bad)
    report = loader.load(keep_good=True)
    assert report.catalogue is before
    assert report.errors != ()


def test_a_removed_section_does_not_take_its_entries_away(folder):
    loader = CatalogueLoader(folder.path)
    before = loader.load(keep_good=True).catalogue
    text = (folder.path / "bureau.yml").read_text()
    folder.write("bureau.yml", "".join(x for x in text.splitlines(True) if "id: investment" not in x))
    report = loader.load(keep_good=True)
    assert report.catalogue is before
    assert report.held == ("data/bureau.yml",)


def test_without_a_bureau_there_is_nothing_to_serve(folder):
    (folder.path / "bureau.yml").unlink()
    assert load_catalogue(folder.path, keep_good=True).catalogue is None


def test_a_removed_entry_goes_and_those_that_named_it_stay(folder):
    loader = CatalogueLoader(folder.path)
    loader.load(keep_good=True)
    (folder.path / "catalogue/disclosure/reply-time.yml").unlink()
    report = loader.load(keep_good=True)
    assert set(report.catalogue.entries) == {"filing", "energy-review"}
    assert report.catalogue.entries["filing"].see_also == ()
    assert [p.field for p in report.errors] == ["see_also[0]"]


def test_a_code_that_is_taken_stays_with_who_had_it(folder):
    loader = CatalogueLoader(folder.path)
    loader.load(keep_good=True)
    folder.entry("contacts/another", DISCLOSURE)  # its path is before the one that has the code
    report = loader.load(keep_good=True)
    assert set(report.catalogue.entries) == {"filing", "energy-review", "reply-time"}
    assert report.left_out == ("data/catalogue/contacts/another.yml",)


def test_a_folder_that_went_leaves_everything(folder):
    loader = CatalogueLoader(folder.path)
    before = loader.load(keep_good=True).catalogue
    folder.path.rename(folder.path.with_name("gone"))
    assert loader.load(keep_good=True).catalogue is before
    folder.path.with_name("gone").rename(folder.path)
    report = loader.load(keep_good=True)
    assert (report.catalogue.version, report.problems) == (before.version, ())


# --- speed ----------------------------------------------------------------------------------------------


@pytest.fixture
def parsed(monkeypatch):
    """Count the entry files that are parsed."""
    names = []
    real = catalogue_files.read_entry

    def counting(file, raw):
        names.append(file.id)
        return real(file, raw)

    monkeypatch.setattr(catalogue_files, "read_entry", counting)
    return names


def test_only_what_changed_is_parsed_again(folder, parsed):
    loader = CatalogueLoader(folder.path)
    first = loader.load()
    parsed.clear()
    assert loader.load() is first
    folder.entry("disclosure/reply-time", DISCLOSURE.replace("答复期限", "多久答复"))
    second = loader.load()
    assert parsed == ["reply-time"]
    assert second.catalogue.version != first.catalogue.version


def test_a_change_without_a_new_stamp_is_seen_while_the_file_is_young(folder):
    """Two saves within one tick of the file system's clock leave the same time and the same size."""
    path = folder.entry("disclosure/reply-time", DISCLOSURE)
    loader = CatalogueLoader(folder.path, now_ns=lambda: path.stat().st_mtime_ns + 1)
    loader.load()
    stamps = path.stat()
    folder.entry("disclosure/reply-time", DISCLOSURE.replace("答复期限", "多久答复"))
    os.utime(path, ns=(stamps.st_atime_ns, stamps.st_mtime_ns))
    assert loader.load().catalogue.entries["reply-time"].name == "多久答复"


def test_an_old_file_that_was_only_touched_is_not_parsed_again(folder, parsed):
    loader = CatalogueLoader(folder.path, now_ns=lambda: time.time_ns() + 10**12)
    before = loader.load().catalogue
    parsed.clear()
    os.utime(folder.path / "catalogue/disclosure/reply-time.yml")
    assert loader.load().catalogue is before
    assert parsed == []


def test_the_version_is_that_of_the_content(folder, tmp_path):
    other = Folder(tmp_path / "other").with_entries()
    assert load_catalogue(folder.path).catalogue.version == load_catalogue(other.path).catalogue.version


def test_the_collector_of_garbage_is_as_it_was(folder):
    load_catalogue(folder.path)
    assert gc.isenabled()
    gc.disable()
    try:
        load_catalogue(folder.path)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_loading_in_another_thread_is_the_same(folder):
    reports = []
    thread = threading.Thread(target=lambda: reports.append(load_catalogue(folder.path)))
    thread.start()
    thread.join()
    assert reports[0].catalogue == load_catalogue(folder.path).catalogue
