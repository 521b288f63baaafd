"""What it costs to look into the files of a channel, once: a report over new files beside one that remembers them."""

from __future__ import annotations

import hashlib
import io
import struct
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.documents import CHANNEL, CHUNK, channel_data, node_data
from benchmarks.measuring import Row
from benchmarks.sizes import Sizes
from fake_studio import Studio
from fake_studio.rules import Strictness

NodeMaker = Callable[[Studio, int], dict[str, Any]]
_FOLDER = Path(__file__).parents[1] / "fixtures" / "media"
_MEDIA = (
    ("film.mp4", "video", "high_res_video"),
    ("index-first.mp4", "video", "high_res_video"),
    ("vp9.webm", "video", "high_res_video"),
    ("song.mp3", "audio", "audio"),
)
_LENIENT = Strictness(every_key=False, stored_files=False, coerce=False)
_PARAGRAPH = (
    "<p class='text'>Some words of a lesson, <b>bold</b> ones and <a href='https://example.org/'>others</a>.</p>\n"
)
_RULES = "".join(f".column-{number} {{ width: {number}px; border: 1px solid #ccc }}\n" for number in range(20))


def rows(sizes: Sizes) -> Iterator[Row]:
    """In CPU time, the least of a few rounds, each in a Studio of its own."""
    for what, make in (("apps", _app_node), ("films and sounds", _media_node)):
        seconds = min(_inspect(sizes.inspected, make) for _ in range(sizes.cookings))
        yield Row("report", f"report of {sizes.inspected:,} {what}: what looking into them adds", seconds, "s", aim=3.0)


def _inspect(count: int, make: NodeMaker) -> float:
    """How many seconds longer the first report over so many different files takes than the second."""
    studio = _filled(count, make)
    return _report(studio) - _report(studio)


def _report(studio: Studio) -> float:
    began = time.process_time()
    assert not [finding for finding in studio.report().findings if finding.code.startswith(("archive-", "media-"))]
    return time.process_time() - began


def _filled(count: int, make: NodeMaker) -> Studio:
    studio = Studio()
    user = studio.users[0]
    channel = studio.create_channel(user, channel_data(), strictness=_LENIENT, keep_shell=False)
    root = channel.trees["chef"]
    assert root is not None
    nodes = [make(studio, number) for number in range(count)]
    for first in range(0, count, CHUNK):
        studio.add_nodes(user, root.id, nodes[first : first + CHUNK], strictness=_LENIENT, by_number=False)
    studio.finish_channel(user, CHANNEL, stage=False, honour_stage=True)
    return studio


def _app_node(studio: Studio, number: int) -> dict[str, Any]:
    return _node(studio, number, "html5", _app(number), "zip", "html5_zip", None)


def _media_node(studio: Studio, number: int) -> dict[str, Any]:
    """A film in MP4 or WebM, or a song; bytes of its own, by a box or a tag that no player looks at."""
    name, kind, preset = _MEDIA[number % len(_MEDIA)]
    content, extension = (_FOLDER / name).read_bytes(), name.rpartition(".")[2]
    own = f"number {number:8}".encode()
    tails = {"mp4": struct.pack(">I4s", 8 + len(own), b"free") + own, "webm": own, "mp3": b"TAG" + own.ljust(125)}
    return _node(studio, number, kind, content + tails[extension], extension, preset, 1)


def _node(
    studio: Studio, number: int, kind: str, content: bytes, extension: str, preset: str, duration: int | None
) -> dict[str, Any]:
    name = f"{hashlib.md5(content).hexdigest()}.{extension}"
    studio.storage.put(content, name, "application/octet-stream")
    file = {"size": len(content), "preset": preset, "filename": name, "original_filename": f"{number}.{extension}"}
    return {**node_data(number, kind), "files": [{**file, "language": "en", "duration": duration}]}


def _app(number: int) -> bytes:
    """A small app of four members, another one for each number."""
    head = f"<title>App {number}</title><link rel='stylesheet' href='css/app.css'>"
    body = f"\n<img src='img/app.svg'>\n{10 * _PARAGRAPH}<script src='js/app.js'></script>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>")
        archive.writestr("css/app.css", f"body {{ background: url(../img/app.svg) }}\n{_RULES}")
        archive.writestr("js/app.js", "document.title += '!';\n")
        archive.writestr("img/app.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    return buffer.getvalue()
