"""A document is checked fast when it is right and told in Chinese when it is not, with the same verdict."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from bot.desk.entries import Kind
from bot.storage.catalogue_readers import entry_issues
from bot.storage.entry_documents import document_of
from bot.storage.schema_check import schema_check
from bot.storage.yaml_reading import read_yaml
from tests.storage.folders import DISCLOSURE, HOTLINE, SERVICE
from tests.storage.made_entries import made_entries

SERVICE_DOCUMENT = read_yaml(SERVICE.encode()).value
HOTLINE_DOCUMENT = read_yaml(HOTLINE.encode()).value


def changed(document, where, value):
    """Give a copy of a document with one place changed; ``...`` removes it."""
    copied = copy.deepcopy(document)
    inner = copied
    for step in where[:-1]:
        inner = inner[step]
    if value is ...:
        del inner[where[-1]]
    else:
        inner[where[-1]] = value
    return copied


def told(document, kind=Kind.SERVICE):
    return [(issue.where, issue.message, issue.fix) for issue in entry_issues(document, kind)]


@pytest.mark.parametrize("name", ["entry", "bureau", "sources"])
def test_the_schemas_are_schemas(name):
    Draft7Validator.check_schema(schema_check(name).schema)


def test_every_field_has_a_chinese_name():
    for name in ("entry", "bureau", "sources"):
        schema = schema_check(name).schema
        fields = {field for found in _properties(schema) for field in found}
        assert fields <= schema["x-names"].keys()


def _properties(schema):
    if isinstance(schema, dict):
        yield from [schema["properties"]] if isinstance(schema.get("properties"), dict) else []
        for value in schema.values():
            yield from _properties(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _properties(value)


@pytest.mark.parametrize(
    ("text", "kind"), [(SERVICE, Kind.SERVICE), (DISCLOSURE, Kind.DISCLOSURE), (HOTLINE, Kind.HOTLINE)]
)
def test_right_documents_pass(text, kind):
    assert entry_issues(read_yaml(text.encode()).value, kind) == []


@pytest.mark.parametrize(
    ("where", "value", "place", "said", "fix"),
    [
        (("code",), ..., ("code",), "缺少「编号」", "请"),
        (("name",), 5, ("name",), "「名称」应为文字", "一行文字"),
        (("name",), None, ("name",), "现在是空的", "一行文字"),
        (("name",), " 空格", ("name",), "写法不对", "前后没有空格"),
        (("name",), "行\n", ("name",), "写法不对", "没有换行"),
        (("name",), "字" * 301, ("name",), "太长,有 301 个字符", "300"),
        (("status",), "curent", ("status",), "「curent」不能用", "是不是 current?"),
        (("facets", "fees"), "unknown", ("facets", "fees"), "不认识的字段「fees」", "请改为 fee"),
        (("colour",), "红", ("colour",), "不认识的字段「colour」", "请"),
        (("facets",), ..., ("facets",), "缺少「各方面」", "八个方面都要写"),
        (("facets", "fee"), ..., ("facets", "fee"), "缺少「收费」", "请"),
        (("facets", "fee"), "未知", ("facets", "fee"), "「未知」写法不对", "写 unknown"),
        (("facets", "fee"), [], ("facets", "fee"), "是空的列表", "写 unknown"),
        (("facets", "conditions", 0, "text"), ..., ("facets", "conditions", 0, "text"), "缺少「内容」", "请"),
        (
            ("facets", "conditions", 1, "past"),
            "yes",
            ("facets", "conditions", 1, "past"),
            "true",
            "true 或 false",
        ),
        (("facts",), [{"text": "x"}], ("facts",), "「内容」不能写在这里", "八个方面"),
        (
            ("handling",),
            {"kind": "consult", "in_scope": "yes", "route": "x"},
            ("handling",),
            "不能写在这里",
            "热线",
        ),
        (("publication",), {}, ("publication",), "不能写在这里", "文件和简报"),
        (("aliases",), ["甲", "乙", "甲"], ("aliases",), "「甲」重复", "只保留一个"),
        (("aliases",), "甲", ("aliases",), "应为列表", "写成列表"),
        (("review", "state"), "ok", ("review", "state"), "「ok」不能用", "reviewed"),
        (("review", "by"), ..., ("review", "by"), "缺少「审核岗位」", "写明审核岗位"),
        (("review", "on"), ..., ("review", "on"), "缺少「审核日期」", "写明审核日期"),
        (("review", "on"), "2026年11月", ("review", "on"), "写法不对", "2024-01-31"),
        (("review", "on"), "2026-02-30", ("review", "on"), "没有「2026-02-30」这一天", "真实的日期"),
        (("review",), ..., ("review",), "缺少「审核记录」", "写成 {state: reviewed"),
        (
            ("effective",),
            {"from": "2025-01-01", "to": "2024-01-01"},
            ("effective", "to"),
            "早于生效日期",
            "核对",
        ),
        (("moved",), {"text": "去了别处"}, ("moved",), "不能写在这里", "现行"),
        (("status",), "transferred", ("moved",), "缺少「去向」", "由谁办"),
        (("section",), "投资科", ("section",), "写法不对", "写标识"),
        (("sources",), ["law", "law"], ("sources",), "「law」重复", "请"),
        (("kind",), "services", ("kind",), "不认识的字段「kind」", "文件夹"),
        (("premises", 0, "said"), [], ("premises", 0, "said"), "是空的列表", "请"),
    ],
)
def test_a_fault_is_told_with_field_and_fix(where, value, place, said, fix):
    found = told(changed(SERVICE_DOCUMENT, where, value))
    assert len(found) == 1, found
    assert found[0][0] == place
    assert said in found[0][1]
    assert fix in found[0][2]
    assert found[0][2].startswith("请")


def test_all_faults_are_told_together():
    document = changed(changed(changed(SERVICE_DOCUMENT, ("code",), "S 1"), ("status",), "x"), ("name",), ...)
    assert {where for where, _, _ in told(document)} == {("code",), ("status",), ("name",)}


def test_a_hotline_topic_needs_its_handling():
    assert told(changed(HOTLINE_DOCUMENT, ("handling",), ...), Kind.HOTLINE)[0][1].startswith(
        "缺少「热线办理」"
    )


def test_a_document_needs_its_publication():
    document = read_yaml(DISCLOSURE.encode()).value
    assert told(document, Kind.DOCUMENT)[0][1].startswith("缺少「出版信息」")


@pytest.mark.parametrize("document", [None, [], "文字", ["a"]])
def test_what_is_no_group_of_fields_is_told(document):
    assert told(document)[0][1].startswith("整个文件应为")


def test_a_bad_id_of_a_source_is_told():
    issues = schema_check("sources").issues({"Law 1": {"kind": "page", "title": "标题"}})
    assert [issue.where for issue in issues] == [("Law 1",)]
    assert "标识" in issues[0].message


VALUES = st.recursive(
    st.sampled_from(
        [None, True, "unknown", "x", "", " ", "law", "current", "2024-01-01", "行\n行", "字" * 400]
    ),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["text", "state", "x"]), inner)
    ),
    max_leaves=4,
)


@settings(max_examples=300)
@given(st.data(), st.sampled_from(Kind), VALUES)
def test_the_fast_and_the_slow_verdict_are_the_same(data, kind, value):
    """Break or keep one field of a right document: fastjsonschema and jsonschema must agree."""
    document = read_yaml(data.draw(st.sampled_from([SERVICE, DISCLOSURE, HOTLINE])).encode()).value
    field = data.draw(st.sampled_from([*schema_check("entry").schema["properties"], "x"]))
    document = {**document, field: value, "kind": kind.value}
    check = schema_check("entry")
    slow = list(Draft7Validator(check.schema).iter_errors(document))
    assert bool(check.issues(document)) == bool(slow)


@given(made_entries())
def test_made_entries_satisfy_the_schema(entry):
    """What the other tests draw is what the schema allows, so that they test the product and not it."""
    document = document_of(entry, ())
    for outer, inner in (("effective", "from"), ("effective", "to"), ("review", "on")):
        if document.get(outer, {}).get(inner):
            document[outer][inner] = document[outer][inner].isoformat()
    assert entry_issues(document, entry.kind) == []
