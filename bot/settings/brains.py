"""Settings of the brains: how many, where, and how long a turn waits for one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.settings import forms
from bot.settings.variable import setting


@dataclass(frozen=True)
class Brains:
    """The brains."""

    brains: tuple[str, ...] = setting(
        "BOT_BRAINS",
        "1",
        forms.brains,
        (
            "a count from 1 to 64, or http:// or unix:// addresses with commas between",
            " 1 至 64 的个数,或以逗号分隔的 http://、unix:// 地址",
        ),
        ("brains: how many to start here, or where they are", "对话引擎的个数(在本机启动)或地址"),
    )
    brain_port: int = setting(
        "BOT_BRAIN_PORT",
        "5105",
        forms.integer(1, 65535),
        ("a port from 1 to 65535", " 1 至 65535 之间的端口号"),
        (
            "port of the first brain started here; the others follow",
            "本机第一个对话引擎的端口,其余依次加一",
        ),
    )
    brain_budget: float = setting(
        "BOT_BRAIN_BUDGET",
        "6",
        forms.seconds(0.05, 120),
        ("seconds from 0.05 to 120", " 0.05 至 120 之间的秒数"),
        ("how long a turn may wait for a brain", "一次问答最多等待对话引擎的秒数"),
    )

    @property
    def brains_here(self) -> bool:
        """Whether the brains are those that a number in ``BOT_BRAINS`` stands for, started here."""
        return self.brains == forms.brain_urls(len(self.brains), self.brain_port)
