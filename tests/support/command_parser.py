"""The command fake-studio as its parser tells it: every command, every option."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from unittest import mock

from fake_studio import cli


class _Caught(Exception):
    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self.parser = parser


def parser() -> argparse.ArgumentParser:
    """The parser that ``main`` parses with, wherever it is made."""

    def catch(parser: argparse.ArgumentParser, *_: object) -> None:
        raise _Caught(parser)

    with mock.patch.object(argparse.ArgumentParser, "parse_args", catch):
        try:
            cli.main([])
        except _Caught as caught:
            return caught.parser
    raise AssertionError("main parses nothing")


def commands(of: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    """Each command that can be run, as a path, and its long options but ``--help``."""
    inner = [action for action in of._actions if isinstance(action, argparse._SubParsersAction)]
    if path and not (inner and inner[0].required):
        yield path, {name for each in of._actions for name in each.option_strings if name.startswith("--")} - {"--help"}
    for action in inner:
        for name, parser_of in action.choices.items():
            yield from commands(parser_of, (*path, *name.split()))
