"""Changes of the catalogue that somebody proposes and somebody else reviews for secrecy (保密审查)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bot.desk.errors import DeskError
from bot.desk.masking import mask


class ProposalKind(str, Enum):
    """What is proposed: more ways to ask for an entry, or a new entry."""

    QUESTIONS = "questions"
    ENTRY = "entry"


class ProposalState(str, Enum):
    """How far a proposal has come; ``undone`` was live and was taken back."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    UNDONE = "undone"


class ProposalError(DeskError):
    """A proposal or its review is not allowed; ``code`` names the reason for those who word it."""

    def __init__(self, code: str, told: str | None = None) -> None:
        super().__init__(f"proposal: {code}", told)
        self.code = code
        self.told = told


@dataclass(frozen=True)
class Proposal:
    """One proposal. ``content`` holds ``questions`` as lines and, for a new entry, its ``document``.

    ``sources`` are the enquiries it comes from; times are in seconds, UTC.
    """

    id: int
    kind: ProposalKind
    entry: str
    content: Mapping[str, Any]
    sources: tuple[int, ...]
    state: ProposalState
    author: str
    at: float
    reviewer: str | None = None
    opinion: str | None = None
    reviewed_at: float | None = None

    @property
    def questions(self) -> tuple[str, ...]:
        """The ways to ask, one a line of a questions file."""
        return tuple(self.content.get("questions", ()))


@dataclass(frozen=True)
class Review:
    """What a reviewer says: approved or not, and why."""

    by: str
    approved: bool
    opinion: str = field(default="")


def check_review(proposal: Proposal, review: Review) -> None:
    """Raise ``ProposalError`` unless this person may review it now, and says something about secrecy."""
    if proposal.state is not ProposalState.WAITING:
        raise ProposalError("reviewed_already")
    if review.by == proposal.author:
        raise ProposalError("own_proposal")
    if not review.opinion.strip():
        raise ProposalError("no_opinion")


_HAN = r"[\u4e00-\u9fff()()·]"
_COMPANY = re.compile(rf"{_HAN}{{4,24}}?(?:有限责任公司|股份有限公司|有限公司|合伙企业|专业合作社)")
_NAMED = re.compile(r"(我叫|我姓|姓名[是为:: ]*|联系人[是为:: ]*)[\u4e00-\u9fff]{1,3}")


def without_names(text: str) -> str:
    """Give a question without what tells who asked it: numbers, names of companies and of people."""
    hidden = _COMPANY.sub("[企业]", mask(text))
    return _NAMED.sub(r"\1[姓名]", hidden)
