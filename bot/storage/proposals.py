"""Proposals for the catalogue, their reviews, and the revisions that were published from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.proposals import (
    Proposal,
    ProposalError,
    ProposalKind,
    ProposalState,
    Review,
    check_review,
)
from bot.storage.improvement_tables import proposals, revisions

p, r = proposals.c, revisions.c
SHOWN = 100


@dataclass(frozen=True)
class Revision:
    """What was published: a proposal, or the taking back of an earlier revision."""

    number: int
    proposal: Proposal
    undoes: int | None
    by: str
    reason: str
    at: float
    undone: bool = False


def propose(
    connection: Connection,
    kind: ProposalKind,
    entry: str,
    content: Mapping[str, Any],
    sources: Sequence[int],
    author: str,
    now: float,
) -> int:
    """Put a proposal before the reviewers, give its id."""
    row: dict[str, Any] = {"kind": kind.value, "entry_id": entry, "content": {**content}}
    row["sources"] = list(sources)
    row |= {"state": ProposalState.WAITING.value, "author": author, "at": now}
    return int(connection.execute(sa.insert(proposals), row).inserted_primary_key[0])


def by_id(connection: Connection, key: int, lock: bool = False) -> Proposal | None:
    """Give a proposal, with its row locked where a change is to follow."""
    query = sa.select(proposals).where(p.id == key)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return _proposal(row) if row is not None else None


def in_state(connection: Connection, state: ProposalState) -> list[Proposal]:
    """Give the proposals in a state, the oldest first."""
    rows = connection.execute(sa.select(proposals).where(p.state == state.value).order_by(p.id).limit(SHOWN))
    return [_proposal(row) for row in rows]


def review(
    connection: Connection,
    key: int,
    said: Review,
    now: float,
    final: Callable[[Proposal], Mapping[str, Any]] = lambda proposal: proposal.content,
) -> Proposal:
    """Approve it, which publishes it, or return it. Raises ``ProposalError``.

    ``final`` gives the content as it is published, with the review written in.
    """
    proposal = by_id(connection, key, lock=True)
    if proposal is None:
        raise ProposalError("no_such_proposal")
    check_review(proposal, said)
    state = ProposalState.APPROVED if said.approved else ProposalState.RETURNED
    values: dict[str, Any] = {
        "state": state.value,
        "reviewer": said.by,
        "opinion": said.opinion.strip(),
        "reviewed_at": now,
    }
    if said.approved:
        values["content"] = dict(final(proposal))
    connection.execute(sa.update(proposals).where(p.id == key).values(**values))
    if said.approved:
        row = {"proposal_id": key, "by": said.by, "reason": said.opinion.strip(), "at": now}
        connection.execute(sa.insert(revisions), row)
    done = by_id(connection, key)
    assert done is not None
    return done


def undo(connection: Connection, number: int, by: str, reason: str, now: float) -> Revision:
    """Take back what a revision published, in one step. Raises ``ProposalError``."""
    found = next((one for one in history(connection, number) if one.number == number), None)
    if found is None or found.undoes is not None:
        raise ProposalError("no_such_revision")
    if found.undone:
        raise ProposalError("undone_already")
    if not reason.strip():
        raise ProposalError("no_reason")
    row = {"proposal_id": found.proposal.id, "undoes": number, "by": by, "reason": reason.strip(), "at": now}
    connection.execute(sa.insert(revisions), row)
    state = {"state": ProposalState.UNDONE.value}
    connection.execute(sa.update(proposals).where(p.id == found.proposal.id).values(**state))
    return found


def history(connection: Connection, number: int | None = None) -> list[Revision]:
    """Give the last revisions, the newest first, or the one with this number."""
    query = sa.select(revisions).order_by(r.number.desc()).limit(SHOWN)
    return _revisions(connection, query if number is None else query.where(r.number == number))


def every_revision(connection: Connection) -> list[Revision]:
    """Give all revisions in the order in which they were made."""
    return _revisions(connection, sa.select(revisions).order_by(r.number))


def newest(connection: Connection) -> int:
    """Give the number of the newest revision; 0 when there is none."""
    return int(connection.execute(sa.select(sa.func.max(r.number))).scalar() or 0)


def _revisions(connection: Connection, query: Any) -> list[Revision]:
    rows = connection.execute(query).all()
    wanted = {row.proposal_id for row in rows}
    found = connection.execute(sa.select(proposals).where(p.id.in_(wanted)))
    known = {row.id: _proposal(row) for row in found}
    undone = set(connection.execute(sa.select(r.undoes).where(r.undoes.is_not(None))).scalars())
    return [
        Revision(
            row.number, known[row.proposal_id], row.undoes, row.by, row.reason, row.at, row.number in undone
        )
        for row in rows
    ]


def _proposal(row: Any) -> Proposal:
    return Proposal(
        id=row.id,
        kind=ProposalKind(row.kind),
        entry=row.entry_id,
        content=row.content,
        sources=tuple(row.sources),
        state=ProposalState(row.state),
        author=row.author,
        at=row.at,
        reviewer=row.reviewer,
        opinion=row.opinion,
        reviewed_at=row.reviewed_at,
    )
