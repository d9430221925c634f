"""The settings of a deployment: the only reader of the environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot import setting_forms as forms
from bot.desk.errors import SettingsError


@dataclass(frozen=True)
class Settings:
    """What a deployment may choose. Times are in seconds, sizes in bytes; secrets stay out of ``repr``."""

    data: Path
    var: Path
    models: Path
    database_url: str = field(repr=False)
    database_timeout: float
    host: str
    port: int
    channels: tuple[str, ...]
    brains: tuple[str, ...]
    brain_port: int
    brain_budget: float
    turns_at_once: int
    body_limit: int
    api_key: str | None = field(repr=False)
    rest_loopback: bool
    allow_samples: bool
    allowed_origins: tuple[str, ...]
    trusted_proxies: tuple[forms.Network, ...]
    secret: str | None = field(repr=False)
    log_level: str

    @property
    def brains_here(self) -> bool:
        """Whether the brains are those that a number in ``BOT_BRAINS`` stands for, started here."""
        return self.brains == forms.brain_urls(len(self.brains), self.brain_port)


@dataclass(frozen=True)
class Variable:
    """One environment variable: its default, the form it must have, and what it is for, in both languages."""

    name: str
    default: str
    parse: Callable[[str], Any]
    form: str
    form_zh: str
    meaning: str
    meaning_zh: str


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Give the settings of this process. Raises ``SettingsError`` that names every wrong variable."""
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    wrong: list[Variable] = []
    for key, variable in VARIABLES.items():
        try:
            values[key] = variable.parse(environ.get(variable.name, "").strip() or variable.default)
        except ValueError:
            wrong.append(variable)
    if wrong:
        raise SettingsError(_in_english(wrong), _in_chinese(wrong))
    values["brains"] = forms.brain_urls(values["brains"], values["brain_port"])
    values["database_url"] = values["database_url"] or f"sqlite:///{values['var'].absolute() / 'desk.db'}"
    return Settings(**values)


def unknown_variables(environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Give the ``BOT_`` variables that no setting reads: most likely a slip of the pen."""
    environ = os.environ if environ is None else environ
    known = {variable.name for variable in VARIABLES.values()}
    return tuple(sorted(name for name in environ if name.startswith("BOT_") and name not in known))


def _in_english(wrong: list[Variable]) -> str:
    return "; ".join(f"{v.name} must be {v.form}" for v in wrong)


def _in_chinese(wrong: list[Variable]) -> str:
    # The value itself is not repeated: it may be a password.
    return "".join(f"环境变量 {v.name} 的值不对,应为{v.form_zh}。" for v in wrong)


VARIABLES: dict[str, Variable] = {
    "data": Variable(
        "BOT_DATA",
        "data",
        Path,
        "a folder",
        "一个文件夹",
        "folder of the bureau's data",
        "本单位资料所在文件夹",
    ),
    "var": Variable(
        "BOT_VAR",
        "var",
        Path,
        "a folder",
        "一个文件夹",
        "folder for what the program writes",
        "程序写入数据的文件夹",
    ),
    "models": Variable(
        "BOT_MODELS",
        "models",
        Path,
        "a folder",
        "一个文件夹",
        "folder of trained models",
        "训练好的模型所在文件夹",
    ),
    "database_url": Variable(
        "DATABASE_URL",
        "",
        forms.database,
        "sqlite:///path or postgresql://user:password@host/name",
        " sqlite:///文件路径 或 postgresql://用户:密码@主机/库名",
        "database; SQLite in BOT_VAR when empty",
        "数据库地址;不填则用 BOT_VAR 下的 SQLite",
    ),
    "database_timeout": Variable(
        "BOT_DATABASE_TIMEOUT",
        "3",
        forms.seconds(0.1, 60),
        "seconds from 0.1 to 60",
        " 0.1 至 60 之间的秒数",
        "how long a caller waits for a locked or absent database",
        "数据库被占用或断开时最多等待的秒数",
    ),
    "host": Variable(
        "BOT_HOST",
        "127.0.0.1",
        str,
        "an address to listen on",
        "监听地址",
        "address of the public side",
        "对外服务的监听地址",
    ),
    "port": Variable(
        "BOT_PORT",
        "8080",
        forms.integer(0, 65535),
        "a port from 0 to 65535 (0 takes a free one)",
        " 0 至 65535 之间的端口号(0 表示自动选择)",
        "port of the public side",
        "对外服务的端口",
    ),
    "channels": Variable(
        "BOT_CHANNELS",
        "webchat,rest",
        forms.names,
        "names of channels with commas between",
        "以逗号分隔的渠道名",
        "channels to offer",
        "启用的渠道",
    ),
    "brains": Variable(
        "BOT_BRAINS",
        "1",
        forms.brains,
        "a count from 1 to 64, or http:// or unix:// addresses with commas between",
        " 1 至 64 的个数,或以逗号分隔的 http://、unix:// 地址",
        "brains: how many to start here, or where they are",
        "对话引擎的个数(在本机启动)或地址",
    ),
    "brain_port": Variable(
        "BOT_BRAIN_PORT",
        "5105",
        forms.integer(1, 65535),
        "a port from 1 to 65535",
        " 1 至 65535 之间的端口号",
        "port of the first brain started here; the others follow",
        "本机第一个对话引擎的端口,其余依次加一",
    ),
    "brain_budget": Variable(
        "BOT_BRAIN_BUDGET",
        "6",
        forms.seconds(0.05, 120),
        "seconds from 0.05 to 120",
        " 0.05 至 120 之间的秒数",
        "how long a turn may wait for a brain",
        "一次问答最多等待对话引擎的秒数",
    ),
    "turns_at_once": Variable(
        "BOT_TURNS_AT_ONCE",
        "32",
        forms.integer(1, 1024),
        "a count from 1 to 1024",
        " 1 至 1024 之间的整数",
        "turns sent to the brains at the same time; the others queue",
        "同时交给对话引擎的问答数,其余排队",
    ),
    "body_limit": Variable(
        "BOT_BODY_LIMIT",
        "131072",
        forms.integer(1024, 16777216),
        "bytes from 1024 to 16777216",
        " 1024 至 16777216 之间的字节数",
        "largest request body that is read",
        "允许读取的请求体最大字节数",
    ),
    "api_key": Variable(
        "BOT_API_KEY",
        "",
        forms.key,
        "at least 16 printable ASCII characters",
        "至少 16 个可打印的英文字符",
        "key of the REST channel; without one it is off",
        "REST 接口的密钥;不填则接口关闭",
    ),
    "rest_loopback": Variable(
        "BOT_REST_LOOPBACK",
        "0",
        forms.flag,
        "1 or 0",
        " 1 或 0",
        "open the REST channel to this machine without a key",
        "本机访问 REST 接口不需要密钥",
    ),
    "allow_samples": Variable(
        "BOT_ALLOW_SAMPLES",
        "0",
        forms.flag,
        "1 or 0",
        " 1 或 0",
        "serve entries that the bureau has not reviewed, marked as a demonstration",
        "允许使用未经本单位审核的示例条目(带演示提示)",
    ),
    "allowed_origins": Variable(
        "BOT_ALLOWED_ORIGINS",
        "",
        forms.origins,
        "origins such as https://www.example.gov.cn with commas between",
        "以逗号分隔的网站来源,如 https://www.example.gov.cn",
        "sites that may embed the web chat",
        "允许嵌入网页聊天的网站",
    ),
    "trusted_proxies": Variable(
        "BOT_TRUSTED_PROXIES",
        "",
        forms.networks,
        "addresses or networks with commas between",
        "以逗号分隔的 IP 地址或网段",
        "proxies whose X-Forwarded-For is believed",
        "可信的反向代理",
    ),
    "secret": Variable(
        "BOT_SECRET",
        "",
        forms.secret,
        "at least 32 characters",
        "至少 32 个字符",
        "secret of the deployment; made in BOT_VAR when empty",
        "本部署的保密串;不填则在 BOT_VAR 下生成",
    ),
    "log_level": Variable(
        "BOT_LOG_LEVEL",
        "INFO",
        forms.level,
        "DEBUG, INFO, WARNING or ERROR",
        " DEBUG、INFO、WARNING 或 ERROR",
        "how much is logged",
        "日志详细程度",
    ),
}
