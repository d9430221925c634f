"""Whether a message picks from what was last offered: by number, by the button's words, by part of a name."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.context import Context, Offer
from bot.desk.reading import LAST, MIDDLE, Reading

SHORTEST_PART = 2
LONGEST_PART = 12


@dataclass(frozen=True)
class Choice:
    """What was picked: one offer, none of them, or more of the list."""

    offer: Offer | None = None
    none_fits: bool = False
    more: bool = False


def choose(reading: Reading, context: Context) -> Choice | None:
    """Give the choice, or ``None`` when the message is no choice but a question of its own."""
    if "more" in reading.signs and context.more and len(reading.text) <= LONGEST_PART:
        return Choice(more=True)
    if not context.offers:
        return None
    if "other_than" in reading.signs:
        return Choice(none_fits=True)
    if reading.choice is not None:
        return _by_number(reading.choice, context.offers)
    return _by_words(reading.text, context.offers)


def placed(reading: Reading, context: Context) -> str | None:
    """Give the entry at the place that a question names by the way.

    The place is one in the list last shown, or else in the order in which entries were talked about.
    """
    place, shown = reading.place, context.shown or context.talked_about[::-1]
    if place is None or len(shown) < 2:
        return None
    at = {MIDDLE: (len(shown) + 1) // 2, LAST: len(shown)}.get(place, place)
    return shown[at - 1] if at <= len(shown) else None


def _by_number(number: int, offers: tuple[Offer, ...]) -> Choice | None:
    at = len(offers) if number == LAST else number
    chosen = offers[at - 1] if 1 <= at <= len(offers) else None
    return Choice(chosen) if chosen and chosen.act != "ask" else None


def _by_words(text: str, offers: tuple[Offer, ...]) -> Choice | None:
    offers = tuple(o for o in offers if o.act != "ask")
    exact = [o for o in offers if _plain(o.title) == _plain(text)]
    if exact:
        return Choice(exact[0])
    part = _plain(text).removeprefix("选").removeprefix("要")
    if not SHORTEST_PART <= len(part) <= LONGEST_PART:
        return None
    holding = [o for o in offers if part in _plain(o.title)]
    return Choice(holding[0]) if len(holding) == 1 else None


def _plain(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())
