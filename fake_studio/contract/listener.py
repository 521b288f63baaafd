"""What is asked of a fake Studio, whole, as a scenario needs it: the journal keeps no large body and no file name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, Response, request

from fake_studio.core.model import Json
from fake_studio.web.journaling import endpoint_name, full_path
from fake_studio.web.request import studio

HEADERS = ("Content-Type", "Content-MD5")
UPLOADS = ("put_file", "file_upload")


@dataclass(frozen=True)
class CapturedExchange:
    """One exchange. `user` is a username, "anonymous" or, for a token that nobody has, "bad"."""

    endpoint: str
    user: str
    method: str
    path: str
    """With its query."""
    body: Json
    """Parsed JSON; None where there was none."""
    uploads: Mapping[str, str]
    """Names of uploaded files by field of the form."""
    headers: Mapping[str, str]
    """Of the request, those that tell of a file."""
    status: int
    answer: Json
    """Parsed JSON; None for any other."""


def listen(app: Flask) -> list[CapturedExchange]:
    """Have everything that is asked from now on added to the list that is returned.

    To be called before the app's first request.
    """
    heard: list[CapturedExchange] = []

    def keep_body() -> None:
        # Uploads are streamed; any other body must be kept before the endpoint has read it.
        if endpoint_name() not in UPLOADS:
            request.get_data(cache=True)

    def record_answer(answer: Response) -> Response:
        endpoint = endpoint_name()
        if endpoint and not request.path.startswith("/_fake/"):
            heard.append(_captured_exchange(endpoint, answer))
        return answer

    app.before_request(keep_body)
    app.after_request(record_answer)
    return heard


def _captured_exchange(endpoint: str, answer: Response) -> CapturedExchange:
    return CapturedExchange(
        endpoint=endpoint,
        user=_speaker(),
        method=request.method,
        path=full_path(),
        body=None if endpoint in UPLOADS else request.get_json(force=True, silent=True),
        uploads={field: file.filename or "" for field, file in request.files.items()},
        headers={name: request.headers[name] for name in HEADERS if name in request.headers},
        status=answer.status_code,
        answer=answer.get_json(silent=True) if answer.is_json and not answer.direct_passthrough else None,
    )


def _speaker() -> str:
    """Who sends this, by the token: storage asks for none, and is sent one all the same."""
    _, _, token = request.headers.get("Authorization", "").partition(" ")
    if not token:
        return "anonymous"
    return next((user.username for user in studio().users if user.token == token.strip()), "bad")
