"""``rasa test core`` works on the project: every intent of the domain is answered, then logged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.brain.model_files import PROJECT

STORIES = Path(__file__).parent / "test_stories.yml"


def test_the_stories_come_to_every_intent():
    stories = yaml.safe_load(STORIES.read_text("utf-8"))["stories"]
    told = {step["intent"] for story in stories for step in story["steps"] if "intent" in step}
    assert told == set(yaml.safe_load((PROJECT / "domain.yml").read_text("utf-8"))["intents"])


@pytest.mark.slow
def test_rasa_test_core(trained_model, tmp_path):
    command = [sys.executable, "-m", "bot.brain.quiet_rasa", "test", "core", "--no-plot"]
    command += ["-m", str(trained_model), "-s", str(STORIES.parent), "--out", str(tmp_path)]
    environment = {**os.environ, "BOT_ALLOW_SAMPLES": "1"}
    ran = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, timeout=110)
    assert ran.returncode == 0, ran.stderr.decode()[-2000:]
    report = json.loads((tmp_path / "story_report.json").read_text("utf-8"))
    assert report["conversation_accuracy"]["accuracy"] == 1.0
    assert report["conversation_accuracy"]["total"] == 4
