"""Talks to the live search in tests, keeping the conversation's memory as the gateway does."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from bot.desk.catalogue import Catalogue
from bot.desk.messages import TurnResult
from bot.search.live import LiveSearch
from bot.storage.lexicon_files import load_lexicon
from bot.storage.responses_files import load_phrases, load_words

DATA = Path(__file__).parent.parent / "data"


class Talk:
    """One conversation without a trained model."""

    def __init__(self, catalogue: Catalogue, samples: bool = False, today: date = date(2026, 11, 23)) -> None:
        words, phrases = load_words(DATA), load_phrases(DATA)
        self.search = LiveSearch(load_lexicon(DATA), words, phrases, samples, lambda: today)
        self.search.replace(catalogue)
        self.context: dict[str, Any] = {}

    def say(self, text: str) -> TurnResult:
        """Send one message and give the turn."""
        result = self.search.answer(text, self.context, "TESTTEST")
        self.context = result.context
        return result


def text_of(result: TurnResult) -> str:
    """Give all that was said in one string."""
    return "\n".join(reply.text for reply in result.replies)
