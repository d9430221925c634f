"""The command line: ``python -m bot COMMAND``."""

from __future__ import annotations

import importlib
import sys

from bot.commands import texts
from bot.commands.parser import Parser
from bot.desk.errors import DeskError

INTERRUPTED = 130  # what a shell gives for a program that Ctrl+C ended


def main(argv: list[str] | None = None) -> int:
    """Run one command and give its exit code: 0 done, 1 not done, 2 not understood."""
    arguments = sys.argv[1:] if argv is None else argv
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_overview())
        return 0 if arguments else 2
    name, *rest = arguments
    if name not in texts.COMMANDS:
        known = "、".join(texts.COMMANDS)
        print(texts.UNKNOWN_COMMAND.format(name=name, known=known), file=sys.stderr)
        return 2
    return _run(name, rest)


def _run(name: str, arguments: list[str]) -> int:
    # Only the command that is run is imported: a help text should not wait for a database driver.
    command = importlib.import_module(f"bot.commands.{name.replace('-', '_')}")
    parser = Parser(prog=f"python -m bot {name}", description=texts.COMMANDS[name])
    command.add_arguments(parser)
    options = parser.parse_args(arguments)
    try:
        return int(command.run(options))
    except DeskError as error:
        print(error.for_reader, file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the output has gone, and would get a second complaint at exit
        return 1
    except KeyboardInterrupt:
        print(f"\n{texts.STOPPED}", file=sys.stderr)
        return INTERRUPTED


def _overview() -> str:
    width = max(map(len, texts.COMMANDS)) + 2
    listing = "\n".join(f"  {name:<{width}}{meaning}" for name, meaning in texts.COMMANDS.items())
    return f"{texts.DESCRIPTION}\n\n{texts.USAGE}\n\n{listing}\n\n{texts.USAGE_NOTE}"


if __name__ == "__main__":
    sys.exit(main())
