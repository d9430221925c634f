"""What is listed for an entry and what is asked next of it tells what a question without a subject means."""

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Entry, Facet, Kind, Question, Review, ReviewState, Status
from bot.search.asked import NOTHING, Asked
from bot.search.matrix import Vocabulary
from bot.search.normalise import normalise
from tests.samples import BUREAU

ITEM = Entry(
    "first-set",
    "s10",
    Kind.SERVICE,
    "首台套评定",
    Status.CURRENT,
    Review(ReviewState.SAMPLE),
    questions=(
        Question("首台套评定怎么样"),
        Question("首台套评定由谁拍板", (Facet.STEPS,)),
        Question("一年报几回", (Facet.TIME_LIMIT,), True),
    ),
)
RULE = Entry(
    "reply",
    "d13",
    Kind.DISCLOSURE,
    "答复期限",
    Status.CURRENT,
    Review(ReviewState.SAMPLE),
    summary="二十日。",
)
GENERAL = {Kind.DISCLOSURE: (Question("依据是哪条"),)}


def asked() -> Asked:
    return Asked.of(
        Catalogue(BUREAU, {e.id: e for e in (ITEM, RULE)}, {}, "test"), GENERAL, Vocabulary(), normalise
    )


def test_the_nearest_listed_question_names_the_aspect() -> None:
    near = asked().near("first-set", "谁来拍板")
    assert max(near.by_facet, key=lambda f: near.by_facet[f]) is Facet.STEPS
    assert near.votes[Facet.STEPS] > near.votes.get(Facet.TIME_LIMIT, 0.0)
    assert asked().near("first-set", "一年能报几回").follow_up > 0.5


def test_the_name_of_the_entry_counts_for_nothing() -> None:
    assert not any(asked().near("first-set", "首台套评定").by_facet.values())


def test_what_is_asked_of_a_kind_is_asked_of_each_entry_of_it() -> None:
    assert asked().near("reply", "依据是哪条").follow_up > 0.9
    assert asked().near("first-set", "依据是哪条").follow_up < 0.3
    assert asked().near("nobody", "依据是哪条") == NOTHING
