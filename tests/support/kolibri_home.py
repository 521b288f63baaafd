"""A real Kolibri: an installation of it, started once for each home, and what lies in the home."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

WARM_KOLIBRI = Path(__file__).with_name("warm_kolibri.py")


@dataclass(frozen=True)
class Kolibri:
    """An installation of Kolibri with a home, and the process of it that waits for what to do."""

    python: str
    home: Path
    studio_url: str
    log: Path
    process: subprocess.Popen[str]

    def manage(self, *arguments: str) -> str:
        """Run a command of ``kolibri manage``; returns its output, fails the test unless it succeeds."""
        return str(self._do("manage", *arguments)["output"])

    def ask(self, *paths: str) -> list[dict[str, Any]]:
        """What Kolibri itself answers under these paths."""
        return list(self._do("ask", *paths)["answers"])

    def import_channel(self, identifier: str, channel_id: str) -> None:
        """Import a channel by its id or a token, then all of its files."""
        self.manage("importchannel", "network", identifier, "--baseurl", self.studio_url)
        self.manage("importcontent", "--fail-on-error", "network", channel_id, "--baseurl", self.studio_url)

    def serve(self, port: int, zip_port: int) -> None:
        """Do what ``kolibri start`` does, from now on."""
        self._do("serve", port, zip_port)

    def rows(self, query: str) -> list[sqlite3.Row]:
        with closing(sqlite3.connect(f"file:{self.home / 'db.sqlite3'}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(query).fetchall()

    def database_of(self, channel_id: str) -> Path:
        return self.home / "content" / "databases" / f"{channel_id}.sqlite3"

    def get_stored_file(self, name: str) -> Path:
        return self.home / "content" / "storage" / name[0] / name[1] / name

    def _do(self, *request: str | int) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        assert answer["code"] == 0, f"{request} ended with {answer['code']}:\n{answer['output']}"
        return answer


@contextmanager
def kolibri_at(python: str, home: Path, studio_url: str) -> Iterator[Kolibri]:
    """A Kolibri whose home is there or made now, with all its tables, which takes ten seconds."""
    environment = {
        **os.environ,
        "KOLIBRI_HOME": str(home),
        "KOLIBRI_CENTRAL_CONTENT_BASE_URL": studio_url,
        "PYTHONWARNINGS": "ignore",
    }
    log = home.with_suffix(".log")
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [python, str(WARM_KOLIBRI)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == '"ready"\n', log.read_text()
        yield Kolibri(python, home, studio_url, log, process)
        process.stdin.close()


def new_home(python: str, folders: pytest.TempPathFactory) -> Path:
    """A home that no channel was imported into: a copy of one that one worker makes, in ten seconds."""
    import fcntl  # which Windows has not

    shared, folder = folders.getbasetemp(), folders.mktemp("kolibri")
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    template = shared / "kolibri-home"
    with (shared / "kolibri-home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            made = folder / "first"
            with kolibri_at(python, made, "http://127.0.0.1:9"):
                pass
            made.rename(template)
    return Path(shutil.copytree(template, folder / "home"))
