"""Ending a command by a signal: what it started is ended with it, and what it made is removed."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_NAMES = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")


@contextmanager
def end_on_signals() -> Iterator[None]:
    """Leave what is inside by SystemExit, 128 and the signal's number, when one comes that asks us to end.

    A signal that is ignored (as nohup has it) stays so. In a thread nothing happens: signals come to the main one.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    for number, handler in before.items():
        if handler != signal.SIG_IGN:
            signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    # Once: a second Ctrl-C must not cut the tidying short.
    for name in _NAMES:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    print(f"fake-studio: ended by {signal.Signals(number).name}; the chef is ended too", file=sys.stderr)
    raise SystemExit(128 + number)
