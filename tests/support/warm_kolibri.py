"""Run by a Kolibri's own Python: that Kolibri, started once, which does what each line of stdin asks for.

A line is JSON: ``["manage", ARGUMENTS...]`` or ``["ask", PATHS...]``. The answer is a line of JSON too: ``code``, the
exit code, ``output``, what was printed, and ``answers`` to paths. Each is done in a fork, as a command of its own would
be: only the start, which takes seconds, is spared. ``["serve", PORT, ZIP_PORT]`` is answered at once, and goes on
to the end of stdin.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any, TextIO
from wsgiref.util import setup_testing_defaults

STUDIO_CHANNELS = "what Import from Studio lists"  # its own path asks for a user who manages content


def manage(*arguments: str) -> list[Any]:
    """A command of ``kolibri manage``. Raises SystemExit as it does."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["kolibri manage", *arguments])
    return []


def ask(*paths: str) -> list[Any]:
    """What Kolibri itself answers under these paths: ``status`` and ``text``."""
    return [_answer(path) for path in paths]


def _answer(path: str) -> dict[str, Any]:
    from django.test import Client
    from kolibri.core.content.api import RemoteChannelViewSet
    from kolibri.core.content.utils.paths import get_zip_content_base_path

    if path == STUDIO_CHANNELS:
        return {"status": 200, "text": json.dumps(RemoteChannelViewSet()._make_channel_endpoint_request())}
    if path.startswith("/zipcontent/"):
        return _ask_for_content(get_zip_content_base_path() + path[len("/zipcontent/") :])
    answer = Client().get(path)
    return {"status": answer.status_code, "text": answer.content.decode()}


def _ask_for_content(path: str) -> dict[str, Any]:
    """What lies in an archive: Kolibri serves it from an application of its own, at another origin."""
    from kolibri.core.content.zip_wsgi import get_application

    environ: dict[str, Any] = {"PATH_INFO": path}
    setup_testing_defaults(environ)
    head = {}

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        head["status"] = int(status.split()[0])

    text = b"".join(get_application()(environ, start_response)).decode()
    return {**head, "text": text}


def say(answers: TextIO, told: Any) -> None:
    answers.write(json.dumps(told) + "\n")
    answers.flush()


def answer(answers: TextIO, name: str, *arguments: str) -> None:
    """Do what a line says; its failure is part of the answer."""
    output, code, given = io.StringIO(), 0, []
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        try:
            given = {"manage": manage, "ask": ask}[name](*arguments)
        except SystemExit as error:
            code = int(error.code or 0)
        except Exception:
            traceback.print_exc()
            code = 1
    say(answers, {"code": code, "output": output.getvalue(), "answers": given})


def serve(port: int, zip_port: int) -> None:
    """What ``kolibri start --foreground`` does. Comes to no end."""
    from kolibri.utils import server

    server.start(port=port, zip_port=zip_port, serve_http=True, background=False)


def fork(act: Callable[..., None], *arguments: Any) -> int:
    """Do that in a fork, which ends with it. Returns the number of its process."""
    pid = os.fork()
    if pid == 0:
        try:
            act(*arguments)
        except BaseException:
            traceback.print_exc()
        os._exit(0)
    return pid


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # Kolibri logs to stdout
    from kolibri.main import initialize

    initialize()
    from django.db import connections

    connections.close_all()  # a fork shares no database with its parent
    say(answers, "ready")
    serving = []
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        if name == "serve":
            serving.append(fork(serve, *arguments))
            say(answers, {"code": 0})
        else:
            os.waitpid(fork(answer, answers, name, *arguments), 0)
    for pid in serving:
        os.kill(pid, signal.SIGKILL)
    os._exit(0)  # to take Kolibri apart takes half a second


if __name__ == "__main__":
    main()
