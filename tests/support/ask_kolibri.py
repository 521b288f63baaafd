"""Run by a Kolibri's own Python: asks that Kolibri for paths, and prints its answers as JSON on the last line."""

from __future__ import annotations

import json
import sys
from typing import Any
from wsgiref.util import setup_testing_defaults

from kolibri.main import initialize

initialize()

from django.test import Client  # noqa: E402
from kolibri.core.content.api import RemoteChannelViewSet  # noqa: E402
from kolibri.core.content.utils.paths import get_zip_content_base_path  # noqa: E402
from kolibri.core.content.zip_wsgi import get_application  # noqa: E402

STUDIO_CHANNELS = "what Import from Studio lists"  # its own path asks for a user who manages content


def ask(path: str) -> dict[str, Any]:
    if path == STUDIO_CHANNELS:
        return {"status": 200, "text": json.dumps(RemoteChannelViewSet()._make_channel_endpoint_request())}
    if path.startswith("/zipcontent/"):
        return ask_for_content(get_zip_content_base_path() + path[len("/zipcontent/") :])
    answer = Client().get(path)
    return {"status": answer.status_code, "text": answer.content.decode()}


def ask_for_content(path: str) -> dict[str, Any]:
    """What lies in an archive: Kolibri serves it from an application of its own, at another origin."""
    environ: dict[str, Any] = {"PATH_INFO": path}
    setup_testing_defaults(environ)
    told = {}

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        told["status"] = int(status.split()[0])

    text = b"".join(get_application()(environ, start_response)).decode()
    return {**told, "text": text}


print(json.dumps([ask(path) for path in sys.argv[1:]]))
