"""``staff``: the accounts of the console, made and mended from the terminal of the machine itself."""

from __future__ import annotations

import argparse
import secrets
import time
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.engine import Connection

from bot.commands import texts
from bot.commands.opening import OPERATING, OPERATOR, opened
from bot.commands.parser import Parser
from bot.desk.accounts import (
    ONE_TIME_DAYS,
    Account,
    AccountError,
    check_post,
    one_time_password,
    read_login,
    section_of,
)
from bot.desk.audit import Deed
from bot.desk.errors import DeskError
from bot.desk.staff import Role
from bot.settings import Settings, read_settings
from bot.storage import accounts, audit_log
from bot.storage.catalogue_files import load_catalogue
from bot.storage.database import Database
from bot.storage.passwords import Passwords
from bot.storage.secret import Secret

DAY = 86400.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what is to be done: add, list, reset, disable or enable."""
    ways = parser.add_subparsers(
        dest="way",
        required=True,
        metavar="add|list|reset|disable|enable",
        parser_class=Parser,
        title=texts.STAFF_WAYS,
    )
    ways.add_parser("list", help=texts.STAFF["list"], description=texts.STAFF["list"])
    for way in ("add", "reset", "disable", "enable"):
        one = ways.add_parser(way, help=texts.STAFF[way], description=texts.STAFF[way])
        one.add_argument("login", metavar=texts.STAFF_LOGIN, help=texts.STAFF_LOGIN_HELP)
        if way == "add":
            roles = [role.value for role in Role]
            one.add_argument("--role", required=True, choices=roles, help=texts.STAFF_ROLE_HELP)
            one.add_argument("--post", required=True, help=texts.STAFF_POST_HELP)
            one.add_argument("--section", help=texts.STAFF_SECTION_HELP)


def run(options: argparse.Namespace) -> int:
    """Do it. Raises ``DeskError``."""
    settings = read_settings()
    with opened(settings) as (database, secret):
        try:
            return _run(options, settings, database, secret)
        except AccountError as error:
            sections = "、".join(_sections(settings))
            told = texts.STAFF_ERRORS.get(error.code, texts.STAFF_WRONG).format(sections=sections)
            raise DeskError(str(error), told) from error


def _run(options: argparse.Namespace, settings: Settings, database: Database, secret: Secret) -> int:
    if options.way == "list":
        for account in database.read_now(accounts.every):
            state = texts.STAFF_DISABLED if account.disabled else ""
            print(f"{account.login}  {account.role.value}  {account.post}  {account.section or '-'}{state}")
        return 0
    login = read_login(options.login)
    if options.way == "add":
        role = Role(options.role)
        sections = _sections(settings)
        section = section_of(role, options.section, sections[0] if sections else "")
        check_post(options.post, role, section, frozenset(sections))
        wanted = Account(0, login, options.post.strip(), role, section)
        return _with_password(
            database, secret, login, lambda c, hashed, until: _add(c, wanted, hashed, until)
        )
    found = database.read_now(lambda c: accounts.known(c, login))
    if found is None:
        raise AccountError("login_unknown")
    if options.way == "reset":
        key = found.account.id
        return _with_password(database, secret, login, lambda c, hashed, until: _reset(c, key, hashed, until))
    _disable(database, secret, found.account, options.way == "disable")
    return 0


def _with_password(
    database: Database, secret: Secret, login: str, work: Callable[[Connection, str, float], str]
) -> int:
    """Make a one-time password, do the work with its hash, and print it: once."""
    password = one_time_password(secrets.choice)
    hashed, now = Passwords().hash(password), time.time()
    with database.writing() as connection:
        action = work(connection, hashed, now + ONE_TIME_DAYS * DAY)
        audit_log.append(connection, Deed(OPERATOR, OPERATING, action, login), now, secret.digest)
    print(texts.STAFF_PASSWORD.format(login=login, password=password, days=ONE_TIME_DAYS))
    return 0


def _add(connection: Connection, wanted: Account, hashed: str, until: float) -> str:
    accounts.add(connection, wanted, hashed, until, time.time())
    return "account_added"


def _reset(connection: Connection, key: int, hashed: str, until: float) -> str:
    accounts.set_password(connection, key, hashed, until)
    return "password_reset"


def _disable(database: Database, secret: Secret, account: Account, disabled: bool) -> None:
    action = "account_disabled" if disabled else "account_enabled"
    with database.writing() as connection:
        accounts.change(connection, replace(account, disabled=disabled))
        deed = Deed(OPERATOR, OPERATING, action, account.login)
        audit_log.append(connection, deed, time.time(), secret.digest)
    print(texts.STAFF_DONE.format(login=account.login))


def _sections(settings: Settings) -> list[str]:
    """Give the ids of the sections, the office first."""
    catalogue = load_catalogue(settings.data, keep_good=True).catalogue
    if catalogue is None:
        return []
    office = catalogue.bureau.default_section
    return [office, *(section for section in catalogue.bureau.sections if section != office)]
