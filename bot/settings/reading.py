"""The settings of a deployment: the only reader of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.desk.errors import SettingsError
from bot.settings import forms
from bot.settings.brains import Brains
from bot.settings.channels import Channels
from bot.settings.console import Console
from bot.settings.gateway import Gateway
from bot.settings.official_account import OfficialAccounts
from bot.settings.places import Places
from bot.settings.variable import Variable, variables_of

GROUPS: tuple[type[Any], ...] = (Places, Gateway, Console, Brains, Channels, OfficialAccounts)


@dataclass(frozen=True)
class Settings(OfficialAccounts, Channels, Brains, Console, Gateway, Places):
    """What a deployment may choose. Times are in seconds, sizes in bytes; secrets stay out of ``repr``."""


# The field of each setting and its variable, in the order in which they are listed.
VARIABLES: dict[str, Variable] = {
    field: variable for group in GROUPS for field, variable in variables_of(group).items()
}


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
