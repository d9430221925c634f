"""Where a trained model lies: its file name tells what it was trained from, so that age is no question."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import bot

PROJECT = Path(bot.__file__).resolve().parents[1]
SUFFIX = ".tar.gz"
KEPT = 3  # models that are kept; older ones are removed after a training
# Of these the versions count: another version may read or fit the same files differently.
LIBRARIES = ("rasa", "scikit-learn")
CODE = ("bot/nlu/**/*.py", "bot/search/**/*.py")
PROJECT_FILES = ("config.yml", "domain.yml", *CODE)
DATA_FILES = ("nlu/**/*", "rules/**/*")
MEASURED = "calibration.yml"  # figures that are measured with a model, and read live
# The catalogue itself is read live, and changes without training; but its questions are training examples,
# and the names of its entries are what one classifier tells apart.
ENTRIES = "catalogue/*/*.yml"


def model_path(models: Path, data: Path, project: Path = PROJECT) -> Path:
    """Give the file that the model of the present sources has, whether it exists or not."""
    return models / f"desk-{fingerprint(data, project)[:16]}{SUFFIX}"


def fingerprint(data: Path, project: Path = PROJECT) -> str:
    """Give the digest of the contents that a model is trained from: no times, no places."""
    digest = sha256()
    for name in LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    for base, patterns in ((project, PROJECT_FILES), (data, DATA_FILES)):
        for path in _files(base, patterns):
            content = sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(base).as_posix()} {content}\n".encode())
    for path in _files(data, (ENTRIES,)):
        digest.update(f"{path.relative_to(data).as_posix()}\n".encode())
    return digest.hexdigest()


def _files(base: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    found = {path for pattern in patterns for path in base.glob(pattern) if path.is_file()}
    return iter(sorted(path for path in found if not path.name.startswith(".") and path.name != MEASURED))


def remove_old(models: Path) -> None:
    """Remove all but the newest ``KEPT`` models of ours; a model that someone else made is left alone."""
    ours = sorted(models.glob(f"desk-*{SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in ours[KEPT:]:
        path.unlink(missing_ok=True)
