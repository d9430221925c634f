"""From a form to an order: each action of the page becomes one command of the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from bot.console.forms import required
from bot.console.guard import Refused
from bot.desk.catalogue import Catalogue
from bot.desk.handoffs import CloseOutcome, HandoffError, Refusal
from bot.desk.handoffs import commands as c
from bot.desk.handoffs.sight import sees
from bot.desk.staff import Person
from bot.storage import accounts, handoffs


@dataclass(frozen=True)
class Ordered:
    """What an order is made from: who, when, the form, and what must be looked up."""

    by: Person
    at: float
    form: Mapping[str, str]
    connection: Connection
    catalogue: Catalogue

    def text(self, name: str) -> str:
        """Give a field, empty when it is not there: the desk says what must not be empty."""
        return self.form.get(name, "")


def _assign(o: Ordered) -> c.Command:
    found = accounts.known(o.connection, required(o.form, "to"))
    if found is None or found.account.disabled:
        raise Refused("no_such_person", 400)
    return c.Assign(o.by, o.at, found.account.person)


def _merge(o: Ordered) -> c.Command:
    into = handoffs.by_number(o.connection, o.text("into").upper())
    if into is None or not sees(o.by, into):
        raise HandoffError(Refusal.UNKNOWN)
    return c.Merge(o.by, o.at, into)


def _extend(o: Ordered) -> c.Command:
    days = o.text("days")
    return c.Extend(o.by, o.at, int(days) if days.isdigit() else 0, o.text("post"), o.text("reason"))


def _reclassify(o: Ordered) -> c.Command:
    try:
        received = date.fromisoformat(o.text("received"))
    except ValueError as error:
        raise HandoffError(Refusal.BAD_DAY) from error
    return c.Reclassify(o.by, o.at, o.text("kind"), received)


def _close(o: Ordered) -> c.Command:
    try:
        outcome = CloseOutcome(o.text("outcome"))
    except ValueError as error:
        raise Refused("missing_outcome", 400) from error
    return c.Close(o.by, o.at, outcome, entry_of(o.catalogue, o.text("entry")), o.text("remark"))


def entry_of(catalogue: Catalogue, text: str) -> str | None:
    """Give the id of the entry that a field names by code, id or name; none for an empty field."""
    if not text:
        return None
    code = text.split(" ", 1)[0]
    found = (
        catalogue.by_code(code) or catalogue.get(text) or next((e for e in catalogue if e.name == text), None)
    )
    if found is None:
        raise Refused("no_such_entry", 400)
    return found.id


ORDERS: dict[str, Callable[[Ordered], c.Command]] = {
    "claim": lambda o: c.Claim(o.by, o.at),
    "assign": _assign,
    "release": lambda o: c.Release(o.by, o.at, o.text("reason")),
    "transfer": lambda o: c.TransferTo(o.by, o.at, o.text("to"), o.text("reason")),
    "withdraw": lambda o: c.Withdraw(o.by, o.at),
    "accept": lambda o: c.Accept(o.by, o.at),
    "return": lambda o: c.Return(o.by, o.at, o.text("reason"), o.text("proposed")),
    "escalate": lambda o: c.Escalate(o.by, o.at, o.text("reason")),
    "extend": _extend,
    "suspend": lambda o: c.Suspend(o.by, o.at, o.text("ground")),
    "resume": lambda o: c.Resume(o.by, o.at),
    "reclassify": _reclassify,
    "keep-from": lambda o: c.KeepFrom(o.by, o.at, o.text("section")),
    "note": lambda o: c.Note(o.by, o.at, o.text("text")),
    "merge": _merge,
    "close": _close,
    "reopen": lambda o: c.Reopen(o.at, o.text("reason"), o.by),
}
