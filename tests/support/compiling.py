"""In a fresh clone one worker of pytest imports the tests before the others do.

Python keeps what it compiles. Workers that start together find nothing kept, and each compiles every library and test
by itself: 20 seconds of CPU more than where one goes first.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

TESTS = Path(__file__).parents[1]
NOTHING_COMPILED = "FAKE_STUDIO_TESTS_NOTHING_COMPILED"


def look_for_compiled() -> None:
    """Tell the workers that this process starts whether one of them shall go first."""
    if not (TESTS / "state" / "__pycache__").exists():  # one folder stands for all
        os.environ[NOTHING_COMPILED] = "yes"


def wait_for_compiled() -> IO[bytes] | None:
    """Whoever comes first goes on at once, with a file to close when it has imported all. The others wait for that.

    What is held goes with its process: one that fails keeps nobody waiting.
    """
    if NOTHING_COMPILED not in os.environ:
        return None
    import fcntl  # which Windows has not

    held = (TESTS / "conftest.py").open("rb")  # any file that all of them have
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(held, fcntl.LOCK_SH)
    return held
