"""The live search of this process, as the settings say."""

from __future__ import annotations

from functools import lru_cache

from bot.search.live import LiveSearch
from bot.settings import read_settings
from bot.storage.collecting import without_collection
from bot.storage.lexicon_files import load_lexicon
from bot.storage.live import current
from bot.storage.responses_files import load_phrases, load_words


@lru_cache(maxsize=1)
def live_search() -> LiveSearch:
    """Give the one live search of this process; made at first use, follows the catalogue from then on."""
    settings = read_settings()
    data = settings.data
    search = LiveSearch(load_lexicon(data), load_words(data), load_phrases(data), settings.allow_samples)
    live = current(data)
    live.subscribe(search.replace)
    with without_collection():
        search.replace(live.catalogue)
    return search
