"""The Flask app, and the one place where a refusal becomes an answer."""

from __future__ import annotations

import errno
import logging
import secrets
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, json, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from fake_studio.core import refusals
from fake_studio.core.incoming import unwritable
from fake_studio.core.visible_text import visible
from fake_studio.studio import Studio
from fake_studio.web.access import is_internal_route
from fake_studio.web.api.internal import internal
from fake_studio.web.api.public import public
from fake_studio.web.api.uploads import storage, uploads
from fake_studio.web.dialects import DIALECTS, DOCUMENTED, Dialect
from fake_studio.web.journaling import endpoint_name, record_exchanges
from fake_studio.web.pages.errors import error_page, wants_page
from fake_studio.web.request import dialect, too_large
from fake_studio.web.request import studio as current_studio
from fake_studio.web.routes import BLUEPRINTS
from fake_studio.web.studio_app import StudioApp

log = logging.getLogger(__name__)
API = ("internal", "uploads")
_OF_THE_MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE)
MAX_BODY = 100 * 1024 * 1024  # bytes of a JSON body; the PUT of a file has no limit


def create_app(
    studio: Studio | None = None,
    *,
    dialect: str = "documented",
    public_url: str = "",
    control_from_anywhere: bool = False,
) -> Flask:
    """A WSGI app that serves this Studio (by default a new, empty one) in a dialect. Raises KeyError for another.

    With ``control_from_anywhere`` other machines may use the control routes, by an address or a name that is in
    ``config["ALLOWED_HOSTS"]``.
    """
    app = StudioApp("fake_studio.web", static_folder=None)
    app.url_map.merge_slashes = False
    app.extensions["fake_studio"] = studio or Studio()
    app.config.update(_settings(dialect, public_url, control_from_anywhere))
    for blueprint in (internal, uploads, storage, public, *BLUEPRINTS):
        app.register_blueprint(blueprint)
    app.register_error_handler(refusals.Refusal, answer_refusal)
    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(Exception, answer_bug)
    record_exchanges(app)
    app.before_request(meet_faults)
    app.after_request(add_headers)
    return app


def _settings(dialect: str, public_url: str, control_from_anywhere: bool) -> dict[str, Any]:
    return {
        "DIALECT": DIALECTS[dialect],
        "DIALECT_AT_START": DIALECTS[dialect],
        "PUBLIC_URL": public_url,
        "CONTROL_FROM_ANYWHERE": control_from_anywhere,
        "ALLOWED_HOSTS": (),
        "PREVIEW_SECRET": secrets.token_bytes(32),
        "MAX_CONTENT_LENGTH": MAX_BODY,
    }


def meet_faults() -> Response | None:
    """Before each request: faults, if there are any. What makes them happen is imported for the first one."""
    if not current_studio().faults.rules:
        return None
    from fake_studio.web.faults.injection import inject_faults

    return inject_faults()


def answer_refusal(refusal: refusals.Refusal) -> Response:
    """What a client sees of a refusal, as the dialect says; control routes speak the documented one."""
    g.refusal = refusal
    row = _speech().answer(refusal, endpoint_name())
    if wants_page():
        return error_page(refusal.message, row.status, refusal.allowed or ())
    body = row.body(refusal)
    text = body if isinstance(body, str) else json.dumps(body) + "\n"
    answer = Response("" if request.method == "HEAD" else text, content_type=_content_type(row.media_type))
    answer.status = row.status
    answer.headers.extend(row.headers)
    return answer


def _content_type(media_type: str) -> str:
    if request.method == "HEAD" and media_type == "application/xml":
        return "text/html"  # a bucket's HEAD has no error document (recording path/missing-storage-file)
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _speech() -> Dialect:
    return DOCUMENTED if is_internal_route() else dialect()


def answer_http_error(error: HTTPException) -> Response:
    """Flask's own errors: no route, no such method on it, a body that is too large."""
    if isinstance(error, RequestEntityTooLarge):
        return answer_refusal(too_large())
    if isinstance(error, MethodNotAllowed):
        return answer_refusal(refusals.MethodNotAllowed(request.method, sorted(error.valid_methods or ())))
    if error.code == 404:
        return answer_refusal(refusals.PathUnknown(f"Page or endpoint not found: {request.path!r:.200}."))
    return answer_refusal(refusals.BodyUnreadable(error.description or error.name))


def answer_bug(error: Exception) -> Response:
    """An exception that is no refusal is a bug of ours: it is logged, and no traceback reaches the client.

    Three kinds come from what is sent, or from this machine, and may be met anywhere.
    """
    if isinstance(error, RecursionError):
        return answer_refusal(refusals.BodyTooDeep("it nests too deeply"))
    if isinstance(error, OverflowError):
        return answer_refusal(refusals.ValueUnusable(f"A number is too large: {error}."))
    if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
        return answer_refusal(unwritable(error, Path(error.filename or "This machine")))
    log.exception("%s %s failed", request.method, visible(request.path))
    message = f"fake_studio itself failed: {type(error).__name__}. Its log says more."
    if wants_page():
        return error_page(message, "500 INTERNAL SERVER ERROR")
    return Response(json.dumps({"error": message}) + "\n", status=500, content_type="application/json")


def add_headers(answer: Response) -> Response:
    """The headers that the dialect gives every answer of the API."""
    if not dialect().headers or "proxy" in g or request.blueprint not in (*API, None):
        return answer
    headers = _speech().headers
    if headers:
        answer.headers.extend({k: v for k, v in headers.items() if k not in answer.headers})
        if "user" in g and "Vary" in answer.headers:
            answer.headers["Vary"] = "Accept-Language"  # the session is asked only where there is no token
    return answer
