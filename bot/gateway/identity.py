"""The name of this process among all that share the database, and whether another still lives."""

from __future__ import annotations

import os
from pathlib import Path

_HEAD = "desk"


def process_name(pid: int | None = None, proc: Path = Path("/proc")) -> str:
    """Give a name that no other process has had or will have.

    It is made of the machine's boot, the process namespace, the process id and when it started; so a
    process of the same machine can be known to be gone without waiting.
    """
    pid = os.getpid() if pid is None else pid
    place = _place(proc)
    started = _started(pid, proc)
    if place is None or started is None:
        return f"{_HEAD}:{os.uname().nodename}:{pid}:{os.urandom(6).hex()}"
    return f"{_HEAD}:{place}:{pid}:{started}"


def is_gone(name: str, proc: Path = Path("/proc")) -> bool:
    """Say whether the process of this name is surely no more. Of other machines nothing is known."""
    parts = name.split(":")
    place = _place(proc)
    if len(parts) != 4 or parts[0] != _HEAD or place is None or parts[1] != place:
        return False
    return _started(int(parts[2]), proc) != parts[3]


def _place(proc: Path) -> str | None:
    try:
        boot = (proc / "sys/kernel/random/boot_id").read_text("ascii").strip().replace("-", "")
        namespace = os.readlink(proc / "self/ns/pid")
    except OSError:
        return None
    digits = "".join(char for char in namespace if char.isdigit())
    return f"{boot}.{digits}"


def _started(pid: int, proc: Path) -> str | None:
    """Give when the process started, in clock ticks since boot: field 22 of proc(5) ``stat``."""
    try:
        stat = (proc / str(pid) / "stat").read_text("utf-8", "replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    # A dead process that nobody has waited for is gone all the same.
    return fields[19] if len(fields) > 19 and fields[0] not in ("Z", "X") else None
