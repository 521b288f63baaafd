"""The listening side: ``Host``, which is started and stopped, and the threads of one run."""

from __future__ import annotations

import errno
import selectors
import socket
import sys
import threading
import time
from operator import itemgetter
from typing import TYPE_CHECKING

from fake_studio.http_server.connection import ClientConnection, Timeouts
from fake_studio.http_server.handler import ConnectionHandler
from fake_studio.http_server.response import FileWrapper

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

if sys.platform == "win32":
    resource = None
else:
    import resource

DEFAULT_TIMEOUTS = Timeouts()
STOP_PATIENCE = 1.0
ACCEPT_PAUSE = 0.01
PLACE_PAUSE = 0.1
BACKLOG = 512
FEW_CLIENTS = 16
ENDING_PATIENCE = 1.0  # seconds in which a client that makes way is expected to be gone
RESERVED_FILES = 64  # descriptors for everything but clients; a quarter where there are few

_REACHABLE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}


class ServerThread:
    """One run of a host: a bound socket, the thread that accepts, a thread for each client."""

    def __init__(self, app: WSGIApplication, sock: socket.socket, timeouts: Timeouts, limit: int) -> None:
        self.port: int = sock.getsockname()[1]
        self._app = app
        self._sock = sock
        self._timeouts = timeouts
        self._environ = _server_environ(sock)
        self._free_places = threading.Semaphore(limit)
        self._lock = threading.Lock()
        self._serving: dict[threading.Thread, ClientConnection] = {}
        self._most_serving = FEW_CLIENTS
        self._leaving: tuple[ClientConnection, float] | None = None  # who makes way, and since when
        self._waker, self._alarm = socket.socketpair()
        self._thread = threading.Thread(target=self._accept_all, name=f"fake_studio:{self.port}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the listening socket and all connections, and wait a moment for their threads."""
        self._waker.close()
        self._free_places.release()
        self._thread.join()
        deadline = time.monotonic() + STOP_PATIENCE
        for thread in self._interrupt_all():
            # A route may stop the host that serves it.
            if thread is not threading.current_thread():
                thread.join(max(0.0, deadline - time.monotonic()))

    def _interrupt_all(self) -> list[threading.Thread]:
        with self._lock:
            for client in self._serving.values():
                client.shutdown()
            return list(self._serving)

    def _accept_all(self) -> None:
        with self._sock, self._alarm, selectors.DefaultSelector() as selector:
            selector.register(self._sock, selectors.EVENT_READ)
            selector.register(self._alarm, selectors.EVENT_READ)
            while self._client_waits(selector):
                self._acquire_slot()
                self._accept()

    def _client_waits(self, selector: selectors.BaseSelector) -> bool:
        return all(key.fileobj is self._sock for key, _ in selector.select())

    def _acquire_slot(self) -> None:
        """Wait until there is one. Whoever has kept silent for longest makes way, so that idle clients block none."""
        patience = 0.0
        while not self._free_places.acquire(timeout=patience):
            self._interrupt_the_most_silent()
            patience = PLACE_PAUSE

    def _interrupt_the_most_silent(self) -> None:
        with self._lock:
            now = time.monotonic()
            # On a busy machine its thread needs a while to end: no second client shall go for the same place.
            if self._leaving and not self._leaving[0].is_closed and now - self._leaving[1] < ENDING_PATIENCE:
                return
            asked = [(client.idle_since, client) for client in self._serving.values()]
            silent = sorted(((since, client) for since, client in asked if since and since <= now), key=itemgetter(0))
            # Its request may have come while the thread that shall read it waits for its turn: that is not silence.
            # Nor is one that the thread has begun to read since we asked.
            heard = ((since, client) for since, client in silent if not client.has_unread_input())
            leaving = next((client for since, client in heard if client.idle_since == since), None)
            # It would lose an answer that is on its way; it is asked again in a moment.
            if leaving is not None and not leaving.is_sending:
                self._leaving = leaving, now
                leaving.shutdown()

    def _accept(self) -> None:
        try:
            sock, peer = self._sock.accept()
        except OSError as error:
            # The client has left, or the process is out of descriptors.
            self._free_places.release()
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._interrupt_the_most_silent()
            time.sleep(ACCEPT_PAUSE)
            return
        self._start_serving(
            ClientConnection(sock, self._timeouts), {"REMOTE_ADDR": peer[0], "REMOTE_PORT": str(peer[1])}
        )

    def _start_serving(self, client: ClientConnection, peer: WSGIEnvironment) -> None:
        conversation = ConnectionHandler(self._app, client, {**self._environ, **peer})
        thread = threading.Thread(target=self._serve, args=(conversation, client), daemon=True)
        try:
            thread.start()
        except RuntimeError:
            # The process is out of threads; the clients that have one shall keep theirs.
            client.close()
            self._free_places.release()
            return
        with self._lock:
            self._forget_ended()
            self._serving[thread] = client

    def _forget_ended(self) -> None:
        # Not at each new client: six hundred at once would mean to look at each of them six hundred times.
        if len(self._serving) >= self._most_serving:
            self._serving = {thread: client for thread, client in self._serving.items() if thread.is_alive()}
            self._most_serving = 2 * len(self._serving) + FEW_CLIENTS

    def _serve(self, conversation: ConnectionHandler, client: ClientConnection) -> None:
        try:
            conversation.run()
        finally:
            self._free_places.release()
            # Under the lock, or ``stop`` could shut down a descriptor that has a new owner.
            with self._lock:
                client.close()


def _server_environ(sock: socket.socket) -> WSGIEnvironment:
    name, port = sock.getsockname()[:2]
    return {
        "SERVER_NAME": name,
        "SERVER_PORT": str(port),
        "SERVER_SOFTWARE": "fake_studio",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }


def _most_connections() -> int:
    """How many clients the process has descriptors for: each may have a file open besides its connection."""
    if resource is None:
        return sys.maxsize
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    reserved = min(RESERVED_FILES, limit // 4)
    return sys.maxsize if limit == resource.RLIM_INFINITY else max(1, (limit - reserved) // 2)


class Host:
    """Serves ``app`` at ``host``:``port`` from daemon threads; port 0 takes any free one.

    At most ``max_connections`` clients are served at once, fewer where the process may open few files. For a further
    one, the connection is closed whose client has kept silent for longest, or lags behind most with a body; if all
    of them are being answered, it waits. A stopped host can be started again.
    Works as a context manager.
    """

    def __init__(
        self,
        app: WSGIApplication,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
        max_connections: int = 512,
    ) -> None:
        self.host = host
        self._app = app
        self._port = port
        self._timeouts = timeouts
        self._max_connections = max_connections
        self._lock = threading.Lock()
        self._listener: ServerThread | None = None

    def start(self) -> None:
        """Bind and serve; returns once clients can connect.

        Raises OSError when the address cannot be bound, RuntimeError when the host runs already.
        """
        with self._lock:
            if self._listener:
                raise RuntimeError(f"The host already runs at {self.url}")
            limit = min(self._max_connections, _most_connections())
            self._listener = ServerThread(self._app, self._bind(), self._timeouts, limit)

    def _bind(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        sock = socket.create_server((self.host, self._port), family=family, backlog=BACKLOG)
        # Explicit, because socket.setdefaulttimeout() of other code would apply.
        sock.setblocking(False)
        return sock

    def stop(self) -> None:
        """Close the socket and all connections; does nothing when the host does not run.

        Waits at most a second for a route that is still busy; its thread then ends with the route.
        """
        with self._lock:
            listener, self._listener = self._listener, None
        if listener:
            listener.stop()

    @property
    def port(self) -> int:
        """The port it listens on; before the start the port that was asked for."""
        return self._listener.port if self._listener else self._port

    @property
    def url(self) -> str:
        """The address for clients, such as "http://127.0.0.1:8000", without a slash at the end."""
        name = _REACHABLE.get(self.host, self.host)
        return f"http://[{name}]:{self.port}" if ":" in name else f"http://{name}:{self.port}"

    def __enter__(self) -> Host:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
