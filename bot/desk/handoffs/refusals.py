"""Why a command is refused, in words for those who gave it."""

from __future__ import annotations

from enum import Enum

from bot.desk.errors import DeskError


class Refusal(str, Enum):
    """The reasons, each with its sentence in ``TOLD``."""

    NOT_ALLOWED = "not_allowed"
    OTHER_SECTION = "other_section"
    COMPLAINED_ABOUT = "complained_about"
    NOT_YOURS = "not_yours"
    CLAIMED = "claimed"
    NOT_CLAIMED = "not_claimed"
    IS_CLOSED = "is_closed"
    NOT_CLOSED = "not_closed"
    MERGED = "merged"
    IN_TRANSFER = "in_transfer"
    NO_TRANSFER = "no_transfer"
    NOT_OFFERED = "not_offered"
    FINAL = "final"
    ESCALATED = "escalated"
    NO_SECTION = "no_section"
    SAME_SECTION = "same_section"
    NO_REASON = "no_reason"
    NO_POST = "no_post"
    NO_TEXT = "no_text"
    NO_EXTENSION = "no_extension"
    TOO_LONG = "too_long"
    NO_SUSPENSION = "no_suspension"
    PAUSED = "paused"
    NOT_PAUSED = "not_paused"
    NO_KIND = "no_kind"
    BAD_DAY = "bad_day"
    NOT_TOLD = "not_told"
    NOT_YET = "not_yet"
    SAME_ONE = "same_one"
    BAD_SCORE = "bad_score"
    RATED = "rated"
    CHANGED = "changed"
    UNKNOWN = "unknown"


TOLD = {
    Refusal.NOT_ALLOWED: "您的角色不能做这项操作。",
    Refusal.OTHER_SECTION: "这件由其他科室负责,您不能处理。",
    Refusal.COMPLAINED_ABOUT: "这是对该科室的投诉,按规定不得由该科室处理。",
    Refusal.NOT_YOURS: "这件由其他同事负责,您不能处理。",
    Refusal.CLAIMED: "这件已经有同事接手。",
    Refusal.NOT_CLAIMED: "这件还没有人接手,请先接手。",
    Refusal.IS_CLOSED: "这件已经办结,需要处理请先重新打开。",
    Refusal.NOT_CLOSED: "这件还没有办结。",
    Refusal.MERGED: "这件已并入另一件,请处理另一件。",
    Refusal.IN_TRANSFER: "这件正在转办,等对方科室接收或退回。",
    Refusal.NO_TRANSFER: "这件没有待接收的转办。",
    Refusal.NOT_OFFERED: "这件不是转给您所在科室的。",
    Refusal.FINAL: "这件由办公室指定办理,不能再退回。",
    Refusal.ESCALATED: "这件已升级到办公室,由办公室指定承办科室。",
    Refusal.NO_SECTION: "没有这个科室。",
    Refusal.SAME_SECTION: "这件已由该科室负责,请选择其他科室。",
    Refusal.NO_REASON: "请写明理由。",
    Refusal.NO_POST: "请写明批准人的岗位。",
    Refusal.NO_TEXT: "内容是空的,请输入文字。",
    Refusal.NO_EXTENSION: "这类件的时限按规定不能延长。",
    Refusal.TOO_LONG: "延长的天数超过规定的上限。",
    Refusal.NO_SUSPENSION: "这类件没有这种不计入时限的情形。",
    Refusal.PAUSED: "这件的时限已经中止。",
    Refusal.NOT_PAUSED: "这件的时限没有中止。",
    Refusal.NO_KIND: "没有这类时限。",
    Refusal.BAD_DAY: "起算日不能晚于今天。",
    Refusal.NOT_TOLD: "还没有答复对方,不能按这种结果办结,请先答复。",
    Refusal.NOT_YET: "对方还可能补充,没有到自动办结的时候。",
    Refusal.SAME_ONE: "不能并入自己,也不能并入已办结或已并案的件。",
    Refusal.BAD_SCORE: "满意度请选 1 至 5 分。",
    Refusal.RATED: "这件已经评价过了。",
    Refusal.CHANGED: "这件刚刚被别人改动过,请刷新后再操作。",
    Refusal.UNKNOWN: "没有这个回执号。",
}


class HandoffError(DeskError):
    """A command that is refused. ``refusal`` says why for machines, ``for_reader`` for people."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"the command is refused: {refusal.value}", TOLD[refusal])
        self.refusal = refusal
