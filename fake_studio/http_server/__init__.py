"""The HTTP host: serves a WSGI app on a socket, with keep-alive, from threads of its own process.

On the standard library alone, and knowing nothing of the app: see ``Host`` and ``Connection``. It is finished: faults
are mended here, and features go elsewhere. It exists because of four things that no other server has together:

- Kolibri refuses servers that close the connection after each answer (so werkzeug's own, which reads the socket dry
  after each request and says ``Connection: close``, will not do).
- Uploads are hashed while they stream to disk (waitress takes a whole body before it calls the app).
- Faults act on the wire: half an answer, noise, a TCP reset (of the 159 tests of faults and uploads, cheroot fails
  the one of the reset).
- A test starts and stops a server in milliseconds: ours stops in 0.3 to 2.8 ms, cheroot in 16 to 36, and its import
  takes 20 to 60 ms more. A GET on a kept connection costs 0.55 to 0.69 ms of CPU, client included; with cheroot 0.80
  to 1.15. (Python 3.11, two cores that others used too.) Cheroot behind a shim of 110 lines is the one alternative.
"""

from __future__ import annotations

from fake_studio.http_server.connection import Disconnected, RequestError, Timeouts
from fake_studio.http_server.handler import Connection
from fake_studio.http_server.server import Host

__all__ = ["Connection", "Disconnected", "Host", "RequestError", "Timeouts"]
