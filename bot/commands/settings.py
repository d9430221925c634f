"""``settings``: lists every environment variable that is read, with its meaning, default and value."""

from __future__ import annotations

import argparse
import os

from bot.commands import texts
from bot.settings import VARIABLES, read_settings, unknown_variables


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the command's options: none."""


def run(options: argparse.Namespace) -> int:
    """List the settings. Raises ``SettingsError`` after the list when one is wrong."""
    for variable in VARIABLES.values():
        default = variable.default or texts.EMPTY
        form = variable.form_zh.strip()
        print(
            texts.SETTING.format(name=variable.name, meaning=variable.meaning_zh, form=form, default=default)
        )
        value = os.environ.get(variable.name)
        if value:
            print(texts.SETTING_SET.format(value=texts.HIDDEN if variable.secret else value))
    for name in unknown_variables():
        print(texts.UNKNOWN_SETTING.format(name=name))
    read_settings()
    return 0
