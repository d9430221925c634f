"""Rasa's default pipeline, with Jieba for a tokenizer, trained to name the entry: for comparison only.

``python -m tests.evaluation.diet FOLDER`` trains in a folder; with ``TEXTS GUESSES`` besides it reads texts
from one JSON file and writes what it makes of them into the other.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from bot.brain import quiet
from bot.brain.model_files import PROJECT
from bot.desk.catalogue import Catalogue

CACHE = PROJECT / ".cache" / "evaluation"
EPOCHS = 100
"""As `rasa init` writes it."""
NONE = "no_entry_"
CONFIG: dict[str, Any] = {
    "assistant_id": "for-comparison",
    "recipe": "default.v1",
    "language": "zh",
    "pipeline": [
        {"name": "JiebaTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": EPOCHS, "constrain_similarities": True},
    ],
    "policies": [],
}


def examples(catalogue: Catalogue, nlu: Path) -> dict[str, list[str]]:
    """Give the texts by label: an entry's code, or what is wanted where no entry is meant."""
    found: dict[str, list[str]] = defaultdict(list)
    for entry in catalogue:
        found[entry.code] += [entry.name, *entry.aliases, *(q.text for q in entry.questions)]
    for path in sorted(nlu.glob("*.yml")):
        document = yaml.safe_load(path.read_text("utf-8"))
        for row in document.get("nlu", ()) if isinstance(document, dict) else ():
            if "intent" in row:
                found[NONE + row["intent"]] += re.findall(r"^- (.+)$", row["examples"], re.MULTILINE)
    return {label: list(dict.fromkeys(map(_plain, texts))) for label, texts in found.items()}


def _plain(text: str) -> str:
    """Take away what Rasa would read as the mark-up of an entity."""
    return re.sub(r"[\[\](){}\n]", " ", text).strip()


def folder_for(texts: dict[str, list[str]], epochs: int = EPOCHS) -> Path:
    """Give the folder of the model that is trained from these texts; writes what Rasa needs into it."""
    config = json.loads(json.dumps(CONFIG))
    config["pipeline"][-1]["epochs"] = epochs
    rows = [{"intent": name, "examples": "".join(f"- {t}\n" for t in own)} for name, own in texts.items()]
    files = {
        "config.yml": config,
        "domain.yml": {"version": "3.1", "intents": sorted(texts)},
        "data/nlu.yml": {"version": "3.1", "nlu": rows},
    }
    written = {name: yaml.safe_dump(data, allow_unicode=True) for name, data in files.items()}
    folder = CACHE / f"diet-{sha256(json.dumps(written).encode()).hexdigest()[:16]}"
    for name, text in written.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def guesses(folder: Path, texts: Sequence[str]) -> tuple[list[tuple[str, float]], dict[str, float]]:
    """Give label and confidence of each text, and what it took: ``train`` seconds, ``ms`` a text.

    Trains unless that was done before; runs in a process of its own, as TensorFlow would fill this one.
    """
    digest = sha256(json.dumps(texts).encode()).hexdigest()[:16]
    asked, answered = folder / f"{digest}.texts.json", folder / f"{digest}.guesses.json"
    if not answered.exists():
        asked.write_text(json.dumps(texts, ensure_ascii=False), "utf-8")
        command = [sys.executable, "-m", __name__, str(folder), str(asked), str(answered)]
        environment = {**os.environ, **quiet.ENVIRONMENT, "PYTHONWARNINGS": "ignore"}
        subprocess.run(command, cwd=PROJECT, env=environment, check=True)
    kept = json.loads(answered.read_text("utf-8"))
    return [(label, sure) for label, sure in kept["guesses"]], kept["took"]


def main(arguments: Sequence[str]) -> int:
    """Train if needed, then guess."""
    quiet.silence()
    folder = Path(arguments[0])
    model, took = folder / "model.tar.gz", folder / "took.json"
    if not model.exists():
        began, used = time.perf_counter(), time.process_time()
        _train(folder)
        spent = {"train": time.perf_counter() - began, "train_cpu": time.process_time() - used}
        took.write_text(json.dumps(spent), "utf-8")
    if len(arguments) > 1:
        texts = json.loads(Path(arguments[1]).read_text("utf-8"))
        found, ms = asyncio.run(_parse(model, texts))
        spent = {**json.loads(took.read_text("utf-8")), "ms": ms}
        Path(arguments[2]).write_text(json.dumps({"guesses": found, "took": spent}), "utf-8")
    return 0


def _train(folder: Path) -> None:
    from rasa.model_training import train_nlu

    quiet.silence_structlog()
    made = train_nlu(
        config=str(folder / "config.yml"),
        nlu_data=str(folder / "data"),
        output=str(folder),
        domain=str(folder / "domain.yml"),
        fixed_model_name="model",
    )
    if not made:
        raise RuntimeError("Rasa trained no model")


async def _parse(model: Path, texts: Sequence[str]) -> tuple[list[tuple[str, float]], float]:
    from rasa.core.agent import Agent

    quiet.silence_structlog()
    agent = Agent.load(model)
    await agent.parse_message(texts[0])  # what is made on first use is made now
    began, found = time.perf_counter(), []
    for text in texts:
        intent = (await agent.parse_message(text))["intent"]
        found.append((str(intent["name"]), float(intent["confidence"])))
    return found, (time.perf_counter() - began) * 1000 / len(texts)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
