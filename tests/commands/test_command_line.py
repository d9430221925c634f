"""The command line's frame: help, errors and exit codes, in Chinese."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.commands import texts
from bot.commands.parser import in_chinese

ROOT = Path(__file__).parents[2]


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *arguments]
    env = {**os.environ, **environ}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_without_arguments_it_lists_the_commands(capsys):
    assert main([]) == 2
    listed = capsys.readouterr().out
    assert all(name in listed and meaning in listed for name, meaning in texts.COMMANDS.items())


@pytest.mark.parametrize("name", texts.COMMANDS)
def test_every_command_has_help_in_chinese(name, capsys):
    with pytest.raises(SystemExit) as caught:
        main([name, "--help"])
    assert caught.value.code == 0
    helped = capsys.readouterr().out
    assert texts.COMMANDS[name] in helped
    assert not [word for word in ("usage", "options", "positional", "show this") if word in helped]


def test_an_unknown_command_is_named(capsys):
    assert main(["fly"]) == 2
    assert "没有这个命令：fly" in capsys.readouterr().err


def test_a_wrong_option_is_named_in_chinese(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["train", "--fast"])
    assert caught.value.code == 2
    assert "不认识的参数 --fast" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("the following arguments are required: question", "缺少参数 question"),
        ("argument --day: invalid int value: 'x'", "参数 --day 的值 'x' 格式不对"),
        (
            "argument --by: invalid choice: 'x' (choose from 'a', 'b')",
            "参数 --by 的值 'x' 不在可选范围：'a', 'b'",
        ),
        ("argument --to: expected one argument", "参数 --to 后面应有一个值"),
        ("argument --from: 日期应写成 2026-01-31", "参数 --from：日期应写成 2026-01-31"),
        ("something new", "something new"),
    ],
)
def test_what_argparse_says_is_told_in_chinese(english, chinese):
    assert in_chinese(english) == chinese


def test_a_wrong_setting_is_told_in_chinese_with_exit_code_1(monkeypatch, capsys):
    monkeypatch.setenv("BOT_PORT", "eighty")
    assert main(["validate"]) == 1
    told = capsys.readouterr().err
    assert "BOT_PORT" in told
    assert "Traceback" not in told


def test_a_help_text_imports_nothing_heavy():
    script = "import sys; from bot.__main__ import main; main(['--help']); print(*sys.modules)"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert {"argparse", "bot"} <= set(done.stdout.split())
    assert not {"rasa", "numpy", "sqlalchemy", "aiohttp", "yaml"} & set(done.stdout.split())


def test_an_output_that_nobody_reads_is_no_traceback():
    script = f"{sys.executable} -m bot settings | true"
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert "Traceback" not in done.stderr


def test_settings_lists_every_variable_and_shows_no_secret():
    done = run("settings", BOT_API_KEY="0123456789abcdef", BOT_PORT="9999", BOT_PROT="1")
    assert done.returncode == 0
    assert "BOT_API_KEY" in done.stdout
    assert "0123456789abcdef" not in done.stdout
    assert "当前：9999" in done.stdout
    assert "环境变量 BOT_PROT 不是本程序的设置" in done.stdout
