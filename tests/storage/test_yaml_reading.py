"""What editors write is read as they mean it, and every fault is told with its line."""

import pytest

from bot.storage.yaml_reading import lines_of, read_yaml


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("on: 2026-11-23", {"on": "2026-11-23"}),
        ("a: yes", {"a": "yes"}),
        ("a: 0558", {"a": "0558"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: 1e5", {"a": "1e5"}),
        ("a: true", {"a": True}),
        ("a: 'true'", {"a": "true"}),
        ("a: null", {"a": None}),
        ("a:", {"a": None}),
        ("a: ~", {"a": None}),
        ("a: |\n  x\n  y\n", {"a": "x\ny"}),
        ("a: >-\n  x\n  y\n", {"a": "x y"}),
        ("a: [x, y]", {"a": ["x", "y"]}),
        ("a:\r\n- x\r\n- y\r\n", {"a": ["x", "y"]}),
        ("a: '& b * c ! d'", {"a": "& b * c ! d"}),
        ("a: 😀 臺灣", {"a": "😀 臺灣"}),
    ],
)
def test_scalars_are_what_was_typed(written, meant):
    reading = read_yaml(written.encode())
    assert (reading.value, reading.issues) == (meant, [])


@pytest.mark.parametrize(
    ("raw", "line", "said"),
    [
        (b"a: b: c\n", 1, "第二个冒号"),
        (b"x: 1\na:\n\t- y\n", 3, "制表符"),
        (b"x: 1\na: 'open\nb: c\n", 2, "引号没有成对"),
        (b"x: 1\na: [b, c\nd: e\n", 2, "括号没有成对"),
        ("a：b\nc: d\n".encode(), 2, "冒号"),
        (b"a: @x\n", 1, "@"),
        (b"a: \x01b\n", 1, "控制字符"),
        (b"\x00\x00", 1, "控制字符"),
        (b"x: 1\na: &y b\nc: *y\n", 2, "锚点"),
        (b"x: 1\na: !!python/object:os.system b\n", 2, "类型标记"),
        (b"a: 1\n---\nb: 2\n", 2, "多份内容"),
        ("x: 1\na: 中文\n".encode("gbk"), 2, "看来是 GBK 编码"),
        ("\ufeffa: b\n".encode(), 1, "BOM"),
        ("a: b\n".encode("utf-16"), 1, "UTF-16"),
        (b"a: \xff\xff\xff\n", 1, "不是 UTF-8"),
        (b"a: " + b"x" * 1_000_001, None, "太大"),
    ],
)
def test_a_fault_is_told_with_its_line(raw, line, said):
    reading = read_yaml(raw)
    assert reading.value is None
    assert [issue.message for issue in reading.issues if said in issue.message] != []
    assert all(issue.fix.startswith("请") for issue in reading.issues)
    assert reading.line == line


@pytest.mark.parametrize("raw", [b"", b"# nothing\n"])
def test_an_empty_file_is_told(raw):
    assert [issue.message for issue in read_yaml(raw).issues] == ["文件是空的"]


def test_every_double_key_is_told_at_its_place():
    issues = read_yaml(b"a: 1\nb:\n- c: 1\n  c: 2\na: 3\n").issues
    assert {issue.where for issue in issues} == {("a",), ("b", 0, "c")}


def test_a_key_that_is_no_name_is_told():
    assert read_yaml(b"? [a]\n: b\n").issues[0].message == "冒号前面不是一个名称"


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 400_000,
        b"[" * 400_000 + b"]" * 400_000,
        b"- " * 400_000,
        b"? " * 400_000,
        b"[" * 15 + b"]" * 15,
    ],
)
def test_deep_nesting_neither_crashes_nor_passes(raw):
    assert read_yaml(raw).issues != []


def test_lines_are_found_also_beside_what_is_absent():
    raw = b"a: 1\nfacts:\n- text: x\n- text: y\n  sources: [p,\n    q]\n"
    wanted = {("a",), ("facts", 1, "text"), ("facts", 1, "sources", 1), ("facts", 0, "as_of"), ("none",), ()}
    assert lines_of(raw, wanted) == {
        ("a",): 1,
        ("facts", 1, "text"): 4,
        ("facts", 1, "sources", 1): 6,
        ("facts", 0, "as_of"): 3,
        ("none",): 1,
        (): 1,
    }
