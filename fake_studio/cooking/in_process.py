"""Running a SushiChef in this process, with ricecooker's globals set for it and put back after it."""

from __future__ import annotations

import gc
import inspect
import logging
import signal
import sys
import threading
import time
import traceback
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from fake_studio.cooking.cooked import ChefResult, ChefTarget
from fake_studio.cooking.inside import sitecustomize as inside
from fake_studio.cooking.notes import ChefNotes
from fake_studio.cooking.ricecooker_config import ricecooker_at
from fake_studio.cooking.subprocess_chef import Limits, requests_seen, secrets_of
from fake_studio.cooking.trees import TreeFiles
from fake_studio.cooking.workplace import Workplace, open_workplace
from fake_studio.core.chef_run import ChefRun
from fake_studio.core.secrets import mask_text

LINES_KEPT = 20_000


class ChefTimeout(BaseException):
    """Raised in a chef that takes too long; no ``except Exception`` of its own catches it."""


def cook(fake: ChefTarget, chef: Any, arguments: Sequence[str], limits: Limits | None = None) -> ChefResult:
    """Run a chef object as its main() would, in the folder of its file. What ends it is kept in ``ChefResult.error``.

    ``Limits.timeout`` needs a main thread that gets signals: it is passed over elsewhere.
    """
    limits, log, notes = limits or Limits(), _Lines(), ChefNotes()
    began, seen = time.monotonic(), requests_seen(fake)
    with open_workplace(_file_of(chef), limits.folder) as place:
        trees = TreeFiles.of_folders(place.kitchen, place.folder, with_earlier=False)
        with _surroundings(fake, place, notes, log, [f"--token={fake.token}", *arguments]):
            code, error = _run(chef, limits.timeout)
        declared = trees.find_new()
    if error is not None:
        log.lines.extend("".join(traceback.format_exception(type(error), error, error.__traceback__)).splitlines())
    run = ChefRun(
        exit_code=code,
        seconds=time.monotonic() - began,
        folder=str(place.folder),
        python=sys.executable,
        url=fake.url,
        output=[mask_text(line, secrets_of(fake)) for line in log.lines],
        error=f"{type(error).__name__}: {error}" if error is not None else "",
        timeout=limits.timeout if isinstance(error, ChefTimeout) else None,
        requests=requests_seen(fake, seen),
        **vars(notes),
    )
    return ChefResult(fake, code, run.seconds, place.kitchen, run.output, error, run, declared)


def _file_of(chef: Any) -> Path:
    """The file that a chef's class stands in; a name in the working folder for one that was typed in."""
    try:
        return Path(inspect.getfile(type(chef))).resolve()
    except (TypeError, OSError):
        return Path.cwd() / type(chef).__name__


@contextmanager
def _surroundings(
    fake: ChefTarget, place: Workplace, notes: ChefNotes, log: _Lines, arguments: list[str]
) -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(_own_warnings())
        stack.enter_context(ricecooker_at(fake.url, place.folder, kitchen=place.kitchen))
        stack.enter_context(_watch(notes, place))
        stack.enter_context(_logging_to(log))
        stack.enter_context(_arguments(arguments))
        yield


@contextmanager
def _own_warnings() -> Iterator[None]:
    """What ricecooker leaves open or uses of old is not what the test is about: even -W error lets it pass."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            gc.collect()  # unclosed files warn when they are collected: let it be now


def _run(chef: Any, timeout: float | None) -> tuple[int, BaseException | None]:
    # Not chef.main(): it would also set up logging for the whole process.
    try:
        with _time_limit(timeout):
            chef.run(*chef.parse_args_and_options())
    except SystemExit as end:
        return (end.code if isinstance(end.code, int) else int(end.code is not None)), None
    except (Exception, ChefTimeout) as error:
        return 1, error
    return 0, None


@contextmanager
def _time_limit(seconds: float | None) -> Iterator[None]:
    if seconds is None or not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_: object) -> None:
        raise ChefTimeout(f"the chef was still running after {seconds:g} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _watch(notes: ChefNotes, place: Workplace) -> Iterator[None]:
    """Note what happens inside, as in a process of the chef's own."""
    from ricecooker import chefs
    from ricecooker.classes import questions
    from ricecooker.managers import tree

    undo = [inside.watch_texts(questions, notes.add), inside.watch_nodes(tree, notes.add)]
    undo.append(inside.keep_results_in(chefs, str(place.kitchen)))
    try:
        yield
    finally:
        for put_back in undo:
            put_back()


@contextmanager
def _arguments(arguments: list[str]) -> Iterator[None]:
    before = sys.argv
    sys.argv = [before[0], *arguments]
    try:
        yield
    finally:
        sys.argv = before


class _Lines(logging.Handler):
    """Keeps the last lines of what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: deque[str] = deque(maxlen=LINES_KEPT)

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
