"""A real Kolibri: an installation of it, run as a subprocess, and what lies in its home."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND_SECONDS = 120
ASK = Path(__file__).with_name("ask_kolibri.py")


@dataclass(frozen=True)
class Kolibri:
    """An installation of Kolibri with an empty home."""

    python: str
    home: Path
    studio_url: str

    def manage(self, *arguments: str) -> str:
        """Run a command of ``kolibri manage``; returns its output, fails the test unless it succeeds."""
        return self._run("-m", "kolibri", "manage", *arguments)

    def ask(self, *paths: str) -> list[dict[str, Any]]:
        """What Kolibri itself answers under these paths."""
        return list(json.loads(self._run(str(ASK), *paths).splitlines()[-1]))

    def import_channel(self, identifier: str, channel_id: str) -> None:
        """Import a channel by its id or a token, then all of its files."""
        self.manage("importchannel", "network", identifier, "--baseurl", self.studio_url)
        self.manage("importcontent", "--fail-on-error", "network", channel_id, "--baseurl", self.studio_url)

    def rows(self, query: str) -> list[sqlite3.Row]:
        with closing(sqlite3.connect(f"file:{self.home / 'db.sqlite3'}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(query).fetchall()

    def get_stored_file(self, name: str) -> Path:
        return self.home / "content" / "storage" / name[0] / name[1] / name

    def _run(self, *arguments: str) -> str:
        environment = {
            **os.environ,
            "KOLIBRI_HOME": str(self.home),
            "KOLIBRI_CENTRAL_CONTENT_BASE_URL": self.studio_url,
            "PYTHONWARNINGS": "ignore",
        }
        done = subprocess.run(
            [self.python, *arguments], env=environment, capture_output=True, text=True, timeout=COMMAND_SECONDS
        )
        assert done.returncode == 0, f"{arguments} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        return done.stdout
