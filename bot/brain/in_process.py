"""Runs the custom actions in the brain's own process, in place of Rasa's action server."""

from __future__ import annotations

import importlib
import inspect
import json
import logging
import pkgutil
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection
from rasa_sdk.utils import all_subclasses

from bot.brain.faults import place_of
from bot.brain.patches import CheckedResult
from bot.brain.trackers import OPEN_TURN

log = logging.getLogger(__name__)


class InProcessActions(EndpointConfig):
    """An action endpoint whose requests are calls: the same JSON in, the same JSON out, no HTTP.

    ``package`` is imported by name with all its modules, and its action classes are registered; those alone,
    where ``ActionExecutor.register_package`` takes every action class that the process knows. The domain is
    not handed over: building it for each call cost a third of the call.
    """

    def __init__(self, package: str) -> None:
        super().__init__(url=f"in-process://{package}", enable_selective_domain=True)
        self._executor = ActionExecutor()
        for action in _actions_of(package):
            self._executor.register_action(action)

    @property
    def names(self) -> tuple[str, ...]:
        """The actions that can be run."""
        return tuple(sorted(self._executor.actions))

    async def request(self, *_: Any, **options: Any) -> Any:
        """Run the action that ``json`` names. A failure is noted in the open turn, and raised again."""
        call = options["json"]
        name = str(call.get("next_action"))
        try:
            return _checked(await self._executor.run(call))
        except ActionExecutionRejection as rejection:
            text = json.dumps({"error": rejection.message, "action_name": rejection.action_name})
            raise ClientResponseError(400, "rejected", text) from rejection
        except Exception as error:
            # Rasa logs and swallows whatever an action raises, so that the turn would look like a success.
            _note(name, error)
            raise


def _checked(result: dict[str, Any]) -> CheckedResult:
    """Give the result after the checks that the executor leaves out; it has looked at the events itself."""
    for event in result["events"]:
        if not isinstance(event["event"], str):
            raise TypeError("the name of an event must be text")
    return CheckedResult(result)


def _actions_of(package: str) -> list[type[Action]]:
    root = importlib.import_module(package)
    for module in pkgutil.walk_packages(root.__path__, f"{package}."):
        importlib.import_module(module.name)
    return [
        action
        for action in all_subclasses(Action)
        if f"{action.__module__}.".startswith(f"{package}.") and not inspect.isabstract(action)
    ]


def _note(action: str, error: Exception) -> None:
    failure = f"{action}: {place_of(error)}"
    log.error("action failed: %s", failure)
    turn = OPEN_TURN.get()
    if turn:
        turn.failures.append(failure)
