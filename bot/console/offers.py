"""What may be done to a handoff by whom: found out by asking the rules themselves, without doing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.desk.accounts import Account
from bot.desk.enquiries import local_day
from bot.desk.handoffs import CloseOutcome, Handoff, HandoffError, Rules, apply
from bot.desk.handoffs import commands as c
from bot.desk.staff import Person

ANY = "-"
Try = Callable[[Handoff, Person, float, Rules], c.Command]


def _other(handoff: Handoff, by: Person, rules: Rules) -> str:
    not_these = {handoff.section, handoff.about, by.section}
    return next((section for section in sorted(rules.sections) if section not in not_these), "")


def _ground(handoff: Handoff, rules: Rules) -> str:
    limit = rules.limit(handoff.clock)
    return limit.grounds[0] if limit and limit.grounds else ""


_TRIES: dict[str, Try] = {
    "claim": lambda h, by, at, r: c.Claim(by, at),
    "assign": lambda h, by, at, r: c.Assign(by, at, by),
    "release": lambda h, by, at, r: c.Release(by, at, ANY),
    "reply": lambda h, by, at, r: c.Answer(by, at),
    "transfer": lambda h, by, at, r: c.TransferTo(by, at, _other(h, by, r), ANY),
    "withdraw": lambda h, by, at, r: c.Withdraw(by, at),
    "accept": lambda h, by, at, r: c.Accept(by, at),
    "return": lambda h, by, at, r: c.Return(by, at, ANY, _other(h, by, r)),
    "escalate": lambda h, by, at, r: c.Escalate(by, at, ANY),
    "extend": lambda h, by, at, r: c.Extend(by, at, 1, ANY, ANY),
    "suspend": lambda h, by, at, r: c.Suspend(by, at, _ground(h, r)),
    "resume": lambda h, by, at, r: c.Resume(by, at),
    "reclassify": lambda h, by, at, r: c.Reclassify(by, at, h.clock.kind, local_day(at)),
    "keep-from": lambda h, by, at, r: c.KeepFrom(by, at, _other(h, by, r)),
    "note": lambda h, by, at, r: c.Note(by, at, ANY),
    "merge": lambda h, by, at, r: c.Merge(by, at, replace(h, number=ANY)),
    "close": lambda h, by, at, r: c.Close(by, at, CloseOutcome.UNREACHABLE),
    "reopen": lambda h, by, at, r: c.Reopen(at, ANY, by),
}


def offers(handoff: Handoff, account: Account, at: float, rules: Rules) -> frozenset[str]:
    """Give the names of what this account may do now; the real order is judged again when it comes."""
    person = account.person
    return frozenset(name for name in _TRIES if _may(handoff, _TRIES[name], person, at, rules))


def _may(handoff: Handoff, make: Try, by: Person, at: float, rules: Rules) -> bool:
    try:
        apply(handoff, make(handoff, by, at, rules), rules)
    except HandoffError:
        return False
    return True
