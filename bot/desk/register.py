"""The registers: what reached the bureau outside the chat, case by case, told by events that only grow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

from bot.desk.errors import DeskError


class CaseKind(str, Enum):
    """Where a case came in. Each is counted apart (on-air sessions by session, the others by case)."""

    CITIZENS_HOTLINE = "citizens_hotline"
    ON_AIR = "on_air"
    WEB_LETTER = "web_letter"
    TELEPHONE = "telephone"
    APPLICATION = "application"
    DISPUTE = "dispute"


class Step(str, Enum):
    """What was done to a case. Those after ``VOIDED`` are steps of a disclosure application."""

    REGISTERED = "registered"
    AMENDED = "amended"
    ANSWERED = "answered"
    VOIDED = "voided"
    CONFIRMED = "confirmed"
    CORRECTION_ASKED = "correction_asked"
    CORRECTED = "corrected"
    CONSULTED = "consulted"
    CONSULT_ENDED = "consult_ended"
    EXTENDED = "extended"
    FEE_NOTICED = "fee_noticed"
    FEE_PAID = "fee_paid"
    CALENDAR = "calendar"


class Stage(str, Enum):
    """How far a case has come."""

    REGISTERED = "registered"
    RUNNING = "running"
    CONFIRMING = "confirming"
    CORRECTING = "correcting"
    CONSULTING = "consulting"
    FEE = "fee"
    FINISHED = "finished"


class RegisterError(DeskError):
    """A step that may not be taken, or with something missing or wrong in it."""


@dataclass(frozen=True)
class Event:
    """One step. ``day`` is when it was done, ``at`` when it was written down, in seconds, UTC.

    ``content`` holds what the step says; its ``due`` is the last day for the answer as it stood after the
    step, so that a calendar that becomes known later changes no figure of the past.
    """

    step: Step
    day: date
    content: Mapping[str, Any]
    by: str
    at: float


@dataclass(frozen=True)
class Case:
    """What the events of a case come to: the columns that are counted."""

    kind: CaseKind
    received_on: date
    section: str | None = None
    topic: str | None = None
    entry: str | None = None
    category: str | None = None
    applicant: str | None = None
    stage: Stage = Stage.REGISTERED
    outcome: str | None = None
    finished_on: date | None = None
    due_on: date | None = None
    quantity: int = 1
    void: bool = False


REGISTERED_FIELDS = ("section", "topic", "entry", "category", "applicant", "quantity")
_STAGE_AFTER = {
    Step.CONFIRMED: Stage.RUNNING,
    Step.CORRECTION_ASKED: Stage.CORRECTING,
    Step.CORRECTED: Stage.RUNNING,
    Step.CONSULTED: Stage.CONSULTING,
    Step.CONSULT_ENDED: Stage.RUNNING,
    Step.FEE_NOTICED: Stage.FEE,
    Step.FEE_PAID: Stage.RUNNING,
}
LETTER_OUTCOMES = frozenset({"answered", "redirected", "declined"})
DISPUTE_OUTCOMES = frozenset({"upheld", "corrected", "other"})
DISPUTE_CATEGORIES = frozenset({"reconsideration", "litigation_direct", "litigation_after"})


def case_of(events: Iterable[Event]) -> Case:
    """Give what the events, oldest first, come to. The first is the registration."""
    first, *others = events
    case = _registered(first)
    for event in others:
        case = after(case, event)
    return case


def after(case: Case, event: Event) -> Case:
    """Give the case after one more event."""
    content = event.content
    due = _day(content.get("due")) if "due" in content else case.due_on
    case = replace(case, due_on=due, stage=_STAGE_AFTER.get(event.step, case.stage))
    if event.step is Step.CONFIRMED:
        return replace(case, received_on=event.day)
    if event.step is Step.AMENDED:
        changed = {name: content[name] for name in REGISTERED_FIELDS if name in content}
        changed |= {name: _day(content[name]) for name in ("received_on", "finished_on") if name in content}
        if "outcome" in content:
            changed["outcome"] = content["outcome"]
        return replace(case, **changed)
    if event.step is Step.ANSWERED:
        return replace(case, stage=Stage.FINISHED, outcome=content["outcome"], finished_on=event.day)
    return replace(case, void=True) if event.step is Step.VOIDED else case


def check(case: Case, event: Event) -> None:
    """Raise ``RegisterError`` unless this step may follow. Steps of applications have rules of their own."""
    if case.void:
        raise RegisterError("the case is void", "该件已作废,不能再登记新的步骤。")
    if event.day < case.received_on:
        raise RegisterError("before receipt", "步骤日期早于收到日期,请检查。")
    if event.step is Step.ANSWERED:
        _check_answer(case, event)
    if event.step in (Step.VOIDED, Step.AMENDED) and not event.content.get("reason"):
        raise RegisterError("a reason is missing", "作废、更正须写明理由。")
    if event.step is Step.AMENDED:
        _check_fields(case.kind, event.content)
        if {"outcome", "finished_on"} & set(event.content) and case.stage is not Stage.FINISHED:
            raise RegisterError("not finished", "没有办结的件不能更正结果和办结日期。")


def check_registration(kind: CaseKind, event: Event, today: date) -> None:
    """Raise ``RegisterError`` unless a case of this kind may be registered so."""
    if event.day > today:
        raise RegisterError("received in the future", "收到日期不能晚于今天。")
    if kind is CaseKind.DISPUTE and event.content.get("category") not in DISPUTE_CATEGORIES:
        raise RegisterError("no category", "复议诉讼须写明类型:行政复议、直接起诉或复议后起诉。")
    _check_fields(kind, event.content)


def _check_fields(kind: CaseKind, content: Mapping[str, Any]) -> None:
    quantity = content.get("quantity", 1)
    least = 0 if kind is CaseKind.ON_AIR else 1
    if not isinstance(quantity, int) or not least <= quantity <= 10_000:
        raise RegisterError("quantity", "问题数应为整数;除直播场次外至少为 1。")
    if quantity != 1 and kind is not CaseKind.ON_AIR:
        raise RegisterError("quantity", "一个诉求登记一件;只有直播场次可以写问题数。")


def _check_answer(case: Case, event: Event) -> None:
    if case.stage is Stage.FINISHED:
        raise RegisterError("it is finished", "该件已办结;结果写错的,请先更正并写明理由。")
    allowed = DISPUTE_OUTCOMES if case.kind is CaseKind.DISPUTE else LETTER_OUTCOMES
    if case.kind is not CaseKind.APPLICATION and event.content.get("outcome") not in allowed:
        raise RegisterError("no such outcome", f"结果应为 {'、'.join(sorted(allowed))} 之一。")


def _registered(event: Event) -> Case:
    content = event.content
    fields = {name: content[name] for name in REGISTERED_FIELDS if name in content}
    kind = CaseKind(content["kind"])
    case = Case(kind, event.day, due_on=_day(content.get("due")), **fields)
    if kind is CaseKind.ON_AIR:
        return replace(case, stage=Stage.FINISHED, outcome="answered", finished_on=event.day)
    if kind is CaseKind.APPLICATION:
        unconfirmed = content["method"] in NEED_CONFIRMATION and not content.get("confirmed")
        return replace(case, stage=Stage.CONFIRMING if unconfirmed else Stage.RUNNING)
    return case


# 政府信息公开条例第三十一条: the day of receipt of plain mail, and of what comes by internet or fax, is the
# day on which both sides have confirmed it.
NEED_CONFIRMATION = frozenset({"plain_mail", "online_or_fax"})


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
