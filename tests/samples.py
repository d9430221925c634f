"""A small catalogue for tests: two service items, a disclosure topic, a redirected topic, two documents."""

from __future__ import annotations

from datetime import date

from bot.desk.bureau import Bureau, ExternalBody, Section, Source
from bot.desk.catalogue import Catalogue
from bot.desk.entries import (
    Basis,
    Entry,
    Facet,
    Fact,
    Handling,
    Kind,
    Premise,
    Publication,
    Question,
    Review,
    ReviewState,
    Status,
)

REVIEWED = Review(ReviewState.REVIEWED, "办公室文书岗", date(2026, 11, 1))

FILING = Entry(
    id="filing",
    code="s01",
    kind=Kind.SERVICE,
    name="工业投资项目备案",
    status=Status.CURRENT,
    review=REVIEWED,
    aliases=("技改备案", "立项备案"),
    questions=(Question("技改项目备案去哪办?"), Question("上条新生产线先办啥", (Facet.STEPS,))),
    basis=(Basis("企业投资项目核准和备案管理条例", "国务院令第673号", "第13条", sources=("law",)),),
    facets={
        Facet.MATERIALS: (
            Fact("企业基本情况"),
            Fact("项目名称和地点"),
            Fact("营业执照", elsewhere="广东某区"),
        ),
        Facet.TIME_LIMIT: (Fact("收到全部信息即完成"),),
        Facet.FEE: (),
    },
    premises=(Premise(("批下来", "审批"), "备案是告知,不是审批"),),
    section="investment",
    see_also=("first-set",),
    sources=("law",),
)
FIRST_SET = Entry(
    id="first-set",
    code="s10",
    kind=Kind.SERVICE,
    name="首台套重大技术装备评定",
    status=Status.PERIODIC,
    review=REVIEWED,
    aliases=("首台套",),
    questions=(Question("首台套一年能报几次?", (Facet.TIME_LIMIT,)),),
    facets={Facet.MATERIALS: (Fact("查新报告"), Fact("发明专利")), Facet.TIME_LIMIT: (Fact("按批次通知"),)},
    section="equipment",
)
REPLY = Entry(
    id="reply-time",
    code="d13",
    kind=Kind.DISCLOSURE,
    name="答复期限",
    status=Status.CURRENT,
    review=REVIEWED,
    aliases=("公开申请多久答复",),
    questions=(Question("申请信息公开多久能有结果?"),),
    facts=(Fact("收到申请之日起20个工作日内答复"), Fact("旧条例为15个工作日", past=True)),
)
WAGES = Entry(
    id="wages",
    code="h08",
    kind=Kind.HOTLINE,
    name="欠薪、社保、劳动纠纷",
    status=Status.CURRENT,
    review=REVIEWED,
    questions=(Question("厂里三个月没发工资"),),
    facts=(Fact("不属工信职能"),),
    handling=Handling("transfer", "no", "市人社局、劳动监察", body="hrss"),
)
REPORT = Entry(
    id="report-2023",
    code="c002",
    kind=Kind.DOCUMENT,
    name="2023年政府信息公开工作年度报告",
    status=Status.CURRENT,
    review=REVIEWED,
    publication=Publication(publisher="本局", published="2024", own=True),
    sources=("site",),
)
NOTICE = Entry(
    id="notice",
    code="c103",
    kind=Kind.DOCUMENT,
    name="支持首台套首批次首版次若干政策",
    status=Status.CURRENT,
    review=REVIEWED,
    publication=Publication(doc_no="皖政秘〔2023〕243号"),
)
BUREAU = Bureau(
    name="阜阳市工业和信息化局",
    short_names=("工信局",),
    former_names=("经信委",),
    address="清河路539号",
    phone="0558-2264104",
    website="https://gxj.fy.gov.cn",
    hours=None,
    sections={
        "office": Section("office", "办公室", confirmed=True),
        "investment": Section("investment", "投资科"),
        "equipment": Section("equipment", "装备科", confirmed=True),
    },
    bodies={
        "hrss": ExternalBody("hrss", "市人社局", ("欠薪", "社保"), ("工资", "社保", "劳动仲裁")),
        "ndrc": ExternalBody("ndrc", "市发展改革委", ("节能审查",), ("电价",), "0558-2267207", "2021-01"),
    },
    default_section="office",
)
SOURCES = {
    "law": Source("law", "law_known", "企业投资项目核准和备案管理条例"),
    "site": Source("site", "primary", "本局网站", "https://gxj.fy.gov.cn/report"),
}


def catalogue(*entries: Entry) -> Catalogue:
    """Give a catalogue of these entries, or of all the samples."""
    chosen = entries or (FILING, FIRST_SET, REPLY, WAGES, REPORT, NOTICE)
    return Catalogue(BUREAU, {e.id: e for e in chosen}, SOURCES, "test")
