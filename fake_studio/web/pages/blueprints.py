"""Two blueprints: the pages themselves, and what chefs made, which is shown in a sandbox and trusted with nothing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from fake_studio.web.access import check_caller, check_loopback
from fake_studio.web.pages.preview_keys import add_key, check_key, take_key
from fake_studio.web.pages.version_stamp import pulse_of
from fake_studio.web.request import studio

pages = Blueprint("pages", "fake_studio.web", template_folder="templates", static_folder="static")
previews = Blueprint("previews", "fake_studio.web", url_prefix="/previews/<key>")
# A sandboxed frame has no origin, so that all it asks for comes from a foreign one.
pages.before_request(check_caller)
previews.before_request(check_loopback)
previews.before_request(check_key)
previews.url_defaults(add_key)
previews.url_value_preprocessor(take_key)


@pages.context_processor
def _common() -> dict[str, Any]:
    return {"pulse": pulse_of(studio())}


@pages.after_request
def protected(answer: Response) -> Response:
    """Nothing but our own files runs in a page; what chefs uploaded under this origin is no script of ours."""
    static_folder = f"{request.host_url}static/"
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'self'; script-src {static_folder}; style-src {static_folder}; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers.setdefault("Cache-Control", "no-cache")
    return answer


@previews.after_request
def _confine(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", "sandbox; default-src 'none'")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers.setdefault("Cache-Control", "no-cache")
    if request.endpoint == "previews.zip_member":
        # Fonts, modules and data of an app come to a document that has no origin, whatever headers it asks with.
        answer.headers["Access-Control-Allow-Origin"] = "null"
        answer.headers["Access-Control-Allow-Headers"] = "*"
    return answer
