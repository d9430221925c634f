"""``menu``: shows the official account's menu that the catalogue makes, or puts it on the platform."""

from __future__ import annotations

import argparse
import asyncio
import time
from datetime import date

from bot.channels.official_account import WECHAT, YIXIN, Account, Dialect, Mode, read_texts
from bot.channels.official_account.api import Api
from bot.channels.official_account.calls import ApiError, Calls, Unreachable
from bot.channels.official_account.memory_notes import MemoryNotes
from bot.channels.official_account.menu import menu_of, titles
from bot.commands import texts
from bot.commands.validate import servable_catalogue
from bot.desk.errors import DeskError, SettingsError
from bot.settings import Settings, read_settings

PATIENCE = 15.0


class MenuError(DeskError):
    """The platform has not taken the menu."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the command's options."""
    parser.add_argument("action", choices=("show", "push"), help=texts.MENU_ACTION)
    parser.add_argument(
        "--channel", choices=(WECHAT.name, YIXIN.name), default=WECHAT.name, help=texts.MENU_CHANNEL
    )


def run(options: argparse.Namespace) -> int:
    """Show or push the menu. Raises ``DeskError`` when that is impossible."""
    settings = read_settings()
    catalogue = servable_catalogue(settings, date.today())
    served = catalogue.served(date.today(), settings.allow_samples)
    menu = menu_of(served, read_texts(settings.data / "responses" / "official_account.yml"))
    for depth, title in titles(menu):
        print("  " * depth + title)
    if options.action == "push":
        asyncio.run(_push(_account(settings, options.channel), menu))
        print(texts.MENU_PUSHED)
    return 0


def _account(settings: Settings, channel: str) -> Account:
    if channel == WECHAT.name:
        named: tuple[Dialect, str, str, str] = (
            WECHAT,
            settings.wechat_app_id,
            settings.wechat_app_secret,
            settings.wechat_api,
        )
    else:
        named = (YIXIN, settings.yixin_app_id, settings.yixin_app_secret, settings.yixin_api)
    dialect, app_id, app_secret, api = named
    if not (app_id and app_secret):
        told = texts.MENU_NEEDS.format(prefix=f"BOT_{channel.upper()}")
        raise SettingsError(f"{channel} has no app id or secret", told)
    return Account(dialect, Mode.PLAIN, "", app_id, app_secret, api=api)


async def _push(account: Account, menu: dict[str, object]) -> None:
    api = Api(account, Calls(account.api, PATIENCE), MemoryNotes(time.time), "menu", time.time)
    try:
        await api.put_menu(menu)
    except ApiError as error:
        raise MenuError(str(error), texts.MENU_REFUSED.format(code=error.code)) from error
    except Unreachable as error:
        raise MenuError(str(error), texts.MENU_UNREACHABLE.format(url=account.api)) from error
    finally:
        await api.close()
