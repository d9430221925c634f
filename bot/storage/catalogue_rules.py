"""What holds between the entries of a catalogue: one code each, and names that tell them apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.desk.entries import Entry
from bot.storage.problems import Issue, Where, shortened

Found = tuple[str, Issue]
"""The id of the entry and what is wrong with it."""


def double_codes(entries: Mapping[str, Entry]) -> list[Found]:
    """Give an issue for each entry whose code another entry has as well."""
    holders = _holders(entries.values(), lambda e: [e.code], lambda _: ("code",))
    return [
        (who, Issue(where, f"编号「{code}」与条目 {_others(who, held)} 重复", "请换一个没有用过的编号"))
        for code, held in holders
        for who, where in held
    ]


def shared_names(entries: Mapping[str, Entry]) -> list[Found]:
    """Give a warning for each name or alias that several entries bear: the bot has to ask back there."""
    return [
        (who, Issue(where, f"名称或别名「{shortened(name)}」与条目 {_others(who, held)} 相同", _FIX, True))
        for name, held in _holders(entries.values(), _names, _name_place)
        for who, where in held
    ]


def shared_questions(entries: Mapping[str, Entry]) -> list[Found]:
    """Give a warning for each question that several entries list."""
    return [
        (who, Issue(where, f"问法「{shortened(text)}」与条目 {_others(who, held)} 相同", _FIX, True))
        for text, held in _holders(entries.values(), _questions, lambda n: ("questions", n))
        for who, where in held
    ]


_FIX = "请只留在最合适的条目里,或改得更具体;都保留时机器人会反问"
Said = Callable[[Entry], "list[str]"]
Placed = Callable[[int], Where]


def _names(entry: Entry) -> list[str]:
    return [entry.name, *entry.aliases]


def _name_place(number: int) -> Where:
    return ("aliases", number - 1) if number else ("name",)


def _questions(entry: Entry) -> list[str]:
    """Give the questions by number; a follow-up may be asked of any entry: two alike are no clash."""
    return [q.text if not q.follow_up else f"{entry.id}…{q.text}" for q in entry.questions]


def _holders(
    entries: Iterable[Entry], said: Said, placed: Placed
) -> list[tuple[str, list[tuple[str, Where]]]]:
    """Give what more than one entry says, with the entries and the places where they say it."""
    first: dict[str, Entry] = {}
    twice: dict[str, dict[str, Where]] = {}
    for entry in entries:
        for text in said(entry):
            other = first.setdefault(text, entry)
            if other is not entry:
                held = twice.setdefault(text, {other.id: placed(said(other).index(text))})
                held.setdefault(entry.id, placed(said(entry).index(text)))
    return [(text, list(held.items())) for text, held in twice.items()]


def _others(who: str, held: Sequence[tuple[str, Where]]) -> str:
    names = [other for other, _ in held if other != who]
    return "、".join(names[:3]) + (f" 等 {len(names)} 个" if len(names) > 3 else "")
