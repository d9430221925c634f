"""Tests of bot.gateway.identity: a dead process is known as dead, and nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bot.gateway.identity import is_gone, process_name


def test_a_process_is_gone_when_it_has_ended_even_if_nobody_waited_for_it() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    name = process_name(process.pid)
    assert not is_gone(name)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # dead, and still in the table
    assert is_gone(name)
    process.communicate()
    assert is_gone(name)


def test_we_are_here_and_another_with_our_number_was_not_us() -> None:
    name = process_name()
    assert not is_gone(name)
    head, place, pid, started = name.split(":")
    assert is_gone(f"{head}:{place}:{pid}:{int(started) - 1}")


def test_of_other_machines_nothing_is_known() -> None:
    assert not is_gone("desk:another-boot.1:1:1")
    assert not is_gone("something else")


def test_without_proc_names_are_unique_and_nothing_is_known(tmp_path: Path) -> None:
    one, two = process_name(proc=tmp_path), process_name(proc=tmp_path)
    assert one != two
    assert not is_gone(process_name(), proc=tmp_path)
