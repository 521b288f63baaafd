"""The HTTP host: serves a WSGI app on a socket, with keep-alive, from threads of its own process.

On the standard library alone, and knowing nothing of the app: see ``Host`` and ``Connection``.
"""

from __future__ import annotations

from fake_studio.host.conversation import Connection
from fake_studio.host.listener import Host
from fake_studio.host.wire import Disconnected, RequestError, Timeouts

__all__ = ["Connection", "Disconnected", "Host", "RequestError", "Timeouts"]
