"""A model's name tells what it was trained from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.brain.model_files import KEPT, PROJECT, model_path, remove_old

FILES = {
    "config.yml": "recipe: default.v1",
    "domain.yml": "intents: []",
    "bot/nlu/model.py": "A = 1",
    "bot/search/index.py": "B = 1",
    "bot/gateway/intake.py": "C = 1",
    "data/nlu/ask.yml": "nlu: []",
    "data/rules/ask.yml": "rules: []",
    "data/bureau.yml": "name: 某局",
    "data/catalogue/services/filing.yml": "name: 备案",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a project that is small enough to change."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def name_of(project: Path) -> str:
    return model_path(project / "models", project / "data", project).name


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith(("config", "domain"))])
def test_a_change_of_config_or_domain_makes_another_model(project, name):
    before = name_of(project)
    (project / name).write_text("other")
    assert name_of(project) != before


@pytest.mark.parametrize(
    "name", ["bot/nlu/model.py", "bot/search/index.py", "data/nlu/ask.yml", "data/rules/ask.yml"]
)
def test_so_does_a_change_of_what_trains_and_of_what_is_learnt(project, name):
    before = name_of(project)
    (project / name).write_text("other")
    changed = name_of(project)
    assert changed != before
    (project / name).write_text(FILES[name])
    assert name_of(project) == before


def test_so_does_a_new_entry_and_an_entry_that_is_gone(project):
    before = name_of(project)
    path = project / "data/catalogue/services/new.yml"
    path.write_text("name: 新")
    assert name_of(project) != before
    path.unlink()
    assert name_of(project) == before


@pytest.mark.parametrize(
    "name", ["bot/gateway/intake.py", "data/bureau.yml", "data/catalogue/services/filing.yml"]
)
def test_other_files_do_not(project, name):
    before = name_of(project)
    (project / name).write_text("other")
    assert name_of(project) == before


def test_time_and_place_do_not_count(project, tmp_path_factory):
    before = name_of(project)
    os.utime(project / "config.yml", (0, 0))
    moved = tmp_path_factory.mktemp("moved") / "project"
    project.rename(moved)
    assert name_of(moved) == before


def test_the_project_itself_has_every_part(monkeypatch):
    data = PROJECT / "data"
    before = model_path(Path("m"), data).name
    monkeypatch.setattr("bot.brain.model_files.CODE", ())
    monkeypatch.setattr("bot.brain.model_files.PROJECT_FILES", ("config.yml", "domain.yml"))
    assert model_path(Path("m"), data).name != before


def test_the_newest_models_are_kept_and_others_left_alone(tmp_path):
    for number in range(KEPT + 2):
        path = tmp_path / f"desk-{number}.tar.gz"
        path.touch()
        os.utime(path, (number, number))
    (tmp_path / "by-hand.tar.gz").touch()
    remove_old(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "by-hand.tar.gz",
        *(f"desk-{number}.tar.gz" for number in range(2, KEPT + 2)),
    }
