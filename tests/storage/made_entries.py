"""Entries of every kind, made by hypothesis: every field, and texts as awkward as the schema lets them be."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from bot.desk.entries import (
    Basis,
    Entry,
    Facet,
    Fact,
    Handling,
    Kind,
    Moved,
    Premise,
    Publication,
    Question,
    Review,
    ReviewState,
    Status,
)
from bot.storage.entry_documents import FILE_FACETS

_UNSEEN = "\u2028\u2029\ufeff\ufffe\uffff"
_CHARACTERS = st.one_of(
    st.sampled_from("=+-@'\"#|\\:;,&*!%`{}[]<>?~ _x0041备案申請臺灣😀的"),
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters=_UNSEEN),
)
_AWKWARD = st.sampled_from(
    ["=1+1", "+86", "-1", "@SUM(A1)", "'引号", '"双引号"', "#N/A", "_x000D_换行", "_x005F_x0041_", "null",
     "yes", "2024-01-31", "0558", "1e5", "~", "a: b", "- x", "# 井号", "\\反斜杠", "A|B", "尾竖线|", "| x",
     "true", "<b>&amp;"]
)  # fmt: skip
LINE = st.one_of(_AWKWARD, st.text(_CHARACTERS, max_size=40).map(lambda text: text.strip() or "空"))
TEXT = st.one_of(
    LINE,
    st.lists(st.text(_CHARACTERS, max_size=30), min_size=2, max_size=4)
    .map("\n".join)
    .map(lambda text: text.strip() or "空"),
    st.integers(1000, 8000).map(lambda n: "長" * n),
)
MAYBE_LINE = st.none() | LINE
SOURCES = st.lists(st.sampled_from(["law", "site"]), unique=True).map(tuple)
REAL_DATES = st.dates(date(1990, 1, 1), date(2100, 12, 31))
DATES = st.none() | REAL_DATES
FACTS = st.builds(Fact, TEXT, SOURCES, MAYBE_LINE, st.booleans(), MAYBE_LINE)
SOME_FACTS = st.lists(FACTS, max_size=3).map(tuple)
LINES = st.lists(LINE, max_size=3, unique=True).map(tuple)
BODY = st.sampled_from([None, "ndrc"])
QUESTIONS = st.lists(
    st.builds(
        Question, LINE, st.lists(st.sampled_from(Facet), unique=True, max_size=3).map(tuple), st.booleans()
    ),
    max_size=8,
).map(tuple)
BASES = st.lists(
    st.builds(Basis, LINE, MAYBE_LINE, MAYBE_LINE, st.none() | TEXT, SOURCES, MAYBE_LINE, st.booleans()),
    max_size=2,
).map(tuple)
PREMISES = st.lists(
    st.builds(Premise, st.lists(LINE, min_size=1, max_size=3, unique=True).map(tuple), TEXT, SOURCES),
    max_size=2,
).map(tuple)
HANDLING = st.builds(
    Handling,
    st.sampled_from(["channel", "consult", "transfer", "service"]),
    st.sampled_from(["yes", "no", "partial"]),
    LINE,
    BODY,
    st.booleans(),
)
PUBLICATION = st.builds(Publication, *[MAYBE_LINE] * 5, st.booleans())
MOVED = st.builds(Moved, TEXT, BODY, st.just(None))


@st.composite
def made_entries(draw: st.DrawFn, entry_id: str = "made", code: str = "x1") -> Entry:
    """Draw an entry that satisfies the schema."""
    kind = draw(st.sampled_from(Kind))
    status = draw(st.sampled_from(Status))
    state = draw(st.sampled_from(ReviewState))
    reviewed = state is ReviewState.REVIEWED
    must_move = status in (Status.SUPERSEDED, Status.TRANSFERRED, Status.CANCELLED)
    may_move = must_move or status is Status.HISTORICAL
    dates = sorted(draw(st.lists(REAL_DATES, min_size=2, max_size=2)))
    service = kind is Kind.SERVICE
    facets = draw(
        st.dictionaries(st.sampled_from(FILE_FACETS), st.lists(FACTS, min_size=1, max_size=2).map(tuple))
    )
    publishes = kind is Kind.DOCUMENT or (kind is Kind.BRIEFING and draw(st.booleans()))
    return Entry(
        id=entry_id,
        code=code,
        kind=kind,
        name=draw(LINE),
        status=status,
        review=Review(
            state,
            draw(LINE if reviewed else MAYBE_LINE),
            draw(REAL_DATES if reviewed else DATES),
        ),
        summary=draw(st.none() | TEXT),
        status_note=draw(st.none() | TEXT),
        aliases=draw(LINES),
        questions=draw(QUESTIONS),
        basis=draw(BASES),
        facets=facets if service else {},
        facts=() if service else draw(SOME_FACTS),
        cautions=draw(SOME_FACTS),
        premises=draw(PREMISES),
        section=draw(st.sampled_from([None, "office", "investment"])),
        moved=draw(MOVED) if must_move or (may_move and draw(st.booleans())) else None,
        effective_from=draw(st.sampled_from([None, dates[0]])),
        effective_to=draw(st.sampled_from([None, dates[1]])),
        see_also=(),
        publication=draw(PUBLICATION) if publishes else None,
        handling=draw(HANDLING) if kind is Kind.HOTLINE else None,
        sources=draw(SOURCES),
        internal_note=draw(st.none() | TEXT),
    )
