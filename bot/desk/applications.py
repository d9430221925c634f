"""Disclosure applications: the statutory steps of 政府信息公开条例第四章, their clock, their outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.desk.clocks import Clock
from bot.desk.register import NEED_CONFIRMATION, Case, Event, RegisterError, Stage, Step
from bot.desk.time_limits import TimeLimits, due_of
from bot.desk.working_days import Calendar

# The limits of data/time_limits.yml that apply: 条例第33条, 第30条.
ANSWER, CORRECTION = "disclosure_reply", "disclosure_supplement_notice"
METHODS = frozenset({"in_person", "signed_mail", "plain_mail", "online_or_fax"})  # 条例第31条
APPLICANTS = ("person", "company", "research", "charity", "law_firm", "other")
OUTCOMES = (
    "R3.1", "R3.2",
    *(f"R3.3.{n}" for n in range(1, 9)),
    *(f"R3.4.{n}" for n in range(1, 4)),
    *(f"R3.5.{n}" for n in range(1, 6)),
    *(f"R3.6.{n}" for n in range(1, 4)),
)  # fmt: skip
UNCORRECTED, UNPAID = "R3.6.1", "R3.6.2"

# Which steps may follow at which stage.
MAY = {
    Stage.CONFIRMING: {Step.CONFIRMED, Step.CORRECTION_ASKED},
    Stage.RUNNING: {
        Step.CORRECTION_ASKED, Step.CONSULTED, Step.EXTENDED, Step.FEE_NOTICED, Step.ANSWERED,
    },
    Stage.CORRECTING: {Step.CORRECTED, Step.ANSWERED},
    Stage.CONSULTING: {Step.CONSULT_ENDED},
    Stage.FEE: {Step.FEE_PAID, Step.ANSWERED},
    Stage.FINISHED: set(),
    Stage.REGISTERED: set(),
}  # fmt: skip
ALWAYS = frozenset({Step.AMENDED, Step.VOIDED, Step.CALENDAR})


@dataclass(frozen=True)
class Law:
    """The time limits and the calendar that clocks follow."""

    limits: TimeLimits
    calendar: Calendar


def check_application(event: Event) -> None:
    """Raise ``RegisterError`` unless the registration says what the register and the form need."""
    content = event.content
    if content.get("method") not in METHODS:
        raise RegisterError("method", "须写明提交方式:当面、需签收的邮寄、平常信函、网络或传真。")
    if content.get("applicant") not in APPLICANTS:
        raise RegisterError("applicant", "须写明申请人类别:自然人,或五类法人、其他组织之一。")


def check_step(case: Case, events: Sequence[Event], event: Event, law: Law) -> None:
    """Raise ``RegisterError`` unless the law lets this step follow, with what it must say."""
    if event.step not in MAY[case.stage] | ALWAYS:
        raise RegisterError(f"{event.step.value} at {case.stage.value}", "现在的环节不能登记这一步。")
    if event.day < max(e.day for e in events):
        raise RegisterError("out of order", "步骤日期早于上一步,请检查。")
    if event.step is Step.EXTENDED:
        _check_extension(events, event, law)
    if event.step is Step.ANSWERED:
        _check_outcome(case, event)
    if event.step is Step.CORRECTION_ASKED and not (
        event.content.get("items") and event.content.get("until")
    ):
        raise RegisterError("items, until", "补正告知须一次写明需要补正的事项和合理期限(条例第三十条)。")
    if event.step is Step.CONSULTED and event.content.get("whom") not in ("third_party", "agency"):
        raise RegisterError("whom", "须写明征求谁的意见:第三方或其他机关。")


def due_after(events: Sequence[Event], law: Law) -> date | None:
    """Give the last day for the bureau's answer; ``None`` while the clock stands still or is unknown.

    It stands still while a correction or a fee is awaited and while others are consulted.
    """
    clock: Clock | None = None
    for event in events:
        clock = _told(clock, event)
    return None if clock is None else due_of(clock, law.limits.limits.get(ANSWER), law.calendar)


def _told(clock: Clock | None, event: Event) -> Clock | None:
    step, day = event.step, event.day
    if step is Step.REGISTERED:
        waits = event.content["method"] in NEED_CONFIRMATION and not event.content.get("confirmed")
        return None if waits else Clock(ANSWER, day)
    # The limit begins again when the correction has come (第30条) and when the fee is paid (109号).
    if step in (Step.CONFIRMED, Step.CORRECTED, Step.FEE_PAID):
        return Clock(ANSWER, day)
    if clock is None:
        return None
    if step is Step.AMENDED and "received_on" in event.content:
        return replace(clock, received=date.fromisoformat(event.content["received_on"]))
    if step is Step.EXTENDED:
        return replace(clock, extended_by=clock.extended_by + int(event.content["days"]))
    if step is Step.CONSULTED:
        return clock.pause(day, str(event.content["whom"]))
    if step is Step.CONSULT_ENDED:
        return clock.go_on(day)
    return None if step in (Step.CORRECTION_ASKED, Step.FEE_NOTICED) else clock


def late_correction(case: Case, event: Event, law: Law) -> bool:
    """Say whether a correction was asked for later than the law allows (第30条: 7 working days)."""
    due = due_of(Clock(CORRECTION, case.received_on), law.limits.limits.get(CORRECTION), law.calendar)
    return due is not None and event.day > due


def _check_extension(events: Sequence[Event], event: Event, law: Law) -> None:
    days = event.content.get("days")
    before = sum(int(e.content["days"]) for e in events if e.step is Step.EXTENDED)
    limit = law.limits.limits.get(ANSWER)
    most = limit.extension if limit else 0
    if not isinstance(days, int) or days < 1 or (most is not None and before + days > most):
        raise RegisterError("extension", f"延长期限合计不得超过 {most} 个工作日(条例第三十三条)。")
    if not (event.content.get("approver") and event.content.get("reason")):
        raise RegisterError("extension", "延期须写明批准人岗位和理由,并告知申请人(条例第三十三条)。")


def _check_outcome(case: Case, event: Event) -> None:
    outcome = event.content.get("outcome")
    if outcome not in OUTCOMES:
        raise RegisterError("no such outcome", "结果应为年报表三第三项中的一行。")
    if case.stage is Stage.CORRECTING and outcome != UNCORRECTED:
        raise RegisterError(
            "correcting", "等待补正时只能以“逾期不补正不再处理”办结;已补正的请先登记收到补正。"
        )
    if case.stage is Stage.FEE and outcome != UNPAID:
        raise RegisterError("fee", "等待缴费时只能以“逾期不缴费不再处理”办结;已缴费的请先登记。")
    if case.stage is Stage.RUNNING and outcome in (UNCORRECTED, UNPAID):
        raise RegisterError("not asked", "没有登记补正告知或收费通知,不能以逾期不补正、不缴费办结。")
