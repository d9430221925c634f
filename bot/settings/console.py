"""Settings of the staff console: where it listens."""

from __future__ import annotations

from dataclasses import dataclass

from bot.settings import forms
from bot.settings.variable import setting


@dataclass(frozen=True)
class Console:
    """The staff console."""

    console_host: str = setting(
        "BOT_CONSOLE_HOST",
        "127.0.0.1",
        str,
        ("an address to listen on", "监听地址"),
        ("address of the staff console", "工作台的监听地址"),
    )
    console_port: int = setting(
        "BOT_CONSOLE_PORT",
        "8090",
        forms.integer(0, 65535),
        ("a port from 0 to 65535 (0 takes a free one)", " 0 至 65535 之间的端口号(0 表示自动选择)"),
        ("port of the staff console", "工作台的端口"),
    )
