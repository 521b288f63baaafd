"""The HTTP host: serves a WSGI app on a socket, with keep-alive, from threads of its own process.

On the standard library alone, and knowing nothing of the app: see ``Host`` and ``Connection``.
"""

from __future__ import annotations

from fake_studio.http_server.connection import Disconnected, RequestError, Timeouts
from fake_studio.http_server.handler import Connection
from fake_studio.http_server.server import Host

__all__ = ["Connection", "Disconnected", "Host", "RequestError", "Timeouts"]
