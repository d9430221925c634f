"""Who may import whom, held by reading every import; and the README's map of the code."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# What each room may import of ours, besides itself. ``live`` puts the search of a process together.
MAY = {
    "desk": set(),
    "storage": {"desk"},
    "search": {"desk"},
    "channels": {"desk"},
    "settings": {"desk"},
    "live": {"desk", "storage", "search", "settings"},
    "nlu": {"desk", "storage", "search", "live"},
    "gateway": {"desk", "storage", "search", "channels", "settings", "live"},
    "console": {"desk", "storage", "search", "channels", "settings", "live", "reports"},
    "reports": {"desk", "storage", "search", "channels", "settings"},
    "brain": {"desk", "storage", "settings", "live"},
    "actions": {"desk", "storage", "search", "settings", "live"},
    "commands": {"brain", "channels", "desk", "live", "reports", "search", "settings", "storage"},
    "__main__": {"commands", "desk"},
}
MAY_IMPORT_RASA = {"nlu", "brain"}
MAY_IMPORT_RASA_SDK = {"actions", "brain"}


def modules() -> Iterator[Path]:
    """Give every module of the product."""
    yield from sorted(ROOT.glob("bot/**/*.py"))
    yield from sorted(ROOT.glob("actions/**/*.py"))


def room_of(path: Path) -> str:
    """Give the room that a module stands in: ``bot/desk/x.py`` in ``desk``, ``bot/live.py`` in ``live``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[0] if parts[0] == "actions" else parts[1]


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Give line and name of everything that a module imports, wherever in the module it does."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are written in full"
            names = [alias.name for alias in node.names] if node.module == "bot" else [""]
            yield from ((node.lineno, f"{node.module}.{name}".rstrip(".")) for name in names)


def ours(name: str) -> str | None:
    """Give the room that an imported name belongs to, if it is one of ours."""
    parts = name.split(".")
    if parts[0] == "bot":
        return parts[1] if len(parts) > 1 else None
    return "actions" if parts[0] == "actions" else None


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_its_room_may(path):
    room = room_of(path)
    if room == "__init__":
        assert not list(imports(path))
        return
    assert room in MAY, f"{room} is a new room: say here, and in the README, what it may import"
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for line, name in imports(path)
        if (other := ours(name)) and other != room and other not in MAY[room]
    ]
    assert not wrong


@pytest.mark.parametrize(("library", "rooms"), [("rasa", MAY_IMPORT_RASA), ("rasa_sdk", MAY_IMPORT_RASA_SDK)])
def test_rasa_is_known_to_few(library, rooms):
    users = {
        room_of(path) for path in modules() for _, name in imports(path) if name.split(".")[0] == library
    }
    assert users <= rooms
    assert users, f"nobody imports {library}: this test reads the wrong files"


def test_the_domain_needs_the_standard_library_only():
    foreign = {
        name
        for path in modules()
        if room_of(path) == "desk"
        for _, name in imports(path)
        if name.split(".")[0] not in {*sys.stdlib_module_names, "bot"}
    }
    assert not foreign


def test_only_the_settings_read_the_environment():
    readers = {
        str(path.relative_to(ROOT))
        for path in modules()
        if re.search(r"os\.(environ\.get|environ\[|getenv)", path.read_text("utf-8"))
    }
    # The command that lists the settings shows which are set; the training hands one on to Rasa's importer.
    assert readers <= {"bot/settings/reading.py", "bot/commands/settings.py", "bot/commands/train.py"}


def map_of(readme: Path) -> list[str]:
    """Give the paths in the first column of the README's map."""
    return re.findall(r"^\| `((?:bot|actions|data|tests)[^`]*)` \|", readme.read_text("utf-8"), re.MULTILINE)


def test_the_readme_maps_every_room():
    named = set(map_of(ROOT / "README.md"))
    packages = {str(path.parent.relative_to(ROOT)) for path in ROOT.glob("bot/*/__init__.py")}
    assert packages | {"actions", "data", "tests", "bot/live.py"} <= named
    assert not [path for path in named if not (ROOT / path).exists()]
