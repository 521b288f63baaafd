"""The command fake-studio: the only reader of arguments and environment. A module for each command."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from fake_studio import __version__
from fake_studio.cli.errors import describe_error
from fake_studio.core.refusals import Refusal
from fake_studio.core.visible_text import harmless_lines

COMMANDS = ("serve", "cook", "diff", "contract")
PARTS = ("record", "compare", "capture")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    _print_everything()
    given = list(sys.argv[1:] if arguments is None else arguments)
    our_arguments, chef_arguments = _divide_arguments(given)
    options = _parser(next(iter(our_arguments), "")).parse_args(_join_command(our_arguments))
    options.others = chef_arguments
    try:
        code: int = options.run(options)
    # A port that is taken, a Python that is not there, a folder that cannot be written to, a damaged snapshot.
    except (OSError, Refusal) as error:
        print(harmless_lines(f"fake-studio: {describe_error(error)}"), file=sys.stderr)
        return 2
    return code


def _print_everything() -> None:
    """Print escapes for what the terminal's encoding lacks: on Windows a title in Arabic would end the command."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _divide_arguments(given: list[str]) -> tuple[list[str], list[str]]:
    """Our own arguments, and those after ``--``, which are the chef's."""
    if "--" not in given:
        return given, []
    place = given.index("--")
    return given[:place], given[place + 1 :]


def _join_command(arguments: list[str]) -> list[str]:
    """The arguments with ``contract record`` as one name: argparse cannot tell it from a file to be played."""
    if len(arguments) > 1 and arguments[0] == "contract" and arguments[1] in PARTS:
        return [" ".join(arguments[:2]), *arguments[2:]]
    return arguments


class _Parser(argparse.ArgumentParser):
    """Says of unknown options where those of a chef go. ``command`` is the one that is asked for."""

    command = ""

    def error(self, message: str) -> NoReturn:
        unknown = message.partition("unrecognized arguments: ")[2]
        if unknown and self.command == "cook":
            message = f"{message}. A chef's own options go after --: fake-studio cook CHEF.py -- {unknown}"
        super().error(message)


def _parser(command: str) -> argparse.ArgumentParser:
    """The parser of a command alone: a server shall not wait for what the others import. Of all, if it is none."""
    parser = _Parser(prog="fake-studio", description="A Kolibri Studio in one process.")
    parser.add_argument("--version", action="version", version=f"fake-studio {__version__}")
    parser.command = command
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in (command,) if command in COMMANDS else COMMANDS:
        import_module(f"fake_studio.cli.{name}").add_to(commands)
    return parser
