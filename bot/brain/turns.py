"""One turn through Rasa's agent: a request in, a typed result or an error out."""

from __future__ import annotations

from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import LockError

from bot.brain.faults import place_of
from bot.brain.parsing import Parser
from bot.brain.protocol import TurnError, TurnRequest
from bot.brain.rasa_errors import RASA_ERRORS
from bot.brain.results import turn_result
from bot.brain.trackers import OPEN_TURN, OpenTurn
from bot.desk.context import Context
from bot.desk.messages import TurnResult


class TurnOutput(OutputChannel):
    """Keeps what is uttered whole; Rasa's own collecting channel cuts a text at its empty lines."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """Give the name that a response variation for one channel would be picked by."""
        return "desk"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep the message."""
        self.messages.append(message)


async def take_turn(agent: Agent, parser: Parser, request: TurnRequest) -> TurnResult:
    """Put the message to the agent and give what came of it.

    Turns of one conversation wait for each other. Raises ``TurnError`` when an action failed, when
    nothing was uttered or recorded (500), and when the conversation was busy for too long (503).
    """
    turn = OpenTurn(context=request.context)
    output = TurnOutput()
    token = OPEN_TURN.set(turn)
    try:
        message = _message(request, output)
        message.parse_data = parser.parse(message)
        await agent.handle_message(message)
    except LockError as error:
        raise TurnError(503, "busy", "the conversation is busy") from error
    except RASA_ERRORS as error:
        raise TurnError(500, "rasa_failed", place_of(error.__cause__ or error)) from error
    finally:
        OPEN_TURN.reset(token)
    if turn.failures:
        raise TurnError(500, "action_failed", "; ".join(turn.failures))
    return turn_result(output.messages, turn.left)


def _message(request: TurnRequest, output: OutputChannel) -> UserMessage:
    return UserMessage(
        text=request.text,
        output_channel=output,
        sender_id=request.conversation,
        input_channel=request.channel,
        message_id=request.message_id,
        metadata={
            "channel": request.channel,
            "sent_at": request.sent_at,
            "receipt": request.receipt,
            "about": Context.from_dict(request.context).talked_about,
        },
    )
