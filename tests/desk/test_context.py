"""The conversation's memory goes through plain data and back."""

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.context import KEPT, Context, Offer

NAMES = st.text(min_size=1, max_size=8)
OFFERS = st.builds(Offer, NAMES, st.none() | NAMES, st.tuples(NAMES), st.none() | NAMES)
CONTEXTS = st.builds(
    Context,
    entry=st.none() | NAMES,
    facets=st.lists(NAMES, max_size=3).map(tuple),
    trail=st.lists(NAMES, max_size=5).map(tuple),
    offers=st.lists(OFFERS, max_size=4).map(tuple),
    pending_facets=st.lists(NAMES, max_size=2).map(tuple),
    misses=st.integers(0, 9),
    shown=st.lists(NAMES, max_size=3).map(tuple),
    more=st.lists(NAMES, max_size=3).map(tuple),
)


@given(CONTEXTS)
def test_round_trip(context: Context) -> None:
    assert Context.from_dict(context.as_dict()) == context


def test_unreadable_memory_starts_afresh() -> None:
    assert Context.from_dict({"offers": [{"no": "title"}]}) == Context()
    assert Context.from_dict({"misses": "many"}) == Context()
    assert Context.from_dict(None) == Context()


def test_the_trail_keeps_what_was_talked_about_once_each() -> None:
    context = Context()
    for entry in ["a", "b", "a", "c", "d", "e", "f", "g"]:
        context = context.about(entry, ())
    assert context.entry == "g"
    assert context.trail == ("f", "e", "d", "c", "a")
    assert len(context.trail) == KEPT
