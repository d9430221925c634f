"""Measures the index over a large catalogue: ``python -m tests.bench.catalogue [--documents 20000]``.

The catalogue is the project's own, and so many generated documents besides. Measured are the look-up, the
reading of a message without a trained model, a cold start, and the reload after one file changed: what a
running process does, without any training.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.desk.catalogue import Catalogue
from bot.search.live import LiveSearch
from bot.search.normalise import normalise
from bot.storage.catalogue_files import CatalogueLoader
from bot.storage.collecting import without_collection
from bot.storage.lexicon_files import load_lexicon
from bot.storage.responses_files import load_phrases, load_words
from tests.bench.load import percentile
from tests.evaluation.questions import single_questions

T = TypeVar("T")
DATA = Path(__file__).parents[2] / "data"
SEED = 20_000
GOALS = {"look-up": 5.0, "cold start": 5000.0, "reload": 5000.0}
"""Milliseconds by the clock: of the look-up at the 95th percentile, of the others once."""
Times = tuple[float, float]
"""By the clock and of the processor, in milliseconds: far apart, they tell that the machine was busy."""
ISSUERS = (
    "省经济和信息化厅",
    "市人民政府办公室",
    "市经济和信息化局",
    "国家发展改革委",
    "省财政厅",
    "市统计局",
)
SIGNS = ("皖经信", "阜政办", "阜经信", "发改产业", "财企", "阜统")
WORDS = (
    "工业互联网 绿色制造 数字化车间 首版次软件 中小企业融资 产业集群 节能诊断 工业设计中心 智能制造 安全生产 "
    "散装水泥 民爆物品 电力需求侧 新型材料 食品医药 轻工纺织 装备制造 军民融合 煤炭产能 信用体系 人才培训 "
    "技术改造 质量品牌 循环利用 产销对接 通信基站 数据要素 专用汽车 现代化工 循环经济"
)
MATTERS = tuple(WORDS.split(" "))
DEEDS = [
    "申报",
    "公示",
    "认定",
    "复核",
    "验收",
    "遴选",
    "奖补",
    "调度",
    "检查",
    "培训",
    "征集",
    "备案",
    "评价",
    "通报",
    "表彰",
    "推广",
]
FORMS = ("通知", "公告", "实施方案", "管理办法", "工作要点", "名单", "意见", "函")


@dataclass(frozen=True)
class Row:
    """One thing that was measured, in milliseconds, and what it should stay under; ``cpu`` goes with p95."""

    name: str
    p50: float
    p95: float
    cpu: float
    goal: float | None = None

    def line(self) -> str:
        """Give a line of the table."""
        goal = (
            "" if self.goal is None else f"{self.goal:10.0f}  {'kept' if self.p95 < self.goal else 'MISSED'}"
        )
        return f"{self.name:44}{self.p50:10.2f}{self.p95:10.2f}{self.cpu:11.2f}{goal}"


def main() -> int:
    """Make the catalogue, measure, print; exit code 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000, help="generated documents (default 20000)")
    parser.add_argument("--questions", type=int, default=1000, help="look-ups to time (default 1000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder:
        data = Path(shutil.copytree(DATA, Path(folder) / "data"))
        write_documents(data / "catalogue" / "documents", options.documents)
        rows = list(measure(data, options.questions))
    print(f"{options.documents} generated documents and the project's own catalogue")
    print(f"{'milliseconds':44}{'p50':>10}{'p95':>10}{'processor':>11}{'goal':>10}")
    print("\n".join(row.line() for row in rows))
    return 1 if any(row.goal is not None and row.p95 >= row.goal for row in rows) else 0


def measure(data: Path, questions: int) -> Iterator[Row]:
    """Give the rows one after the other."""
    loader = CatalogueLoader(data)
    search = LiveSearch(load_lexicon(data), load_words(data), load_phrases(data), True)
    loading, catalogue = _timed(lambda: _loaded(loader))
    indexing, _ = _timed(lambda: search.replace(catalogue))
    yield from _rows("cold start", "read every file", loading, indexing, GOALS["cold start"])
    changed = data / "catalogue" / "documents" / "made-7.yml"
    changed.write_text(changed.read_text("utf-8").replace("name: ", "name: 改过的", 1), "utf-8")
    loading, catalogue = _timed(lambda: _loaded(loader))
    indexing, _ = _timed(lambda: search.replace(catalogue))
    yield from _rows("one file changed", "read", loading, indexing, GOALS["reload"])
    asked = [normalise(case.turns[0].text) for case in single_questions()][:questions]
    asked += [normalise(entry.name) for entry in list(catalogue)[: questions // 4]]
    index, reader = search.snapshot.index, search.reader()
    yield _row("look-up", [_timed(lambda t=text: index.look_up(t))[0] for text in asked], GOALS["look-up"])
    yield _row("reading of a whole message", [_timed(lambda t=text: reader.read(t))[0] for text in asked])


def _loaded(loader: CatalogueLoader) -> Catalogue:
    report = loader.load()
    if report.catalogue is None:
        raise RuntimeError("; ".join(map(str, report.errors[:3])))
    return report.catalogue


def _timed(what: Callable[[], T]) -> tuple[Times, T]:
    began, used = time.perf_counter(), time.process_time()
    with without_collection():  # as the processes do while they load
        came = what()
    return ((time.perf_counter() - began) * 1000, (time.process_time() - used) * 1000), came


def _rows(name: str, first: str, loading: Times, indexing: Times, goal: float) -> Iterator[Row]:
    whole = loading[0] + indexing[0], loading[1] + indexing[1]
    for told, (clock, cpu), kept in (
        (f"{name}: {first}", loading, None),
        (f"{name}: index", indexing, None),
        (name, whole, goal),
    ):
        yield Row(told, clock, clock, cpu, kept)


def _row(name: str, times: list[Times], goal: float | None = None) -> Row:
    clock, cpu = [t for t, _ in times], [t for _, t in times]
    return Row(name, percentile(clock, 50), percentile(clock, 95), percentile(cpu, 95), goal)


def write_documents(folder: Path, count: int) -> None:
    """Write so many documents, the same each time; each has a number of its own."""
    chance = random.Random(SEED)
    for number in range(count):
        (folder / f"made-{number}.yml").write_text(_document(number, chance), "utf-8")


def _document(number: int, chance: random.Random) -> str:
    issuer = chance.randrange(len(ISSUERS))
    year, matters = chance.randrange(2008, 2027), chance.sample(MATTERS, 2)
    name = (
        f"{ISSUERS[issuer]}关于{year}年{matters[0]}{chance.choice(DEEDS)}和{matters[1]}{chance.choice(FORMS)}"
    )
    number_told = f"{SIGNS[issuer]}〔{year}〕{number + 1}号"
    batch = chance.randrange(1, 40)
    return f"""code: z{number}
name: {name}第{number + 1}份
aliases: [{year}年{matters[0]}第{batch}批]
questions:
- {year}年{matters[0]}的{matters[1]}文件在哪看？
- {number_told}讲的是什么？
summary: {ISSUERS[issuer]}{year}年印发，涉及{matters[0]}与{matters[1]}，编号{number + 1}。
status: current
review: {{state: sample, by: 资料整理岗, 'on': 2026-11-23}}
facts:
- text: 文号是{number_told}，{year}年{chance.randrange(1, 13)}月印发
  sources: [jp2024]
publication:
  doc_no: {number_told}
  publisher: {ISSUERS[issuer]}
  published: '{year}'
sources: [jp2024]
"""


if __name__ == "__main__":
    raise SystemExit(main())
