"""All that Rasa raises: its errors have no common root."""

from __future__ import annotations

from rasa.engine.exceptions import (
    GraphComponentException,
    GraphRunError,
    GraphSchemaException,
    GraphSchemaValidationException,
)
from rasa.shared.exceptions import RasaException

RASA_ERRORS = (
    RasaException,
    GraphComponentException,
    GraphRunError,
    GraphSchemaException,
    GraphSchemaValidationException,
)
