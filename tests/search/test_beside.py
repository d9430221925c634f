"""What the entry that is talked about does not answer is answered by the one beside it."""

from bot.search.beside import Beside
from bot.search.vocabulary import Vocabulary
from bot.storage.catalogue_files import load_catalogue
from bot.storage.lexicon_files import load_lexicon
from tests.conversing import DATA


def beside(answered_by: dict[str, tuple[str, ...]]) -> Beside:
    whole = load_catalogue(DATA).catalogue
    assert whole
    return Beside.of(answered_by, whole, Vocabulary(), str)


def test_the_nearest_question_tells_who_answers() -> None:
    found = beside({"reply-time-limit": ("几天答复",), "disclosure-free-of-charge": ("要钱不",)})
    assert found.nearest("多少天答复")[0] == "reply-time-limit"
    assert found.nearest("要不要钱")[0] == "disclosure-free-of-charge"
    assert found.nearest("要钱不")[1] > 0.99
    assert found.nearest("你好")[1] == 0.0


def test_what_is_not_served_answers_nothing() -> None:
    assert beside({"gone": ("几天答复",)}).nearest("几天答复") == (None, 0.0)


def test_every_entry_named_in_the_data_is_there() -> None:
    whole = load_catalogue(DATA).catalogue
    assert whole
    assert set(load_lexicon(DATA).answered_by) <= set(whole.entries)
