"""A refusal as a page: what is wrong in words, and where to go from here."""

from __future__ import annotations

from flask import Response, make_response

from fake_studio.refusals import Refusal
from fake_studio.web.pages.showing import drawn


def refusal_page(refusal: Refusal, status: str) -> Response:
    """The page of a refusal."""
    answer = make_response(drawn("error.html", refusal=refusal))
    answer.status = status
    return answer
