"""``python -m bot.brain.quiet_rasa ...``: Rasa's own command line without the noise of its libraries."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bot.brain import quiet, without_tensorflow


def main() -> None:
    """Run ``rasa`` with the arguments of this process."""
    quiet.silence()
    sys.path.insert(0, os.getcwd())  # as ``rasa`` does, to import the components of config.yml
    if without_tensorflow.config_does_without(Path("config.yml")):
        without_tensorflow.put_placeholder()
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
