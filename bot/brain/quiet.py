"""Keeps Rasa and its libraries from talking: no telemetry, no banners, no enquirer's words in a log."""

from __future__ import annotations

import logging
import os
import sys
import warnings

ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    # Not for quiet but for peace: with a thread for each core the small matrices here cost more than they
    # save. Measured on two cores, a training took 70 s of processor time with threads, 41 s without.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
# These print whole trackers, or the text of a message, at the levels below the one given.
LEVELS = {
    "rasa": logging.WARNING,
    "rasa.core.processor": logging.CRITICAL,
    "rasa_sdk": logging.WARNING,
    "apscheduler": logging.WARNING,
    "asyncio": logging.WARNING,
    "matplotlib": logging.WARNING,
    "sanic": logging.WARNING,
    "watchfiles": logging.WARNING,
}


def silence(environ: dict[str, str] | os._Environ[str] = os.environ) -> None:
    """Set what must stand before Rasa is imported. A value that the deployment has set is kept."""
    for name, value in ENVIRONMENT.items():
        environ.setdefault(name, value)
    if not sys.warnoptions:
        # Some libraries set filters of their own while they are imported, so a filter is not enough.
        warnings.showwarning = _drop
    for name, level in LEVELS.items():
        logging.getLogger(name).setLevel(level)


def silence_structlog() -> None:
    """Stop Rasa's second logger at warnings: its debug lines, on by default, print what people wrote."""
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def _drop(*_: object, **__: object) -> None:
    """Show nothing."""
