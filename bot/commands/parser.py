"""argparse in Chinese: the same rules, told to people who do not read English."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from typing import NoReturn

HELP = "显示本说明"
USAGE = "用法："
ERROR = "参数有误：{message}。用 --help 查看用法。"
# What argparse 3.10 says, and how we say it. What is not listed stays as it is.
PHRASES = (
    (r"the following arguments are required: (.*)", r"缺少参数 \1"),
    (r"unrecognized arguments: (.*)", r"不认识的参数 \1"),
    (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", r"参数 \1 的值 \2 不在可选范围：\3"),
    (r"argument (.*): invalid \w+ value: (.*)", r"参数 \1 的值 \2 格式不对"),
    (r"argument (.*): expected one argument", r"参数 \1 后面应有一个值"),
    (r"argument (.*): expected at least one argument", r"参数 \1 后面至少应有一个值"),
    (r"argument (.*): not allowed with argument (.*)", r"参数 \1 不能与 \2 同时使用"),
    (r"argument (.*): (.*)", r"参数 \1：\2"),
    (r"one of the arguments (.*) is required", r"应给出以下参数之一：\1"),
)


class _Formatter(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, USAGE if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese. Sub-parsers made from it do as well."""

    def __init__(self, *, prog: str, description: str | None = None) -> None:
        super().__init__(prog=prog, description=description, formatter_class=_Formatter, add_help=False)
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help=HELP)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and leave with exit code 2."""
        self.exit(2, f"{ERROR.format(message=in_chinese(message))}\n")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Leave the program."""
        if message:
            print(message, end="", file=sys.stderr)
        sys.exit(status)


def in_chinese(message: str) -> str:
    """Give argparse's message in Chinese."""
    for pattern, replacement in PHRASES:
        if re.fullmatch(pattern, message, re.DOTALL):
            return re.sub(pattern, replacement, message, flags=re.DOTALL)
    return message
