"""A small data folder on the disk for the tests of the catalogue's files."""

from __future__ import annotations

from pathlib import Path

BUREAU = """\
name: 阜阳市工业和信息化局
short_names: [工信局]
address: 清河路539号
phone: 0558-2264104
website: https://gxj.fy.gov.cn
default_section: office
phone_sources: [site]
sections:
- {id: office, name: 办公室, functions: [文电], confirmed: true, sources: [site]}
- {id: investment, name: 投资科, confirmed: false}
bodies:
- {id: ndrc, name: 市发展改革委, takes: [节能审查], phone: 0558-2267207, phone_as_of: 2021-01}
"""
SOURCES = """\
law: {kind: law_known, title: 企业投资项目核准和备案管理条例}
site: {kind: primary, title: 本局网站, url: 'https://gxj.fy.gov.cn/report'}
"""
SERVICE = """\
code: s01
name: 工业投资项目备案
aliases: [技改备案, 立项备案]
questions: [技改项目备案去哪办?]
summary: 核准目录以外的项目实行备案。
status: current
status_note: 全年受理。
effective: {from: 2017-02-01}
review: {state: reviewed, by: 办公室文书岗, on: 2026-11-01}
section: investment
basis:
- {document: 企业投资项目核准和备案管理条例, number: 国务院令第673号, article: 第13条, sources: [law]}
facets:
  conditions:
  - {text: 核准目录以外的项目, sources: [law]}
  - {text: 外地做法, sources: [site], elsewhere: 芜湖市, past: true, as_of: 2023年}
  materials: unknown
  steps: unknown
  time_limit:
  - {text: 收到全部信息即完成}
  fee: unknown
  contact: unknown
  window: unknown
  online: null
cautions:
- {text: 告知性备案不是审批, sources: [law]}
premises:
- {said: [批下来, 审批], correction: 备案是告知。, sources: [law]}
see_also: [reply-time]
sources: [law]
internal_note: 分工待核
"""
DISCLOSURE = """\
code: d13
name: 答复期限
status: current
review: {state: sample, by: 资料整理岗, on: 2026-11-23}
facts:
- {text: 收到申请之日起20个工作日内答复, sources: [law]}
"""
HOTLINE = """\
code: h08
name: 能评
status: transferred
review: {state: draft}
moved: {text: 由市发展改革委办理, body: ndrc}
handling: {kind: transfer, in_scope: no, route: 市发展改革委, body: ndrc, sensitive: false}
"""
QUESTIONS = """\
# 收费
备案要多少钱 | fee
# 其他
在哪备案
"""


class Folder:
    """A data folder; ``with_entries`` fills it with three right entries."""

    def __init__(self, path: Path) -> None:
        self.path = path / "data"
        (self.path / "catalogue").mkdir(parents=True)
        self.write("bureau.yml", BUREAU)
        self.write("sources.yml", SOURCES)

    def with_entries(self) -> Folder:
        """Add a service item with a questions file, a disclosure topic and a hotline topic."""
        self.entry("services/filing", SERVICE)
        self.write("catalogue/services/filing.questions.txt", QUESTIONS)
        self.entry("disclosure/reply-time", DISCLOSURE)
        self.entry("hotline/energy-review", HOTLINE)
        return self

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file, as an editor does that saves in place."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def entry(self, name: str, content: str | bytes) -> Path:
        """Write the file of an entry, named ``<kind>/<id>``."""
        return self.write(f"catalogue/{name}.yml", content)
