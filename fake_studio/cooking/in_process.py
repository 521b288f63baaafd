"""Running a SushiChef in this process, with ricecooker's globals set for it and put back after it."""

from __future__ import annotations

import gc
import logging
import sys
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fake_studio.cooking.ricecooker_config import ricecooker_at
from fake_studio.cooking.subprocess_chef import ChefResult, ChefTarget


def cook(fake: ChefTarget, chef: Any, arguments: Sequence[str], folder: Path) -> ChefResult:
    """Run a chef object as its main() would, in a folder. What ends it is kept in ``Cooked.error``, not raised."""
    began, log = time.monotonic(), _Lines()
    command_line = [f"--token={fake.token}", *arguments]
    with _own_warnings(), ricecooker_at(fake.url, folder), _logging_to(log), _arguments(command_line):
        code, error = _run(chef)
    if error is not None:
        log.lines += traceback.format_exception(type(error), error, error.__traceback__)
    return ChefResult(fake, code, time.monotonic() - began, folder, log.lines, error)


@contextmanager
def _own_warnings() -> Iterator[None]:
    """What ricecooker leaves open or uses of old is not what the test is about: even -W error lets it pass."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            gc.collect()  # unclosed files warn when they are collected: let it be now


def _run(chef: Any) -> tuple[int, BaseException | None]:
    # Not chef.main(): it would also set up logging for the whole process.
    try:
        chef.run(*chef.parse_args_and_options())
    except SystemExit as end:
        return (end.code if isinstance(end.code, int) else int(end.code is not None)), None
    except Exception as error:
        return 1, error
    return 0, None


@contextmanager
def _arguments(arguments: list[str]) -> Iterator[None]:
    before = sys.argv
    sys.argv = [before[0], *arguments]
    try:
        yield
    finally:
        sys.argv = before


class _Lines(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def _logging_to(handler: logging.Handler) -> Iterator[None]:
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
