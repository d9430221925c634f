"""Starts Rasa without TensorFlow when nothing in the model needs it.

Rasa 3.6 imports TensorFlow for every model, even one that has no neural part. Measured on two cores: the
import of ``rasa.core.agent`` takes 9.2 s and 557 MB with it, 4.1 s and 186 MB with a placeholder in its
place. A model with any component that is not known to do without gets the real TensorFlow.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import json
import sys
import tarfile
import types
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

REPLACED = (
    "keras",
    "tensorflow",
    "tensorflow_addons",
    "tensorflow_hub",
    "tensorflow_probability",
    "tensorflow_text",
)
# Modules of components that were read and found to work without TensorFlow; ours do by rule.
KNOWN_TO_DO_WITHOUT = (
    "bot.",
    "rasa.core.policies.ensemble",
    "rasa.core.policies.memoization",
    "rasa.core.policies.rule_policy",
    "rasa.graph_components.",
    "rasa.nlu.classifiers.regex_message_handler",
    "RulePolicy",
    "MemoizationPolicy",
    "AugmentedMemoizationPolicy",
)


def model_does_without(model: Path) -> bool:
    """Say whether all components of a packed model are known to work without TensorFlow."""
    try:
        with tarfile.open(model) as archive:
            packed = archive.extractfile("metadata.json")
            metadata = json.load(packed) if packed else {}
        nodes = metadata["predict_schema"]["nodes"].values()
        return _known(str(node["uses"]) for node in nodes)
    except (OSError, tarfile.TarError, KeyError, TypeError, ValueError):
        return False  # Rasa itself will say what is wrong with the file.


def config_does_without(config: Path) -> bool:
    """Say whether all components of a ``config.yml`` are known to work without TensorFlow."""
    try:
        data = yaml.safe_load(config.read_text("utf-8"))
        return _known(str(part["name"]) for part in data["pipeline"] + data["policies"])
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        return False


def _known(names: Iterable[str]) -> bool:
    return all(name.startswith(KNOWN_TO_DO_WITHOUT) for name in names)


def put_placeholder() -> None:
    """From now on ``import tensorflow`` gives a placeholder. Must run before Rasa is imported."""
    if not any(name in sys.modules for name in REPLACED):
        sys.meta_path.insert(0, _Finder())


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, name: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] not in REPLACED:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Leave the module empty: what is asked of it is made when it is asked for."""


class _Module(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing


class _Open(type):
    """Any attribute of the class, and any class derived from it, can be had; none does anything."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return cls


class _Nothing(metaclass=_Open):
    """Stands for every class, function, decorator and constant that Rasa names while it is imported."""

    def __new__(cls, *args: Any, **options: Any) -> Any:
        if cls is not _Nothing:
            return object.__new__(cls)
        decorating = len(args) == 1 and callable(args[0]) and not options
        return args[0] if decorating else _Nothing

    def __class_getitem__(cls, item: Any) -> Any:
        return cls
