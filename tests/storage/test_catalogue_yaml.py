"""What is written for an entry is read back as the same entry, in the format of the house."""

from dataclasses import replace
from datetime import date

import yaml
from hypothesis import given, settings

from bot.desk.entries import Entry, Kind, Question, Review, ReviewState, Status
from bot.storage.catalogue_files import load_catalogue
from bot.storage.catalogue_listing import FoundFile
from bot.storage.catalogue_readers import read_entry
from bot.storage.catalogue_yaml import entry_files, split_questions
from bot.storage.question_files import read_questions
from tests.samples import FILING
from tests.storage.folders import Folder
from tests.storage.made_entries import made_entries


def read_back(entry, yml, beside):
    """Give the entry that the loader would make of the two files."""
    file = FoundFile("x.yml", "x.yml", (0, 0, 0), entry.id, entry.kind)
    found, problems = read_entry(file, yml.encode())
    assert problems == []
    questions = read_questions(beside.encode())
    assert questions.issues == []
    return replace(found.entry, questions=found.entry.questions + tuple(questions.questions))


@settings(max_examples=300, deadline=None)
@given(made_entries())
def test_what_is_written_is_read_back(entry):
    assert read_back(entry, *entry_files(entry)) == entry


@settings(max_examples=100, deadline=None)
@given(made_entries())
def test_other_readers_of_yaml_find_the_same_texts(entry):
    document = yaml.safe_load(entry_files(entry)[0])
    assert document["name"] == entry.name
    assert document["review"].get("on") == entry.review.on
    assert [f["text"] for f in document.get("cautions", [])] == [f.text for f in entry.cautions]


@settings(max_examples=50, deadline=None)
@given(made_entries())
def test_the_format_of_the_house(entry):
    yml, _ = entry_files(entry)
    events = list(yaml.parse(yml))
    assert not any(getattr(e, "anchor", None) for e in events)
    assert yml.endswith("\n")
    assert "\r" not in yml
    keys = list(yaml.load(yml, Loader=yaml.BaseLoader))
    order = (
        "code name aliases questions summary status status_note effective review section basis facets facts"
    )
    order += " cautions premises moved see_also handling publication sources internal_note"
    assert keys == [key for key in order.split() if key in keys]


def test_the_text_of_a_file():
    yml, beside = entry_files(FILING)
    assert (
        yml
        == """\
code: s01
name: 工业投资项目备案
aliases:
- 技改备案
- 立项备案
questions:
- 技改项目备案去哪办?
status: current
review:
  state: reviewed
  by: 办公室文书岗
  'on': 2026-11-01
section: investment
basis:
- document: 企业投资项目核准和备案管理条例
  number: 国务院令第673号
  article: 第13条
  sources: [law]
facets:
  conditions: unknown
  materials:
  - text: 企业基本情况
  - text: 项目名称和地点
  - text: 营业执照
    elsewhere: 广东某区
  steps: unknown
  time_limit:
  - text: 收到全部信息即完成
  fee: unknown
  contact: unknown
  window: unknown
  online: unknown
premises:
- said: [批下来, 审批]
  correction: 备案是告知,不是审批
see_also: [first-set]
sources: [law]
"""
    )
    assert beside == "上条新生产线先办啥 | steps\n"


def test_writing_twice_changes_nothing(tmp_path):
    folder = Folder(tmp_path).with_entries()
    catalogue = load_catalogue(folder.path).catalogue
    for entry in catalogue:
        first = entry_files(entry)
        again = read_back(entry, *first)
        assert entry_files(again) == first


def test_questions_keep_their_order_and_repeats():
    questions = tuple(Question(text) for text in ("甲", "乙", "甲", "丙"))
    assert split_questions(questions) == (("甲", "乙"), questions[2:])
    assert split_questions(questions, 1) == (("甲",), questions[1:])
    assert split_questions(questions, 0) == ((), questions)


def test_a_small_entry_has_no_empty_fields():
    entry = Entry(
        "x", "x1", Kind.CONTACT, "总机", Status.CURRENT, Review(ReviewState.SAMPLE, None, date(2026, 1, 1))
    )
    assert entry_files(entry) == (
        "code: x1\nname: 总机\nstatus: current\nreview:\n  state: sample\n  'on': 2026-01-01\n",
        "",
    )
