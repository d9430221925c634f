"""Settings of the gateway: the public side, and the work done at the same time."""

from __future__ import annotations

from dataclasses import dataclass

from bot.settings import forms
from bot.settings.variable import setting


@dataclass(frozen=True)
class Gateway:
    """The public side."""

    host: str = setting(
        "BOT_HOST",
        "127.0.0.1",
        str,
        ("an address to listen on", "监听地址"),
        ("address of the public side", "对外服务的监听地址"),
    )
    port: int = setting(
        "BOT_PORT",
        "8080",
        forms.integer(0, 65535),
        ("a port from 0 to 65535 (0 takes a free one)", " 0 至 65535 之间的端口号(0 表示自动选择)"),
        ("port of the public side", "对外服务的端口"),
    )
    channels: tuple[str, ...] = setting(
        "BOT_CHANNELS",
        "webchat,rest",
        forms.names,
        ("names of channels with commas between", "以逗号分隔的渠道名"),
        ("channels to offer", "启用的渠道"),
    )
    body_limit: int = setting(
        "BOT_BODY_LIMIT",
        "131072",
        forms.integer(1024, 16777216),
        ("bytes from 1024 to 16777216", " 1024 至 16777216 之间的字节数"),
        ("largest request body that is read", "允许读取的请求体最大字节数"),
    )
    trusted_proxies: tuple[forms.Network, ...] = setting(
        "BOT_TRUSTED_PROXIES",
        "",
        forms.networks,
        ("addresses or networks with commas between", "以逗号分隔的 IP 地址或网段"),
        ("proxies whose X-Forwarded-For is believed", "可信的反向代理"),
    )
    turns_at_once: int = setting(
        "BOT_TURNS_AT_ONCE",
        "32",
        forms.integer(1, 1024),
        ("a count from 1 to 1024", " 1 至 1024 之间的整数"),
        ("turns sent to the brains at the same time; the others queue", "同时交给对话引擎的问答数,其余排队"),
    )
