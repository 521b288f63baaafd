"""A program that changes a Studio and saves it as fast as it can, until it is killed."""

from __future__ import annotations

import itertools
import tempfile
from multiprocessing.connection import Connection
from pathlib import Path

from fake_studio import Studio
from fake_studio.snapshot import Autosave
from support.snapshots_driver import cook, upload


def save_for_ever(path: Path, changes: Connection) -> None:
    """Says after each change how many there were before it."""
    tempfile.tempdir = str(path.parent)  # who is killed leaves what was there
    studio = Studio()
    cook(studio, "f" * 32, [])
    Autosave(studio, path, every=0.0005).start()
    for number in itertools.count():
        upload(studio, bytes(8000) + str(number % 9).encode(), "pdf")
        if number % 20 == 19:
            studio.storage.clear()
        cook(studio, f"{number % 5:032x}", [])
        changes.send(number)
