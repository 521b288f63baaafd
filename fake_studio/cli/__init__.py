"""The command fake-studio: the only reader of arguments and environment. A module for each command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from fake_studio import __version__
from fake_studio.core.refusals import Refusal

COMMANDS = ("serve", "cook", "diff", "contract")
PARTS = ("record", "compare", "capture")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    our_arguments, chef_arguments = _divided(given)
    options = _parser(next(iter(our_arguments), "")).parse_args(_named(our_arguments))
    options.others = chef_arguments
    try:
        code: int = options.run(options)
    # A port that is taken, a Python that is not there, a folder that cannot be written to, a damaged snapshot.
    except (OSError, Refusal) as error:
        print(f"fake-studio: {error}", file=sys.stderr)
        return 2
    return code


def _divided(given: list[str]) -> tuple[list[str], list[str]]:
    """Our own arguments, and those after ``--``, which are the chef's."""
    if "--" not in given:
        return given, []
    place = given.index("--")
    return given[:place], given[place + 1 :]


def _named(arguments: list[str]) -> list[str]:
    """The arguments with ``contract record`` as one name: argparse cannot tell it from a file to be played."""
    if len(arguments) > 1 and arguments[0] == "contract" and arguments[1] in PARTS:
        return [" ".join(arguments[:2]), *arguments[2:]]
    return arguments


def _parser(command: str) -> argparse.ArgumentParser:
    """The parser of a command alone: a server shall not wait for what the others import. Of all, if it is none."""
    parser = argparse.ArgumentParser(prog="fake-studio", description="A Kolibri Studio in one process.")
    parser.add_argument("--version", action="version", version=f"fake-studio {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in (command,) if command in COMMANDS else COMMANDS:
        import_module(f"fake_studio.cli.{name}").add_to(commands)
    return parser
