"""The account's menu, made from the catalogue: what is asked for most, a tap away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.channels.official_account.packing import size
from bot.channels.official_account.plans import ASK
from bot.channels.official_account.texts import MenuItem, Texts
from bot.desk.catalogue import Catalogue
from bot.desk.entries import Entry, Kind, Status

MOST = 5
TITLE, SUB_TITLE, KEY, URL = 16, 40, 128, 1024  # bytes: the narrower of the vendor's old and new limits


def menu_of(catalogue: Catalogue, texts: Texts) -> dict[str, Any]:
    """Give the menu for ``menu/create``. ``catalogue`` holds only what is served.

    A group without entries is left out; names are cut at what the platform takes.
    """
    groups = [
        (texts.menu["services"], _questions(catalogue, Kind.SERVICE)),
        (texts.menu["disclosure"], _questions(catalogue, Kind.DISCLOSURE)),
        (texts.menu["more"], texts.more),
    ]
    return {
        "button": [
            {"name": _cut(title, TITLE), "sub_button": [_button(item) for item in items[:MOST]]}
            for title, items in groups
            if items
        ]
    }


def _questions(catalogue: Catalogue, kind: Kind) -> tuple[MenuItem, ...]:
    entries = sorted((entry for entry in catalogue if _fits(entry, kind)), key=lambda entry: entry.code)
    return tuple(MenuItem(_title(entry), entry.name) for entry in entries[:MOST])


def _fits(entry: Entry, kind: Kind) -> bool:
    current = entry.status in (Status.CURRENT, Status.PERIODIC)
    return entry.kind is kind and current and size(ASK + entry.name) <= KEY


def _title(entry: Entry) -> str:
    """Give the shortest name by which an entry is still known, if its full one is long."""
    names = [entry.name, *entry.aliases]
    fitting = [name for name in names if size(name) <= SUB_TITLE]
    return fitting[0] if fitting else _cut(entry.name, SUB_TITLE)


def _button(item: MenuItem) -> dict[str, str]:
    name = _cut(item.title, SUB_TITLE)
    if item.url is not None:
        return {"type": "view", "name": name, "url": item.url[:URL]}
    return {"type": "click", "name": name, "key": _cut(f"{ASK}{item.ask}", KEY)}


def _cut(text: str, limit: int) -> str:
    return text.encode()[:limit].decode("utf-8", "ignore")


def titles(menu: dict[str, Any]) -> Iterable[tuple[int, str]]:
    """Give the titles of a menu in order, each with its depth."""
    for button in menu["button"]:
        yield 0, button["name"]
        yield from ((1, sub["name"]) for sub in button["sub_button"])
