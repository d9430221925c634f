"""Settings of what every process uses: folders, the database, the secret, the log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.settings import forms
from bot.settings.variable import setting

_FOLDER = ("a folder", "一个文件夹")


@dataclass(frozen=True)
class Places:
    """Where things are, and what the deployment as a whole may do."""

    data: Path = setting(
        "BOT_DATA", "data", Path, _FOLDER, ("folder of the bureau's data", "本单位资料所在文件夹")
    )
    var: Path = setting(
        "BOT_VAR", "var", Path, _FOLDER, ("folder for what the program writes", "程序写入数据的文件夹")
    )
    models: Path = setting(
        "BOT_MODELS", "models", Path, _FOLDER, ("folder of trained models", "训练好的模型所在文件夹")
    )
    database_url: str = setting(
        "DATABASE_URL",
        "",
        forms.database,
        (
            "sqlite:///path or postgresql://user:password@host/name",
            " sqlite:///文件路径 或 postgresql://用户:密码@主机/库名",
        ),
        ("database; SQLite in BOT_VAR when empty", "数据库地址;不填则用 BOT_VAR 下的 SQLite"),
        secret=True,
    )
    database_timeout: float = setting(
        "BOT_DATABASE_TIMEOUT",
        "3",
        forms.seconds(0.1, 60),
        ("seconds from 0.1 to 60", " 0.1 至 60 之间的秒数"),
        ("how long a caller waits for a locked or absent database", "数据库被占用或断开时最多等待的秒数"),
    )
    secret: str | None = setting(
        "BOT_SECRET",
        "",
        forms.secret,
        ("at least 32 characters", "至少 32 个字符"),
        ("secret of the deployment; made in BOT_VAR when empty", "本部署的保密串;不填则在 BOT_VAR 下生成"),
        secret=True,
    )
    allow_samples: bool = setting(
        "BOT_ALLOW_SAMPLES",
        "0",
        forms.flag,
        ("1 or 0", " 1 或 0"),
        (
            "serve entries that the bureau has not reviewed, marked as a demonstration",
            "允许使用未经本单位审核的示例条目(带演示提示)",
        ),
    )
    log_level: str = setting(
        "BOT_LOG_LEVEL",
        "INFO",
        forms.level,
        ("DEBUG, INFO, WARNING or ERROR", " DEBUG、INFO、WARNING 或 ERROR"),
        ("how much is logged", "日志详细程度"),
    )
