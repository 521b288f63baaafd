"""A process and all that it starts: run with a time limit, and ended together."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fake_studio.cooking.background import Background
from fake_studio.cooking.output import Mask, Output, Say
from fake_studio.cooking.stragglers import MARK, kill_stragglers, reap_group, signal_stragglers

GRACE = 3.0  # seconds between asking a process to end and killing it
OUTPUT_GRACE = 1.0  # seconds for what the chef printed last, once it has ended
_IS_WINDOWS = sys.platform == "win32"


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code (negative: the signal), its lines, and whether it took too long."""

    exit_code: int
    output: list[str] = field(default_factory=list)
    is_timed_out: bool = False


def _own_group() -> dict[str, Any]:
    """What a process and its children are ended by; a Ctrl-C reaches us alone, and we pass it on."""
    return {"creationflags": 0x200} if _IS_WINDOWS else {"start_new_session": True}


def run_process(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    timeout: float | None = None,
    on_line: Say = lambda line: None,
    mask: Mask = lambda line: line,
) -> Ended:
    """Run a command until it ends, or for ``timeout`` seconds; its children are ended with it, also by an exception.

    Raises OSError if it cannot be started.
    """
    mark = secrets.token_hex(16)
    process = _start(command, folder, {**environment, MARK: mark})
    assert process.stdout is not None
    output = Output(process.stdout, on_line, mask)
    end = Background(process.wait)
    is_timed_out = False
    try:
        output.start()
        end.start()
        is_timed_out = not end.has_ended(timeout)
    finally:
        end_group(process, mark)
        # A child in a group of its own may hold the pipe for ever: the reader closes it, if ever.
        output.wait(OUTPUT_GRACE)
    return Ended(process.returncode, output.lines, is_timed_out)


def _start(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,  # ricecooker asks questions of old versions: nobody is there to answer
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **_own_group(),
    )


def end_group(process: subprocess.Popen[bytes], mark: str) -> None:
    """End a process and what it started, in its group or with its mark: first by asking, then by force."""
    if _IS_WINDOWS:
        _end_tree(process)
        return
    _signal_group(process, signal.SIGTERM)
    signal_stragglers(mark, signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while _has_group(process) and time.monotonic() < deadline:
        time.sleep(0.02)
    kill = getattr(signal, "SIGKILL", signal.SIGTERM)
    _signal_group(process, kill)
    process.wait()
    kill_stragglers(mark, kill)


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _has_group(process: subprocess.Popen[bytes]) -> bool:
    if process.poll() is not None:
        reap_group(process.pid)
    try:
        os.killpg(process.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _end_tree(process: subprocess.Popen[bytes]) -> None:
    # Windows has no process groups to kill; taskkill walks down the children while their parent is there.
    if process.poll() is None:
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
    process.wait()
