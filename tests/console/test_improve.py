"""From unanswered to answered: clusters without names, proposals, review by a second person, live, undone."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.console.clusters import clusters_of
from bot.desk.entries import Kind
from bot.desk.messages import Outcome
from bot.desk.proposals import without_names
from bot.desk.staff import Role
from bot.search.live import LiveSearch
from bot.storage.catalogue_files import load_catalogue
from bot.storage.improvements import Missed
from bot.storage.lexicon_files import load_lexicon
from bot.storage.live import LiveCatalogue
from bot.storage.publishing import Publisher, changed_files
from bot.storage.responses_files import load_phrases, load_words
from tests.console.cases import open_case
from tests.console.conftest import Running, add_account, running
from tests.support.busy import allowed

FEW = ("services/industrial-project-filing", "hotline/when-funds-arrive", "disclosure/reply-time-limit")
NEW = {
    "kind": "hotline",
    "name": "厂房租金补贴",
    "aliases": "房租补贴、厂房补贴",
    "summary": "本市没有公布厂房租金补贴政策。",
    "facts": "本局没有公布厂房租金补贴政策\n以各县市区公布的招商政策为准",
    "document": "阜阳市招商引资办法",
    "article": "第5条",
    "section": "investment",
    "questions": "厂房租金有补贴吗\n租厂房能补多少",
}


class Place:
    """A data folder of the test's own, its live catalogue, and the console over it."""

    def __init__(self, desk: Running, data: Path, live: LiveCatalogue) -> None:
        self.desk = desk
        self.data = data
        self.live = live

    def ask(self, text: str, outcome: Outcome = Outcome.UNANSWERED, reason: str = "not_understood") -> None:
        with self.desk.console.database.writing() as connection:
            casework = self.desk.console.services.casework()
            open_case(connection, casework, text=text, at=self.desk.clock.now, outcome=outcome, reason=reason)

    def lines(self, name: str = "hotline/when-funds-arrive") -> list[str]:
        return (self.data / "catalogue" / f"{name}.questions.txt").read_text("utf-8").splitlines()

    def until(self, ready, seconds: float = 2.0) -> None:
        end = time.monotonic() + allowed(seconds)
        while not ready():
            assert time.monotonic() < end
            time.sleep(0.02)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    data = tmp_path / "data"
    for name in ("nlu", "responses", "calendar"):
        shutil.copytree(Path("data") / name, data / name)
    for name in ("bureau.yml", "sources.yml", "time_limits.yml"):
        shutil.copy(Path("data") / name, data / name)
    for name in FEW:
        for ending in (".yml", ".questions.txt"):
            path = data / "catalogue" / f"{name}{ending}"
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path("data/catalogue") / f"{name}{ending}", path)
    live = LiveCatalogue(data)
    search = LiveSearch(load_lexicon(data), load_words(data), load_phrases(data), samples=True)
    live.subscribe(search.replace)
    search.replace(live.catalogue)
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    async with running(url, tmp_path, lambda: live.catalogue, lambda: search, BOT_DATA=str(data)) as desk:
        add_account(desk.console, "clerk", Role.STAFF, "office")
        yield Place(desk, data, live)
    live.stop()


async def proposed(place: Place, login: str = "clerk", questions: str = "奖补的钱哪天打到账上") -> int:
    place.ask("奖补的钱哪天打到账上")
    clerk = await place.desk.enter(login)
    text = await clerk.get("/improve")
    messages = text.partition('name="messages" value="')[2].partition('"')[0]
    await clerk.post("/improve/questions", entry="h17", questions=questions, messages=messages)
    return int(place.desk.rows("proposals")[-1].id)


async def test_a_question_without_answer_becomes_one_with_answer(place: Place) -> None:
    key = await proposed(place)
    assert place.desk.rows("settled")
    office = await place.desk.enter("office")
    assert "没有待改进的问题" in await office.get("/improve")
    assert "奖补的钱哪天打到账上" in await office.get("/improve?view=reviews")
    before = place.live.version
    await office.post(f"/improve/proposals/{key}", approved="1", opinion="不涉密,可以公开")
    assert "奖补的钱哪天打到账上" in place.lines()
    assert place.lines()[0].startswith("#")  # what was in the file stays
    place.until(lambda: place.live.version != before)
    entry = place.live.catalogue.get("when-funds-arrive")
    assert entry
    assert "奖补的钱哪天打到账上" in [question.text for question in entry.questions]
    found = place.desk.console.services.search().answer("奖补的钱哪天打到账上", {}, "R")
    assert found.entries == ("h17",)
    log = [row.action for row in place.desk.rows("audit_log") if row.subject == f"#{key}"]
    assert log == ["proposed", "proposal_approved"]


async def test_nobody_reviews_their_own_proposal(place: Place) -> None:
    key = await proposed(place, "office")
    office, head = await place.desk.enter("office"), await place.desk.enter("section-head")
    assert "请由另一位同事审查" in await office.get("/improve?view=reviews")
    told, _ = await office.post(f"/improve/proposals/{key}", 409, approved="1", opinion="不涉密")
    assert "不能审查自己" in told
    clerk = await place.desk.enter("clerk")
    await clerk.post(f"/improve/proposals/{key}", 403, approved="1", opinion="不涉密")
    told, _ = await head.post(f"/improve/proposals/{key}", 409, approved="1", opinion=" ")
    assert "保密审查意见" in told
    assert "奖补的钱哪天打到账上" not in place.lines()
    await head.post(f"/improve/proposals/{key}", approved="1", opinion="不涉密")
    told, _ = await head.post(f"/improve/proposals/{key}", 409, approved="0", opinion="不涉密")
    assert "审查过了" in told


async def test_a_returned_proposal_changes_nothing_and_its_questions_come_back(place: Place) -> None:
    before = place.lines()
    key = await proposed(place)
    head = await place.desk.enter("section-head")
    await head.post(f"/improve/proposals/{key}", approved="0", opinion="说法不清")
    assert place.lines() == before
    assert "说法不清" in await head.get("/improve?view=reviews")
    assert "奖补的钱哪天打到账上" in await head.get("/improve")


async def test_one_step_takes_it_back(place: Place) -> None:
    before = place.lines()
    key = await proposed(place, questions="奖补的钱哪天打到账上\n钱到底什么时候给我们")
    head = await place.desk.enter("section-head")
    await head.post(f"/improve/proposals/{key}", approved="1", opinion="不涉密")
    assert len(place.lines()) == len(before) + 2
    number = place.desk.rows("revisions")[-1].number
    told, _ = await head.post(f"/improve/revisions/{number}/undo", 409, reason="")
    assert "请写明理由" in told
    await head.post(f"/improve/revisions/{number}/undo", reason="放错事项")
    assert place.lines() == before
    told, _ = await head.post(f"/improve/revisions/{number}/undo", 409, reason="再来")
    assert "已经撤回" in told
    text = await head.get("/improve?view=history")
    assert f"撤回第 {number} 次" in text
    assert "放错事项" in text


async def test_a_new_entry_needs_no_other_names(place: Place) -> None:
    clerk = await place.desk.enter("clerk")
    await clerk.get("/improve/new")
    await clerk.post("/improve/entries", **{**NEW, "aliases": ""})
    assert "aliases" not in place.desk.rows("proposals")[-1].content["document"]


async def test_a_new_entry_is_written_reviewed_and_taken_back(place: Place) -> None:
    clerk, head = await place.desk.enter("clerk"), await place.desk.enter("section-head")
    await clerk.get("/improve/new")
    await clerk.post("/improve/entries", **NEW)
    key = place.desk.rows("proposals")[-1].id
    assert "厂房租金补贴" in await head.get("/improve?view=reviews")
    await head.post(f"/improve/proposals/{key}", approved="1", opinion="不涉密")
    place.until(lambda: any(entry.name == "厂房租金补贴" for entry in place.live.catalogue))
    entry = next(entry for entry in place.live.catalogue if entry.name == "厂房租金补贴")
    assert entry.kind is Kind.HOTLINE
    assert (entry.review.state.value, entry.review.by) == ("reviewed", "section-head岗")
    assert [fact.text for fact in entry.facts] == NEW["facts"].split("\n")
    assert {q.text for q in entry.questions} == set(NEW["questions"].split("\n"))
    problems = load_catalogue(place.data).problems
    assert not [problem for problem in problems if entry.id in problem.path]
    search = place.desk.console.services.search()
    place.until(lambda: search.answer("租厂房能补多少", {}, "R").entries == (entry.code,))
    number = place.desk.rows("revisions")[-1].number
    await head.post(f"/improve/revisions/{number}/undo", reason="政策有变")
    place.until(lambda: not any(one.name == "厂房租金补贴" for one in place.live.catalogue))
    assert not list((place.data / "catalogue").glob(f"*/{entry.id}*"))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": ""}, "名称"),
        ({"facts": ""}, "答复内容"),
        ({"document": ""}, "依据"),
        ({"kind": "services"}, "类型"),
        ({"section": "nowhere"}, "没有这个科室"),
        ({"questions": ""}, "问法"),
        ({"questions": "奖补啥时候到账"}, "已经在"),
        ({"questions": "我叫王小明,补贴到了吗"}, "认出是谁"),
        ({"name": "工业投资项目备案"}, "已经有了"),
    ],
)
async def test_a_bad_entry_is_refused_with_the_reason_and_what_was_typed(
    place: Place, fields: dict[str, str], told: str
) -> None:
    clerk = await place.desk.enter("clerk")
    text, _ = await clerk.post("/improve/entries", 400, **{**NEW, **fields})
    assert told in text
    assert NEW["summary"] in text
    assert place.desk.rows("proposals") == []


async def test_a_fresh_copy_of_the_data_gets_what_was_published(place: Place, tmp_path: Path) -> None:
    """As on another machine, or after an update of the program: the database brings the files up to date."""
    pristine = tmp_path / "other"
    shutil.copytree(place.data, pristine)
    key = await proposed(place)
    head = await place.desk.enter("section-head")
    await head.post(f"/improve/proposals/{key}", approved="1", opinion="不涉密")
    other = Publisher(pristine, tmp_path / "other-var")
    with place.desk.console.database.reading() as connection:
        assert other.step(connection)
        assert not other.step(connection)
    path = pristine / "catalogue/hotline/when-funds-arrive.questions.txt"
    assert path.read_text("utf-8").splitlines() == place.lines()


async def test_what_is_edited_by_hand_meanwhile_is_kept(place: Place) -> None:
    key = await proposed(place)
    path = place.data / "catalogue/hotline/when-funds-arrive.questions.txt"
    path.write_text(path.read_text("utf-8") + "手工加的一句\n", "utf-8")
    head = await place.desk.enter("section-head")
    await head.post(f"/improve/proposals/{key}", approved="1", opinion="不涉密")
    number = place.desk.rows("revisions")[-1].number
    await head.post(f"/improve/revisions/{number}/undo", reason="x")
    assert place.lines()[-1] == "手工加的一句"


async def test_files_that_cannot_be_written_are_told_and_tried_again(place: Place) -> None:
    key = await proposed(place)
    head = await place.desk.enter("section-head")
    beside = place.data / "catalogue/hotline/when-funds-arrive.questions.txt"
    kept = beside.read_bytes()
    beside.unlink()
    beside.mkdir()  # root may write anywhere, but not over a folder
    try:
        await head.post(f"/improve/proposals/{key}", approved="1", opinion="不涉密")
        assert "写不进资料文件夹" in await head.get("/improve")
    finally:
        beside.rmdir()
        beside.write_bytes(kept)
    end = time.monotonic() + allowed(3)
    while "奖补的钱哪天打到账上" not in place.lines():
        assert time.monotonic() < end
        await asyncio.sleep(0.05)
    assert "写不进资料文件夹" not in await head.get("/improve")


async def test_a_question_is_set_aside(place: Place) -> None:
    place.ask("随便问问")
    clerk = await place.desk.enter("clerk")
    text = await clerk.get("/improve")
    messages = text.partition('name="messages" value="')[2].partition('"')[0]
    await clerk.post("/improve/aside", messages=messages)
    assert "没有待改进的问题" in await clerk.get("/improve")


async def test_only_what_the_bot_missed_is_listed(place: Place) -> None:
    place.ask("转人工", Outcome.HANDED_OFF, "asked_for_person")
    place.ask("答上了的", Outcome.ANSWERED, "asked_for_person")
    place.ask("没听懂的", Outcome.HANDED_OFF, "not_understood")
    text = await (await place.desk.enter("clerk")).get("/improve")
    assert "没听懂的" in text
    assert "转人工" not in text.partition('id="main"')[2]
    assert "答上了的" not in text


def missed(*texts: str) -> list[Missed]:
    return [Missed(n, text, float(n), "unanswered", None) for n, text in enumerate(texts, start=1)]


def test_questions_that_say_the_same_stand_together() -> None:
    texts = ["厂房租金有补贴吗", "厂房租金有没有补贴", "厂房租金补贴", "厂房的租金有补贴吗?"]
    found = clusters_of(missed(*texts, "怎么注销公司", "停电了找谁"))
    assert [len(cluster.messages) for cluster in found] == [4, 1, 1]


def test_many_questions_are_grouped_in_a_moment() -> None:
    many = missed(*(f"第{n % 37}类项目的第{n}号补贴怎么申请" for n in range(2000)))
    began = time.perf_counter()
    assert sum(len(cluster.messages) for cluster in clusters_of(many)) == 2000
    assert time.perf_counter() - began < allowed(8)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("阜阳市颍州区大发机械制造有限公司能报吗", "[企业]能报吗"),
        ("我叫王小明,什么时候到账", "我叫[姓名],什么时候到账"),
        ("融资担保公司备案要什么材料", "融资担保公司备案要什么材料"),
        ("打我电话13856781234", "打我电话[手机号]"),
    ],
)
def test_who_asked_cannot_be_told(text: str, shown: str) -> None:
    assert without_names(text) == shown


def test_nothing_published_changes_nothing(tmp_path: Path) -> None:
    assert changed_files(tmp_path, [], 0) == {}
