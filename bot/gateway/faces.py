"""The faces of channels that speak for themselves: the bureau, their texts, the notice of a demonstration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.channels import official_account, webchat
from bot.desk.catalogue import Catalogue
from bot.desk.entries import ReviewState
from bot.gateway import texts
from bot.gateway.fresh import Fresh


class LiveNotice:
    """Says that this is a demonstration, as long as there are entries that nobody reviewed."""

    def __init__(self, catalogue: Callable[[], Catalogue], samples: bool) -> None:
        self._catalogue = catalogue
        self._samples = samples
        self._seen: Catalogue | None = None
        self._notice: str | None = None

    def __call__(self) -> tuple[Catalogue, str | None]:
        """Give the catalogue of now, and the notice if there is to be one."""
        catalogue = self._catalogue()
        if catalogue is not self._seen:
            sample = any(entry.review.state is ReviewState.SAMPLE for entry in catalogue)
            self._notice = texts.DEMONSTRATION if self._samples and sample else None
            self._seen = catalogue
        return catalogue, self._notice


class LiveFace:
    """Gives the face of the web chat. Raises ``CatalogueError`` when its file is bad at the start."""

    def __init__(self, path: Path, catalogue: Callable[[], Catalogue], samples: bool) -> None:
        self._texts = Fresh(path, webchat.read_texts)
        self._notice = LiveNotice(catalogue, samples)

    def __call__(self) -> webchat.Face:
        """Give the face."""
        catalogue, notice = self._notice()
        return webchat.Face(catalogue.bureau, self._texts(), notice)


class AccountFace:
    """Gives the face of official accounts. Raises ``CatalogueError`` when its file is bad at the start."""

    def __init__(self, path: Path, catalogue: Callable[[], Catalogue], samples: bool) -> None:
        self._texts = Fresh(path, official_account.read_texts)
        self._notice = LiveNotice(catalogue, samples)

    def __call__(self) -> official_account.Face:
        """Give the face."""
        catalogue, notice = self._notice()
        return official_account.Face(catalogue.bureau, self._texts(), notice)
