"""What it costs to look into the files of a channel, once: a report over new files beside one that remembers them."""

from __future__ import annotations

import hashlib
import io
import time
import zipfile
from collections.abc import Iterator
from typing import Any

from benchmarks.documents import CHANNEL, CHUNK, channel_data, node_data
from benchmarks.measuring import Row
from benchmarks.sizes import Sizes
from fake_studio import Studio
from fake_studio.rules import Strictness

_LENIENT = Strictness(every_key=False, stored_files=False, coerce=False)
_PARAGRAPH = (
    "<p class='text'>Some words of a lesson, <b>bold</b> ones and <a href='https://example.org/'>others</a>.</p>\n"
)
_RULES = "".join(f".column-{number} {{ width: {number}px; border: 1px solid #ccc }}\n" for number in range(20))


def rows(sizes: Sizes) -> Iterator[Row]:
    """In CPU time, the least of a few rounds, each in a Studio of its own."""
    seconds = min(_inspect(sizes.inspected) for _ in range(sizes.cookings))
    yield Row("report", f"report of {sizes.inspected:,} files: what looking into them adds", seconds, "s", aim=3.0)


def _inspect(count: int) -> float:
    """How many seconds longer the first report over so many different apps takes than the second."""
    studio = _filled(count)
    return _report(studio) - _report(studio)


def _report(studio: Studio) -> float:
    began = time.process_time()
    assert not [finding for finding in studio.report().findings if finding.code.startswith("archive-")]
    return time.process_time() - began


def _filled(count: int) -> Studio:
    studio = Studio()
    user = studio.users[0]
    channel = studio.create_channel(user, channel_data(), strictness=_LENIENT, keep_shell=False)
    root = channel.trees["chef"]
    assert root is not None
    nodes = [_app_node(studio, number) for number in range(count)]
    for first in range(0, count, CHUNK):
        studio.add_nodes(user, root.id, nodes[first : first + CHUNK], strictness=_LENIENT, by_number=False)
    studio.finish_channel(user, CHANNEL, stage=False, honour_stage=True)
    return studio


def _app_node(studio: Studio, number: int) -> dict[str, Any]:
    content = _app(number)
    name = f"{hashlib.md5(content).hexdigest()}.zip"
    studio.storage.put(content, name, "application/zip")
    file = {"size": len(content), "preset": "html5_zip", "filename": name, "original_filename": f"app-{number}.zip"}
    return {**node_data(number, "html5"), "files": [{**file, "language": "en", "duration": None}]}


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
