"""How a turn ended, and what the conversation remembers of it."""

from __future__ import annotations

from dataclasses import replace

from bot.desk.catalogue import Catalogue
from bot.desk.context import Context
from bot.desk.decision import Act, Answer, Clarify, HandOff, ListDocuments, Redirect, Say
from bot.desk.entries import Status
from bot.desk.messages import Outcome


def outcome_of(catalogue: Catalogue, acts: tuple[Act, ...]) -> Outcome:
    """Give how the whole turn ended: the weightiest of its acts' outcomes."""
    found = {_of_act(catalogue, act) for act in acts}
    return next(o for o in RANK if o in found)


RANK = (
    Outcome.HANDED_OFF,
    Outcome.ANSWERED,
    Outcome.CLARIFYING,
    Outcome.REDIRECTED,
    Outcome.DECLINED,
    Outcome.UNANSWERED,
    Outcome.SMALL_TALK,
)
SAID = {
    "not_understood": Outcome.UNANSWERED,
    "none_fits": Outcome.UNANSWERED,
    "which_item": Outcome.CLARIFYING,
    "out_of_scope": Outcome.DECLINED,
    "ask_status": Outcome.ANSWERED,
}


def _of_act(catalogue: Catalogue, act: Act) -> Outcome:
    if isinstance(act, HandOff):
        return Outcome.HANDED_OFF
    if isinstance(act, Clarify):
        return Outcome.CLARIFYING
    if isinstance(act, Redirect):
        return Outcome.REDIRECTED
    if isinstance(act, Say):
        return SAID.get(act.text, Outcome.SMALL_TALK)
    if isinstance(act, Answer) and catalogue.entries[act.entry].status is Status.TRANSFERRED:
        return Outcome.REDIRECTED
    return Outcome.ANSWERED


def context_after(context: Context, acts: tuple[Act, ...], outcome: Outcome) -> Context:
    """Give what the conversation remembers after these acts."""
    after = replace(context, offers=(), more=())
    for act in acts:
        if isinstance(act, Answer):
            after = after.about(act.entry, tuple(f.value for f in act.facets))
        elif isinstance(act, Redirect) and act.entry:
            after = after.about(act.entry, ())
        elif isinstance(act, Clarify):
            after = replace(after, pending_facets=tuple(f.value for f in act.facets), shown=act.entries)
        elif isinstance(act, Say) and act.facets:
            after = replace(after, pending_facets=tuple(f.value for f in act.facets))
        elif isinstance(act, ListDocuments):
            after = replace(after, more=act.more, shown=act.entries, misses=0)
    told = tuple(act.entry for act in acts if isinstance(act, Answer))
    if len(told) > 1:
        after = replace(after, shown=told)
    missed = outcome is Outcome.UNANSWERED
    return replace(after, misses=context.misses + 1 if missed else 0)
