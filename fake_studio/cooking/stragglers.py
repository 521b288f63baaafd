"""Processes of a chef that left its group, as daemons do: a mark in their environment says whose they are.

Only Linux shows the environment of processes as files; elsewhere none are found.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MARK = "FAKE_STUDIO_CHEF"
_ROUNDS = 10  # one that is killed may have started another just before


def find_marked(mark: str) -> Iterator[int]:
    """The ids of the processes whose environment has this value of MARK."""
    entry = f"{MARK}={mark}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile, or is another user's
            if entry in (folder / "environ").read_bytes().split(b"\0"):
                yield int(folder.name)


def signal_marked(mark: str, number: int) -> None:
    """Send them a signal."""
    for process_id in find_marked(mark):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process_id, number)


def kill_marked(mark: str, number: int) -> None:
    """Send them a signal that ends them, until there are none."""
    for _ in range(_ROUNDS):
        if next(find_marked(mark), None) is None:
            return
        signal_marked(mark, number)
