"""Trains the model from the project's files, quietly, and puts it in place only when it is whole."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path

from bot.brain import quiet, without_tensorflow
from bot.brain.faults import expected_cause
from bot.desk.errors import BrainError


def train(project: Path, data: Path, model: Path) -> None:
    """Train from the files of ``project`` and ``data``, and write ``model``.

    Raises ``BrainError`` with Rasa's last words, or what one of our components said.

    The work directory of the process must be ``project``: Rasa imports components from there. Everything
    is trained anew: Rasa's cache does not see a change in the modules that a component imports.
    """
    quiet.silence()
    os.environ.setdefault("RASA_MAX_CACHE_SIZE", "0")  # megabytes; what is never read need not be written
    if without_tensorflow.config_does_without(project / "config.yml"):
        without_tensorflow.put_placeholder()
    quiet.silence_structlog()
    import rasa

    from bot.brain.rasa_errors import RASA_ERRORS

    said = io.StringIO()
    model.parent.mkdir(parents=True, exist_ok=True)
    unfinished = model.with_name(f".{os.getpid()}-{model.name}")
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            result = rasa.train(
                domain=str(project / "domain.yml"),
                config=str(project / "config.yml"),
                training_files=[str(data)],
                output=str(model.parent),
                force_training=True,
                fixed_model_name=unfinished.name.removesuffix(".tar.gz"),
            )
        if result.code or not unfinished.exists():
            raise BrainError(f"training failed: {_last_words(said)}", f"训练失败:{_last_words(said)}")
        unfinished.replace(model)
    except RASA_ERRORS as error:
        reason = f"{error} {error.__cause__ or ''}".strip()
        raise expected_cause(error) or BrainError(
            f"training failed: {reason}", f"训练失败:{reason}"
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _last_words(said: io.StringIO) -> str:
    lines = [line.strip() for line in said.getvalue().splitlines() if line.strip()]
    return lines[-1] if lines else "-"
