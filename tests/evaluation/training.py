"""The model of exactly the present files: a question added to the catalogue counts, unlike for ``make run``.

``bot.brain.model_files`` lets questions change without training, as the live index knows them at once. What
is measured here shall not depend on when somebody last trained, so the contents of all files decide.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from bot.brain.model_files import PROJECT, fingerprint, model_path

MODELS = PROJECT / ".cache" / "evaluation" / "models"
KEPT = 4
TOOK = "processor-seconds"


def trained(data: Path) -> Path:
    """Give the packed model that is trained from ``data`` as it is now; a new one takes most of a minute."""
    folder = MODELS / _digest(data)
    model = model_path(folder, data)
    if not model.exists():
        print("training the model of the present files ...", file=sys.stderr, flush=True)
        environment = {
            **os.environ,
            "BOT_DATA": str(data),
            "BOT_MODELS": str(folder),
            "BOT_ALLOW_SAMPLES": "1",
        }
        command = [sys.executable, "-m", "bot", "train"]
        before = _children()
        subprocess.run(command, cwd=PROJECT, env=environment, check=True, stdout=subprocess.DEVNULL)
        (folder / TOOK).write_text(f"{_children() - before:.1f}", "ascii")
        _remove_old()
    os.utime(folder)
    return model


def seconds_to_train(model: Path) -> float:
    """Give the processor time that the training of a model of ours took."""
    return float((model.parent / TOOK).read_text("ascii"))


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _digest(data: Path) -> str:
    digest = sha256(fingerprint(data).encode())
    for path in sorted(data.glob("catalogue/*/*")):
        digest.update(path.name.encode() + sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _remove_old() -> None:
    folders = sorted(MODELS.iterdir(), key=lambda f: f.stat().st_mtime, reverse=True)
    for folder in folders[KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)
