"""What chefs made, sent so that a browser trusts it with nothing: each answer is a sandbox of its own.

The pages show these in frames. A document that a chef uploaded has no origin, runs scripts only if it is an app, and
loads nothing but what lies in its own zip.
"""

from __future__ import annotations

import io
import mimetypes

from flask import Response, make_response, request, send_file, url_for

from fake_studio.refusals import FileNotStored
from fake_studio.web.incoming import studio
from fake_studio.web.pages import archives
from fake_studio.web.pages.blueprints import previews
from fake_studio.web.pages.finding import node_of
from fake_studio.web.pages.lessons import asked
from fake_studio.web.pages.showing import drawn

_TYPES = mimetypes.MimeTypes()
_TYPES.add_type("application/xhtml+xml", ".xhtml")
_TYPES.add_type("text/javascript", ".mjs")
_TYPES.add_type("application/wasm", ".wasm")
_MEDIA = {
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "vtt": "text/vtt",
    "pdf": "application/pdf",
    **dict.fromkeys(("jpg", "jpeg"), "image/jpeg"),
    **{kind: f"image/{kind}" for kind in ("png", "gif", "webp")},
    "svg": "image/svg+xml",
}


@previews.get("/previews/<name>")
def media(name: str) -> Response:
    """A stored file to look at or to hear, of which a browser may ask for a part: that is how it seeks.

    Storage has them too, but what is fetched there goes into the journal, as a chef's request does.
    """
    media_type = _MEDIA.get(name.rpartition(".")[2])
    if media_type is None or not studio().storage.has(name):
        raise FileNotStored(f"There is nothing to show in {name!r:.80}.")
    with studio().storage.open(name) as stored:
        answer = send_file(stored.name, mimetype=media_type, conditional=True)
    if media_type == "application/pdf":  # Chromium shows no PDF in a sandbox; its viewer is one already
        answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
    return answer


@previews.get("/channels/<channel_id>/nodes/<node_id>/zip/<path:path>")
def zipped(channel_id: str, node_id: str, path: str) -> Response:
    """A member of the node's zip."""
    node = node_of(studio(), studio().found(channel_id), node_id)
    file = archives.zip_of(node, studio().storage)
    with archives.opened(studio().storage, file.name) as archive:
        content = archives.content_of(archive, path)
    media_type = _TYPES.guess_type(path)[0] or "application/octet-stream"
    answer = send_file(io.BytesIO(content), mimetype=media_type, conditional=True)
    own = _folder(channel_id, node_id)
    answer.headers["Content-Security-Policy"] = _book_policy(own) if file.extension == "epub" else _app_policy(own)
    # Fonts, modules and data of an app come to a document that has no origin.
    answer.headers["Access-Control-Allow-Origin"] = "null"
    return answer


def _folder(channel_id: str, node_id: str) -> str:
    """The address of the zip as a source of a policy, in which two signs have a meaning of their own."""
    url = url_for("previews.zipped", channel_id=channel_id, node_id=node_id, path="", _external=True)
    return url.replace(";", "%3B").replace(",", "%2C")


def _app_policy(own: str) -> str:
    return (
        f"sandbox allow-scripts; default-src {own} data: blob: 'unsafe-inline' 'unsafe-eval'; "
        "form-action 'none'; base-uri 'none'"
    )


def _book_policy(own: str) -> str:
    return f"sandbox; default-src {own} data: 'unsafe-inline'; script-src 'none'; form-action 'none'; base-uri 'none'"


@previews.get("/channels/<channel_id>/nodes/<node_id>/exercise")
def exercise(channel_id: str, node_id: str) -> Response:
    """The node's questions. They are a chef's HTML: their images come, and nothing else comes at all."""
    with studio().lock:
        node = node_of(studio(), studio().found(channel_id), node_id)
        answer = make_response(drawn("exercise.html", node=node, questions=list(map(asked, node.questions))))
    answer.headers["Content-Security-Policy"] = (
        f"sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src {request.host_url}previews/ data:"
    )
    return answer
