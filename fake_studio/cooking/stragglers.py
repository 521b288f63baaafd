"""Processes of a chef that left its group, as daemons do: a mark in their environment says whose they are.

One that has an environment of its own is found by its parent: it has none any more, and so gets ours, if we adopt
orphans. Only Linux shows processes as files; elsewhere none are found.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

MARK = "FAKE_STUDIO_CHEF"
_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
_own_children: list[frozenset[int]] = []  # those that were there before orphans were adopted
_ROUNDS = 10  # one that is killed may have started another just before


@contextmanager
def orphans_adopted() -> Iterator[None]:
    """Meanwhile, on Linux, this process is the parent of all below it whose own parent ends.

    For a process that starts nothing but chefs meanwhile: whatever it adopts is ended with the chef.
    """
    _own_children.append(frozenset(pid for pid in _process_ids() if _is_child(pid)))
    _set_subreaper(1)
    try:
        yield
    finally:
        _set_subreaper(0)
        _own_children.pop()


def _set_subreaper(value: int) -> None:
    if sys.platform == "linux":
        import ctypes  # takes a while, and only the command needs it

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, value, 0, 0, 0)


def find_stragglers(mark: str) -> Iterator[int]:
    """The ids of the processes whose environment has this value of MARK, and of those that we adopted."""
    return (pid for pid in _process_ids() if _has_mark(pid, mark) or _is_adopted(pid))


def _process_ids() -> list[int]:
    if sys.platform != "linux":
        return []
    with os.scandir("/proc") as entries:
        return [int(entry.name) for entry in entries if entry.name.isdecimal()]


def _has_mark(pid: int, mark: str) -> bool:
    return f"{MARK}={mark}".encode() in _read(pid, "environ").split(b"\0")


def _is_adopted(pid: int) -> bool:
    return bool(_own_children) and pid not in _own_children[-1] and _is_child(pid)


def _is_child(pid: int) -> bool:
    """Whether a process is a child of ours that has not ended."""
    state, parent = (_read(pid, "stat").rpartition(b")")[2].split() or (b"Z", b"0"))[:2]
    return int(parent) == os.getpid() and state != b"Z"


def _read(pid: int, name: str) -> bytes:
    """A file about a process; nothing if it has ended meanwhile or is another user's.

    Each run reads hundreds of them: with pathlib they took a sixth of what a small run costs.
    """
    try:
        with open(f"/proc/{pid}/{name}", "rb", buffering=0) as file:
            return file.read()
    except OSError:
        return b""


def reap_group(group: int) -> None:
    """Forget the processes of a group that we adopted and that have ended: until then the group is there."""
    with suppress(ChildProcessError):
        while _own_children and os.waitpid(-group, os.WNOHANG)[0]:
            pass


def signal_stragglers(mark: str, number: int) -> None:
    """Send them a signal."""
    for process_id in find_stragglers(mark):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process_id, number)


def kill_stragglers(mark: str, number: int) -> None:
    """Send them a signal that ends them, until there are none."""
    for _ in range(_ROUNDS):
        if next(find_stragglers(mark), None) is None:
            return
        signal_stragglers(mark, number)
