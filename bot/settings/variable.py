"""What a setting is: one environment variable, declared where its field is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

_KEY = "variable"


@dataclass(frozen=True)
class Variable:
    """One environment variable: its default, the form it must have, and what it is for, in both languages.

    The value of one that is ``secret`` is never shown.
    """

    name: str
    default: str
    parse: Callable[[str], Any]
    form: str
    form_zh: str
    meaning: str
    meaning_zh: str
    secret: bool = False


def setting(
    name: str,
    default: str,
    parse: Callable[[str], Any],
    form: tuple[str, str],
    meaning: tuple[str, str],
    *,
    secret: bool = False,
) -> Any:
    """Declare a field of a group as the variable ``name``; form and meaning in English and Chinese.

    ``parse`` reads the text or raises ``ValueError``. What is ``secret`` stays out of ``repr``.
    """
    variable = Variable(name, default, parse, *form, *meaning, secret)
    return field(repr=not secret, metadata={_KEY: variable})


def variables_of(group: type[Any]) -> dict[str, Variable]:
    """Give the variables of a group of settings, by the name of their field."""
    return {part.name: part.metadata[_KEY] for part in fields(group)}
