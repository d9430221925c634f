"""Runs a model's graph in an order worked out once, in place of a scheduler that works it out at each run."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner

Step = tuple[GraphNode, str, tuple[str, ...]]


class StraightRunner:
    """Takes the place of a loaded ``DaskGraphRunner``: the same nodes, the same inputs, the same outputs.

    A turn runs the graph four times: once to understand, three times to choose an action. Measured, Dask's
    building and ordering of the same few nodes took a fifth of a turn's processor time in the brain.
    """

    def __init__(self, runner: DaskGraphRunner) -> None:
        self._schema = runner._graph_schema
        self._nodes = runner._instantiated_nodes
        self._plans: dict[tuple[str, ...], list[Step]] = {}

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Run what the targets need, and give the output of each target."""
        wanted = tuple(targets or self._schema.target_names)
        plan = self._plans.get(wanted)
        if plan is None:
            plan = self._plans[wanted] = self._plan(wanted)
        # A node takes and gives pairs of name and value.
        values = {name: (name, value) for name, value in (inputs or {}).items()}
        for node, name, needs in plan:
            values[name] = node(*(values[need] for need in needs))
        return {name: values[name][1] for name in wanted}

    def _plan(self, targets: tuple[str, ...]) -> list[Step]:
        nodes = self._schema.minimal_graph_schema(list(targets)).nodes
        needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
        order = TopologicalSorter(needs).static_order()
        return [(self._nodes[name], name, needs[name]) for name in order if name in nodes]
