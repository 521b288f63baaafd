"""What chefs made, sent so that a browser trusts it with nothing: each answer is a sandbox of its own.

The pages show these in frames. A document that a chef uploaded has no origin, runs scripts only if it is an app, and
loads nothing but what lies in its own zip.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

from flask import Response, make_response, request, send_from_directory, url_for

from fake_studio.content.h5p import read_package
from fake_studio.content.zips import read_member
from fake_studio.core.model import File
from fake_studio.core.refusals import FileNotStored
from fake_studio.web.file_answer import file_answer
from fake_studio.web.pages.filters import render
from fake_studio.web.pages.lookup import node_of
from fake_studio.web.pages.media import SENT_WHOLE, extension_of, sent_type
from fake_studio.web.pages.question_view import question_view
from fake_studio.web.pages.stored_zips import open_zip, zip_of
from fake_studio.web.request import studio

# All that may come before the first element: a script stands in front of that, and behind the doctype.
_BEFORE_ELEMENTS = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|<!--.*?-->|<\?[^>]*>)*(?:<!doctype[^>]*>)?", re.S | re.I)
_FRAMES = Path(__file__).parents[1] / "sandbox_static"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def media(name: str) -> Response:
    """A stored file to look at or to hear, of which a browser may ask for a part: that is how it seeks.

    Storage has them too, but what is fetched there goes into the journal, as a chef's request does.
    """
    if extension_of(name) not in SENT_WHOLE:
        raise FileNotStored(f"There is nothing to show in {name!r:.80}.")
    stored, file = studio().open_stored(name)
    answer = file_answer(file, stored.size, sent_type(name), stored.md5)
    if answer.mimetype == "application/pdf":  # Chromium shows no PDF in a sandbox; its viewer is one already
        answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
    return answer


def frames(filename: str) -> Response:
    """One of our own scripts and style sheets for what runs in a sandbox."""
    return send_from_directory(_FRAMES, filename)


def zip_member(channel_id: str, node_id: str, path: str) -> Response:
    """A member of the node's zip."""
    file = _zip_of(channel_id, node_id)
    with open_zip(studio().storage, file.name) as archive:
        content = read_member(archive, path)
    if sent_type(path) == "text/html" and file.extension != "epub":
        content = _with_memory(content)
    answer = file_answer(io.BytesIO(content), len(content), sent_type(path))
    folder = _folder(channel_id, node_id)
    answer.headers["Content-Security-Policy"] = (
        _book_policy(folder) if file.extension == "epub" else _app_policy(folder)
    )
    return answer


def _zip_of(channel_id: str, node_id: str) -> File:
    return zip_of(node_of(studio(), studio().get_channel_record(channel_id), node_id), studio().storage)


def _with_memory(page: bytes) -> bytes:
    """An app's page with our script in front of its own: what it would store is kept in memory."""
    if page.startswith(_UTF_16):
        return page
    match = _BEFORE_ELEMENTS.match(page)
    place = match.end() if match else 0
    script = f'<script src="{url_for("previews.frames", filename="store.js")}"></script>'
    return page[:place] + script.encode("ascii") + page[place:]


def _folder(channel_id: str, node_id: str) -> str:
    """The address of the zip as a source of a policy, in which two signs have a meaning of their own."""
    url = url_for("previews.zip_member", channel_id=channel_id, node_id=node_id, path="", _external=True)
    return url.replace(";", "%3B").replace(",", "%2C")


def _app_policy(folder: str) -> str:
    ours = url_for("previews.frames", filename="", _external=True)
    return (
        f"sandbox allow-scripts; default-src {folder} {ours} data: blob: 'unsafe-inline' 'unsafe-eval'; "
        "form-action 'none'; base-uri 'none'"
    )


def _book_policy(folder: str) -> str:
    return (
        f"sandbox; default-src {folder} data: 'unsafe-inline'; script-src 'none'; form-action 'none'; base-uri 'none'"
    )


def h5p(channel_id: str, node_id: str) -> Response:
    """The node's H5P package, played by the libraries that it brings. Raises FileNotStored without them."""
    file = _zip_of(channel_id, node_id)
    with open_zip(studio().storage, file.name) as archive:
        package = read_package(archive)
    if package.play is None or package.lacks:
        raise FileNotStored(f"This package cannot be played: {package.problem or ', '.join(package.lacks)} is missing.")
    base = url_for("previews.zip_member", channel_id=channel_id, node_id=node_id, path="")
    answer = make_response(render("player.html", package=package, play=package.play, base=base))
    answer.headers["Content-Security-Policy"] = _app_policy(_folder(channel_id, node_id))
    return answer


def exercise(channel_id: str, node_id: str) -> Response:
    """The node's questions. They are a chef's HTML: their images come, and nothing else comes at all.

    Thousands of them take seconds to render: nobody waits for that with the Studio's lock held.
    """
    with studio().lock:
        node = node_of(studio(), studio().get_channel_record(channel_id), node_id)
        questions = list(node.questions)
    answer = make_response(render("exercise.html", node=node, questions=list(map(question_view, questions))))
    answer.headers["Content-Security-Policy"] = (
        f"sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src {request.host_url}previews/ data:"
    )
    return answer
