"""Says in Chinese what keeps the bytes of a file from being read as YAML, and on which line."""

from __future__ import annotations

import codecs

import yaml

from bot.storage.problems import Issue

Fault = tuple["int | None", Issue]
"""The line, counted from 1 where it is known, and what is wrong there."""

_SAVE_AS = "请用编辑器另存为 UTF-8 编码(不带 BOM)"
_SYNTAX = (
    ("cannot start any token", "行首或内容里有制表符(Tab),或以 @ ` % 等符号开头",
     "请把制表符换成空格;以这些符号开头的内容用引号括起来"),
    ("mapping values are not allowed", "一行里出现了第二个冒号加空格,或者缩进多了",
     "请把名称后面的冒号写成半角;内容里有冒号加空格时用引号把整段括起来,并检查缩进"),
    ("could not find expected ':'", "名称后面缺少冒号,或者上一行的引号没有写完",
     "请写成“名称: 内容”(冒号是半角,后面有空格),并检查引号是否成对"),
    ("while scanning a quoted scalar", "引号没有成对,或引号里有不能用的反斜杠写法",
     "请补上另一个引号;双引号里的反斜杠要写两个"),
    ("did not find expected ',' or", "方括号或花括号没有成对,或里面的项目没有用半角逗号隔开",
     "请补齐括号,项目之间用半角逗号加空格隔开;内容里有逗号时用引号括起来"),
    ("did not find expected key", "缩进不一致,或引号后面还有多余的内容",
     "请让同一级的名称左边对齐;内容里有引号时用另一种引号把整段括起来"),
    ("did not find expected '-' indicator", "列表的“-”没有对齐,或列表里夹了别的内容",
     "请让同一个列表的“-”左边对齐"),
    ("did not find expected node content", "括号里有多余的逗号,或缺少内容", "请删去多余的逗号或补上内容"),
    ("control characters are not allowed", "含有看不见的控制字符", "请删除控制字符后重新输入这一段"),
    ("block sequence entries are not allowed", "“-”的位置不对", "请把“-”另起一行,并与同一列表的其他项对齐"),
    ("found undefined tag handle", "内容以“!”开头", "请用引号把内容括起来"),
    ("found undefined alias", "内容以“*”开头", "请用引号把内容括起来"),
    ("alphabetic or numeric character", "内容以“*”或“&”开头", "请用引号把内容括起来"),
    ("but found another document", "一个文件里有用“---”隔开的多份内容", "请每个文件只写一份"),
    ("nested too deeply", "层次太深", "请检查缩进和括号"),
    ("exceeded maximum", "层次太深", "请检查缩进和括号"),
)  # fmt: skip
_OPENED_BEFORE = ("quoted scalar", "simple key", "flow sequence", "flow mapping")
"""In these the fault lies where the thing began, not where the reader gave up."""
_GENERAL = ("写法不合 YAML 格式", "请检查这一行和上一行的缩进、冒号后的空格、引号和括号是否成对")


def decode_fault(raw: bytes, largest: int) -> Fault | None:
    """Say what keeps the bytes from being UTF-8 text of at most ``largest`` bytes; ``None`` if nothing."""
    if len(raw) > largest:
        size = f"文件太大({len(raw):,} 字节)"
        return None, Issue((), size, f"请拆成几个条目,每个文件不超过 {largest:,} 字节")
    if raw.startswith(codecs.BOM_UTF8):
        return 1, Issue((), "文件开头有 BOM 标记", _SAVE_AS)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return 1, Issue((), "文件是 UTF-16 编码", _SAVE_AS)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return line, Issue((), f"文件不是 UTF-8 编码{_guess(raw)}", _SAVE_AS)
    return None


def syntax_fault(error: yaml.YAMLError, raw: bytes) -> Fault:
    """Word an error of the YAML reader; ``raw`` is what it read."""
    context = str(getattr(error, "context", ""))
    marks = [getattr(error, "problem_mark", None), getattr(error, "context_mark", None)]
    if any(sign in context for sign in _OPENED_BEFORE):
        marks.reverse()
    mark = marks[0] or marks[1]
    line = mark.line + 1 if mark is not None else _line_of_character(error, raw)
    said = f"{context} {error}"
    message, fix = next(((m, f) for sign, m, f in _SYNTAX if sign in said), _GENERAL)
    return line, Issue((), message, fix)


def _guess(raw: bytes) -> str:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return ",或者已经损坏"
    return ",看来是 GBK 编码"


def _line_of_character(error: yaml.YAMLError, raw: bytes) -> int | None:
    position = getattr(error, "position", None)
    return raw.count(b"\n", 0, position) + 1 if isinstance(position, int) else None
