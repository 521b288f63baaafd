"""What went wrong, as a page: its title names what is missing, and links lead on from here."""

from __future__ import annotations

import re
from collections.abc import Collection

from flask import Response, make_response, request

from fake_studio.web.access import is_missing_page
from fake_studio.web.pages.blueprints import protected
from fake_studio.web.pages.filters import render
from fake_studio.web.pages.version_stamp import pulse_of
from fake_studio.web.request import studio

_MISSING = re.compile(r"([A-Z][\w ]* not found: .+?)(?:\. (.*)|\.?$)", re.S)


def wants_page() -> bool:
    """Whether what goes wrong with this request is to be told as a page."""
    is_read = request.blueprint == "previews" and "text/html" in request.headers.get("Accept", "")
    return request.blueprint == "pages" or is_read or is_missing_page()


def error_page(message: str, status: str, allowed: Collection[object] = ()) -> Response:
    """The page that says so; ``allowed`` is what would be possible."""
    title, rest = _title_and_rest(message, status)
    details = {"title": title, "message": rest, "allowed": allowed, "pulse": pulse_of(studio())}
    answer = make_response(render("frame.html" if request.blueprint == "previews" else "error.html", **details))
    answer.status = status
    return answer if request.blueprint == "previews" else protected(answer)


def _title_and_rest(message: str, status: str) -> tuple[str, str]:
    match = _MISSING.fullmatch(message)
    if match:
        return match[1], match[2] or ""
    return ("fake_studio failed" if status.startswith("5") else "Request rejected"), message
