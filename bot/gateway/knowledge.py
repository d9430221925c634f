"""What the gateway knows of the catalogue, kept as fresh as its files."""

from __future__ import annotations

from bot.desk.catalogue import Catalogue
from bot.desk.entries import ReviewState
from bot.desk.errors import CatalogueError
from bot.gateway import texts
from bot.gateway.health import CatalogueState
from bot.gateway.service import Knowledge
from bot.gateway.topics import Promise
from bot.live import live_search
from bot.settings import Settings
from bot.storage.live import current
from bot.storage.live_casework import LiveCasework
from bot.storage.responses_files import load_phrases


def live_knowledge(settings: Settings) -> Knowledge:
    """Give the knowledge of the catalogue under ``BOT_DATA``.

    Raises ``CatalogueError`` when nothing can be served, or when there are samples and they are not allowed.
    """
    live = current(settings.data)
    refuse_samples(live.catalogue, settings.allow_samples)
    phrases = load_phrases(settings.data)
    search = live_search()

    def state() -> CatalogueState:
        catalogue = live.catalogue
        problems = tuple(str(problem) for problem in live.problems if not problem.warning)
        return CatalogueState(catalogue.version, len(catalogue.entries), len(samples_of(catalogue)), problems)

    promise = Promise(phrases["hand_off_promise"]["text"], phrases["hand_off"]["text"])
    casework = LiveCasework(settings.data, lambda: live.catalogue)
    return Knowledge(lambda: live.catalogue, state, promise, casework, search.answer)


def refuse_samples(catalogue: Catalogue, allowed: bool) -> None:
    """Raise ``CatalogueError`` when there are entries that were never reviewed and they are not allowed."""
    samples = samples_of(catalogue)
    if samples and not allowed:
        told = texts.SAMPLES_REFUSED.format(count=len(samples), example=samples[0])
        raise CatalogueError(f"{len(samples)} unreviewed entries", told)


def samples_of(catalogue: Catalogue) -> list[str]:
    """Give the ids of the entries that the bureau has not reviewed."""
    return [entry.id for entry in catalogue if entry.review.state is ReviewState.SAMPLE]
