"""Chefs, resets, snapshots, publishes, faults and readers at once, from threads; says what was lost.

    python tests/robust/rough_life.py [SECONDS]     (600 without a number)

Prints a line of JSON: ``requests`` by status, ``deeds`` by name, ``undefined_5xx``, ``lost_bytes`` (of files that
storage lists and does not give), ``memory`` in MiB after 10, 50 and 100 % of the time, ``left`` in the folder of
temporary files, and the ``problems``. Where there are none of these, it exits with 0.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import re
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
MOST_GROWTH = 100  # MiB, in the second half of the time
PRESETS = {"pdf": "document", "zip": "html5_zip"}
KINDS = {"pdf": "document", "zip": "html5"}


class Life:
    """One server, and those who use it until the time is over."""

    def __init__(self, fake: FakeStudio, seconds: float) -> None:
        self.fake = fake
        self.until = time.monotonic() + seconds
        self.statuses: Counter[int] = Counter()
        self.deeds: Counter[str] = Counter()
        self.problems: list[str] = []
        self.undefined: list[str] = []
        self.stored: dict[str, bytes] = {}
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
            self.undefined.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
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
            staged = dice.random() < 0.3
            self.as_chef("/api/internal/finish_channel", {"channel_id": channel, "stage": staged})
            if staged:
                self.ask("POST", f"/_fake/channels/{channel}/deploy")

    def upload(self, content: bytes, extension: str) -> str | None:
        """Store a document or an app; its name."""
        md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
        name = f"{md5}.{extension}"
        self.as_chef("/api/internal/file_diff", [name])
        announced = {"size": len(content), "checksum": md5, "name": f"a.{extension}", "file_format": extension}
        ticket = self.as_chef("/api/file/upload_url", {**announced, "preset": PRESETS[extension], "duration": None})
        put = self.ask("PUT", ticket["uploadURL"], data=content) if ticket else None
        if put is None or not put.ok:
            return None
        self.stored[name] = content
        if len(self.stored) > 50:
            self.stored.pop(next(iter(self.stored)), None)
        return name

    def read(self, dice: random.Random) -> None:
        """A stored file or a part of it: its bytes or none, whatever happens meanwhile."""
        name = dice.choice([*self.stored] or ["0" * 32 + ".pdf"])
        self.read_part(f"/content/storage/{name[0]}/{name[1]}/{name}", self.stored.get(name), dice)

    def read_part(self, path: str, content: bytes | None, dice: random.Random) -> None:
        """Ask for all, or for a range, and compare what comes with ``content``."""
        start, length = dice.randrange(1000), dice.randrange(1, 50_000)
        part = {} if dice.random() < 0.5 else {"Range": f"bytes={start}-{start + length - 1}"}
        answer = self.ask("GET", path, headers=part)
        if answer is None or not answer.ok or content is None:
            return
        if answer.content != (content if answer.status_code == 200 else content[start : start + length]):
            self.problems.append(f"{path} came with other bytes: {answer.status_code}")

    def browse(self, dice: random.Random) -> None:
        """The page of a channel, of one of its nodes, and the previews there."""
        page = self.ask("GET", f"/channels/{dice.randrange(4):032x}")
        nodes = re.findall(r'href="([^"#]*/nodes/[^"#]*)', page.text if page is not None else "")
        page = self.ask("GET", dice.choice(nodes)) if nodes else None
        for path in sorted(set(re.findall(r"/previews/[^\"'#]+", page.text if page is not None else ""))):
            self.read_part(path, self.stored.get(path.rpartition("/")[2]), dice)

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
                self.deeds[deed.__name__] += 1
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


def memory() -> int:
    """What the process has in memory, MiB."""
    with open("/proc/self/statm", encoding="ascii") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20


def lost_bytes(life: Life) -> int:
    """How many bytes are missing of the files that storage lists."""
    life.ask("DELETE", "/_fake/faults")
    files = life.ask("GET", "/_fake/files")
    lost = 0
    for file in files.json() if files is not None else ():
        answer = life.ask("GET", file["url"])
        content = answer.content if answer is not None and answer.ok else b""
        if hashlib.md5(content, usedforsecurity=False).hexdigest() != file["md5"]:
            lost += file["size"]
    return lost


def live(seconds: float) -> dict[str, Any]:
    """Let them all do what they do; what became of it."""
    began, levels = time.monotonic(), {}
    with tempfile.TemporaryDirectory() as folder, FakeStudio(snapshot=Path(folder) / "studio.json") as fake:
        life = Life(fake, seconds)
        deeds = [life.cook, life.cook, life.cook, life.read, life.publish, life.save, life.disturb, life.look]
        deeds.append(life.browse)
        threads = [threading.Thread(target=life.repeat, args=(deed, seed)) for seed, deed in enumerate(deeds)]
        for thread in threads:
            thread.start()
        for share in (10, 50):
            time.sleep(max(0.0, began + seconds * share / 100 - time.monotonic()))
            levels[f"{share} %"] = memory()
        for thread in threads:
            thread.join()
        levels["100 %"] = memory()
        lost = lost_bytes(life)
    left = [str(path) for path in Path(tempfile.gettempdir()).glob("fake-studio*")]
    problems = [*life.problems, *life.undefined, *(f"{path} was left" for path in left)]
    problems += [f"{lost} bytes were lost"] if lost else []
    if levels["100 %"] - levels["50 %"] > MOST_GROWTH:
        problems.append(f"the memory grew from {levels['50 %']} to {levels['100 %']} MiB")
    return {
        "requests": dict(sorted(life.statuses.items())),
        "deeds": dict(life.deeds),
        "undefined_5xx": len(life.undefined),
        "lost_bytes": lost,
        "memory": levels,
        "left": left,
        "problems": problems,
    }


if __name__ == "__main__":
    # A folder of its own: other programs leave theirs in the system's.
    with tempfile.TemporaryDirectory(prefix="rough-life-") as tempfile.tempdir:
        outcome = live(float(sys.argv[1]) if len(sys.argv) > 1 else 600)
    print(json.dumps(outcome))
    sys.exit(bool(outcome["problems"]))
