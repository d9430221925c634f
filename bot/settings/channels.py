"""Settings of the web chat and of the REST channel."""

from __future__ import annotations

from dataclasses import dataclass

from bot.settings import forms
from bot.settings.variable import setting


@dataclass(frozen=True)
class Channels:
    """Who may use the channels that are open to anybody, and from where."""

    api_key: str | None = setting(
        "BOT_API_KEY",
        "",
        forms.key,
        ("at least 16 printable ASCII characters", "至少 16 个可打印的英文字符"),
        ("key of the REST channel; without one it is off", "REST 接口的密钥;不填则接口关闭"),
        secret=True,
    )
    rest_loopback: bool = setting(
        "BOT_REST_LOOPBACK",
        "0",
        forms.flag,
        ("1 or 0", " 1 或 0"),
        ("open the REST channel to this machine without a key", "本机访问 REST 接口不需要密钥"),
    )
    allowed_origins: tuple[str, ...] = setting(
        "BOT_ALLOWED_ORIGINS",
        "",
        forms.origins,
        (
            "origins such as https://www.example.gov.cn with commas between",
            "以逗号分隔的网站来源,如 https://www.example.gov.cn",
        ),
        ("sites that may embed the web chat", "允许嵌入网页聊天的网站"),
    )
