"""What happens on one connection: requests in, the WSGI app called, answers out."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote

from fake_studio.http_server.connection import ClientConnection, RequestError
from fake_studio.http_server.request import Body, RequestHead, read_head
from fake_studio.http_server.response import Response, refuse

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

INPUT_BUFFER_SIZE = 64 * 1024

logger = logging.getLogger(__name__)


class Connection:
    """What a route finds in ``environ["fake_studio.connection"]``: ways to misbehave.

    After any of them the app's own answer is dropped, and the connection ends when the app returns.
    """

    def __init__(self, client: ClientConnection) -> None:
        self._client = client

    def reset(self) -> None:
        """End with a TCP reset, as a server that crashed would."""
        self._client.hijacked = True
        self._client.reset_on_close()

    def close(self) -> None:
        """End in good order, but without an answer or without the rest of one."""
        self._client.hijacked = True
        self._client.end_output()

    def send(self, raw: bytes) -> None:
        """Put ``raw`` on the wire as it is; may be called again. Raises OSError when the client went away."""
        self._client.hijacked = True
        self._client.send(raw)


class ConnectionHandler:
    """The requests of one client on one connection, answered one after the other."""

    def __init__(self, app: WSGIApplication, client: ClientConnection, server_environ: WSGIEnvironment) -> None:
        self._app = app
        self._client = client
        self._server_environ = server_environ

    def run(self) -> None:
        """Answer requests until either side is done."""
        try:
            self._client.prepare()
            while self._exchange():
                pass
            self._client.linger_close()
        except OSError as error:
            logger.debug("A client went away: %s", error)

    def _exchange(self) -> bool:
        try:
            head = read_head(self._client)
            if head is None:
                return False
            body = Body(self._client, head)
        except RequestError as error:
            refuse(self._client, error)
            return False
        response = Response(self._client, head, body)
        self._answer(self._environ(head, body), response)
        return response.keep and not self._client.hijacked and body.drain()

    def _environ(self, head: RequestHead, body: Body) -> WSGIEnvironment:
        connection = {"fake_studio.connection": Connection(self._client)}
        return {**self._server_environ, **_head_environ(head), **_body_environ(body), **connection}

    def _answer(self, environ: WSGIEnvironment, response: Response) -> None:
        try:
            self._call_app(environ, response)
        except Exception:
            failure = self._client.failure
            if isinstance(failure, RequestError):
                response.replace(failure.status, str(failure))
            elif failure:
                raise failure from None
            else:
                logger.exception("The app failed at %s %s", environ["REQUEST_METHOD"], environ["RAW_URI"])
                response.replace("500 Internal Server Error", "Internal server error")

    def _call_app(self, environ: WSGIEnvironment, response: Response) -> None:
        result = self._app(environ, response.start)
        try:
            self._deliver(result, response)
        finally:
            close = getattr(result, "close", None)
            if close:
                close()

    def _deliver(self, result: Iterable[bytes], response: Response) -> None:
        whole = isinstance(result, (list, tuple))
        write = response.write_whole if whole else response.write
        for piece in (b"".join(result),) if whole else result:
            # An app that hides a broken upload from us must not make it look like a good one.
            self._client.raise_failure()
            write(piece)
            if response.over:
                break
        self._client.raise_failure()
        response.finish()


def _head_environ(head: RequestHead) -> WSGIEnvironment:
    path, _, query = head.target.partition("?")
    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in head.headers.items()}
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if f"HTTP_{name}" in environ:
            environ[name] = environ.pop(f"HTTP_{name}")
    return {
        **environ,
        "REQUEST_METHOD": head.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path, "latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": head.target,
        "RAW_URI": head.target,
        "SERVER_PROTOCOL": head.version,
    }


def _body_environ(body: Body) -> WSGIEnvironment:
    if body.length is None:
        return {"wsgi.input": io.BufferedReader(body, INPUT_BUFFER_SIZE), "wsgi.input_terminated": True}
    if body.length == 0:
        return {"wsgi.input": io.BytesIO()}
    return {"wsgi.input": io.BufferedReader(body, INPUT_BUFFER_SIZE), "CONTENT_LENGTH": str(body.length)}
