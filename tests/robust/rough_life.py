"""Chefs, resets, snapshots, publishes and faults at once, from threads; says what was lost.

    python tests/robust/rough_life.py [SECONDS]     (600 without a number)

Prints a line of JSON: ``requests`` by status, ``problems``, ``memory`` in MiB after a third of the time and at the
end. Where there are no problems, it exits with 0.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

from fake_studio import FakeStudio

FAULTS = (
    {"endpoint": "add_nodes", "status": 503, "headers": {"X-Fault": "yes"}, "probability": 0.2},
    {"endpoint": "put_file", "fault": "CONNECTION_RESET_BY_PEER", "probability": 0.2},
    {"endpoint": "upload_url", "fault": "EMPTY_RESPONSE", "probability": 0.1},
    {"endpoint": "create_channel", "fixedDelayMilliseconds": 20},
)
PRESETS = {"pdf": "document", "zip": "html5_zip"}
KINDS = {"pdf": "document", "zip": "html5"}


class Life:
    """One server, and those who use it until the time is over."""

    def __init__(self, fake: FakeStudio, seconds: float) -> None:
        self.fake = fake
        self.until = time.monotonic() + seconds
        self.statuses: Counter[int] = Counter()
        self.problems: list[str] = []
        self.stored: dict[str, None] = {}
        self._local = threading.local()

    def ask(self, method: str, path: str, **options: Any) -> requests.Response | None:
        """The answer, or None where a fault broke the connection."""
        session = self._local.__dict__.setdefault("session", requests.Session())
        url = path if path.startswith("http") else self.fake.url + path
        try:
            answer = session.request(method, url, timeout=60, **options)
        except requests.ConnectionError:
            self.statuses[0] += 1
            return None
        except requests.RequestException as error:
            self.problems.append(f"{method} {path}: {error!r:.200}")
            return None
        self.statuses[answer.status_code] += 1
        if answer.status_code >= 500 and "X-Fault" not in answer.headers:
            self.problems.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
        return answer

    def as_chef(self, path: str, body: Any) -> Any:
        """The data of a call of the API, or None."""
        answer = self.ask("POST", path, json=body, headers={"Authorization": f"Token {self.fake.token}"})
        return answer.json() if answer is not None and answer.ok else None

    def cook(self, dice: random.Random) -> None:
        """A channel with a document or an app, from its first call to its last."""
        channel = f"{dice.randrange(4):032x}"
        extension = dice.choice(("pdf", "zip"))
        name = self.upload(a_zip(dice) if extension == "zip" else a_pdf(dice), extension)
        data = {"id": channel, "name": "n", "language": "en", "description": "", "source_domain": "d"}
        data.update(source_id="s", thumbnail="", license=None, ricecooker_version="0.8.0", extra_fields="{}")
        made = self.as_chef("/api/internal/create_channel", {"channel_data": data})
        if made and name:
            self.as_chef("/api/internal/add_nodes", {"root_id": made["root"], "content_data": [resource(name, dice)]})
            self.as_chef("/api/internal/finish_channel", {"channel_id": channel, "stage": False})

    def upload(self, content: bytes, extension: str) -> str | None:
        """Store a document or an app; its name."""
        md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
        announced = {"size": len(content), "checksum": md5, "name": f"a.{extension}", "file_format": extension}
        ticket = self.as_chef("/api/file/upload_url", {**announced, "preset": PRESETS[extension], "duration": None})
        put = self.ask("PUT", ticket["uploadURL"], data=content) if ticket else None
        if put is None or not put.ok:
            return None
        self.stored[f"{md5}.{extension}"] = None
        return f"{md5}.{extension}"

    def read(self, dice: random.Random) -> None:
        """A stored file: its bytes or none, whatever happens meanwhile."""
        name = dice.choice([*self.stored][-50:] or ["0" * 32 + ".pdf"])
        answer = self.ask("GET", f"/content/storage/{name[0]}/{name[1]}/{name}")
        if answer is not None and answer.ok:
            md5 = hashlib.md5(answer.content, usedforsecurity=False).hexdigest()
            if md5 != name[:32]:
                self.problems.append(f"{name} came with other bytes")

    def publish(self, dice: random.Random) -> None:
        """A channel's database, made and fetched."""
        channel = f"{dice.randrange(4):032x}"
        self.ask("POST", f"/_fake/channels/{channel}/publish")
        self.ask("GET", f"/content/databases/{channel}.sqlite3")

    def save(self, dice: random.Random) -> None:
        """A snapshot; sometimes it is loaded again."""
        answer = self.ask("GET", "/_fake/snapshot")
        if answer is not None and dice.random() < 0.3:
            self.ask("PUT", "/_fake/snapshot", data=answer.content)

    def disturb(self, dice: random.Random) -> None:
        """Faults come and go, and at times the Studio is reset."""
        time.sleep(0.2)
        self.ask("DELETE", "/_fake/faults")
        self.ask("POST", "/_fake/faults", json=dice.sample(FAULTS, 2))
        if dice.random() < 0.3:
            self.ask("POST", "/_fake/reset")

    def look(self, dice: random.Random) -> None:
        """The report and the pages."""
        paths = ("/_fake/report", "/", "/requests", f"/channels/{dice.randrange(4):032x}", "/_fake/requests?limit=5")
        self.ask("GET", dice.choice(paths))
        began = time.monotonic()
        self.ask("GET", "/_fake/health")
        if time.monotonic() - began > 5:
            self.problems.append(f"health took {time.monotonic() - began:.1f} seconds")

    def repeat(self, deed: Callable[[random.Random], None], seed: int) -> None:
        """Do something until the time is over."""
        dice = random.Random(seed)
        try:
            while time.monotonic() < self.until:
                deed(dice)
        except Exception as error:
            self.problems.append(f"{deed.__name__}: {error!r:.300}")
            raise


def a_pdf(dice: random.Random) -> bytes:
    """A PDF with an end, and what no reader can make sense of before it; or one that is cut short."""
    return b"%PDF" + dice.randbytes(dice.randrange(100_000)) + dice.choice((b"startxref\n9\n%%EOF", b""))


def a_zip(dice: random.Random) -> bytes:
    """An app that asks for what it has not, perhaps with a damaged byte."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("index.html", f"<script src={dice.random()}.js></script><a href=b.html>" * 50)
        archive.writestr("b.html", dice.randbytes(dice.randrange(100_000)))
    content = bytearray(target.getvalue())
    content[dice.randrange(100, len(content))] ^= dice.choice((0, 255))
    return bytes(content)


def resource(name: str, dice: random.Random) -> dict[str, Any]:
    """A node with this file."""
    extension = name.rpartition(".")[2]
    file = {"size": None, "preset": PRESETS[extension], "filename": name, "original_filename": "a", "language": "en"}
    node = dict.fromkeys(("description", "author", "aggregator", "provider", "copyright_holder"), "x")
    ids = {key: f"{dice.randrange(2**128):032x}" for key in ("node_id", "content_id")}
    node.update(
        title="t", language="en", source_domain="d", source_id="s", kind=KINDS[extension], license="CC BY", **ids
    )
    return {**node, "files": [{**file, "source_url": "", "duration": None}], "questions": [], "extra_fields": "{}"}


def memory() -> float:
    """What the process has in memory, MiB."""
    with open("/proc/self/statm", encoding="ascii") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def live(seconds: float) -> dict[str, Any]:
    """Let them all do what they do; what became of it."""
    with tempfile.TemporaryDirectory() as folder, FakeStudio(snapshot=Path(folder) / "studio.json") as fake:
        life = Life(fake, seconds)
        deeds = [life.cook, life.cook, life.cook, life.read, life.publish, life.save, life.disturb, life.look]
        threads = [threading.Thread(target=life.repeat, args=(deed, seed)) for seed, deed in enumerate(deeds)]
        for thread in threads:
            thread.start()
        time.sleep(seconds / 3)
        early = memory()
        for thread in threads:
            thread.join()
        late = memory()
    problems = list(life.problems)
    if late - early > 100:
        problems.append(f"the memory grew from {early:.0f} to {late:.0f} MiB")
    problems += [f"{path} was left" for path in Path(tempfile.gettempdir()).glob("fake-studio*")]
    return {"requests": dict(life.statuses), "problems": problems, "memory": [round(early), round(late)]}


if __name__ == "__main__":
    outcome = live(float(sys.argv[1]) if len(sys.argv) > 1 else 600)
    print(json.dumps(outcome))
    sys.exit(bool(outcome["problems"]))
