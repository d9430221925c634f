"""The trained model of the project itself: trained once for its present files, kept between test runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.brain.model_files import PROJECT, model_path


@pytest.fixture(scope="session")
def trained_model() -> Path:
    """Give the model file; trains it, as ``make run`` does, when the files it comes from have changed."""
    command = [sys.executable, "-m", "bot", "train"]
    env = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    subprocess.run(command, cwd=PROJECT, env=env, check=True, capture_output=True, timeout=280)
    model = model_path(PROJECT / "models", PROJECT / "data")
    assert model.exists()
    return model
