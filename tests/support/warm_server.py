"""A process behind ``warm_python``: it has imported what chefs or commands import, and forks for each of them.

warm_server.py FOLDER ROLE NUMBER: serves at a socket that it inherits, until its stdin ends. For ``chefs`` nothing that
is under test is imported; for ``commands``, which are ours, all of the package but its plugin, whose import pytest has
to see.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import inspect
import marshal
import mimetypes
import os
import pkgutil
import runpy
import selectors
import signal
import socket
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What ricecooker and chefs import, and fake_studio inside of them.
LIBRARIES = (
    *("argparse", "bs4", "cachecontrol.caches.file_cache", "cachecontrol.heuristics", "colorlog", "ebooklib.epub"),
    *("filelock", "filetype", "flask", "html5lib", "jsonschema", "langcodes", "latex2mathml.converter"),
    *("le_utils.constants.content_kinds", "le_utils.constants.exercises", "le_utils.constants.format_presets"),
    *("le_utils.constants.labels.subjects", "le_utils.constants.languages", "le_utils.constants.licenses"),
    *("logging.config", "markdown_it", "multiprocessing.pool", "pdf2image", "PIL.Image", "pycaption", "PyPDF2"),
    *(
        "requests",
        "requests_file",
        "selenium.webdriver",
        "selenium.webdriver.support.ui",
        "webbrowser",
        "werkzeug.test",
    ),
    *("xml.etree.ElementTree", "yt_dlp"),
)
# What our modules import when they first need it.
LATE = (
    *("concurrent.futures.thread", "jsonschema", "langcodes", "latex2mathml.converter", "markdown_it", "PIL.Image"),
    *("pymediainfo", "pypdf", "tinycss2"),
)


@dataclass
class Program:
    """What a client wants to have run, and the streams that it lends."""

    executable: str
    arguments: list[str]
    folder: str
    environment: dict[str, str]
    streams: list[int]


class Server:
    """Forks, and tells each client the number of its process and, in the end, its exit code."""

    def __init__(self, listener: socket.socket) -> None:
        self._clients: dict[int, socket.socket] = {}
        self._listener = listener
        self._ended, self._wakeup = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        for source in (self._listener, self._ended, sys.stdin):
            self._selector.register(source, selectors.EVENT_READ)

    def serve(self) -> Program:
        """Returns in a fork, with what that is to run."""
        self._wakeup.setblocking(False)
        signal.set_wakeup_fd(self._wakeup.fileno())
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for pytest, which stops us
        program = None
        while program is None:
            for key, _ in self._selector.select():
                program = program or self._react(key.fileobj, key.data)
        return program

    def _react(self, source: Any, pid: int | None) -> Program | None:
        if source is self._listener:
            return self._fork(self._listener.accept()[0])
        if source is self._ended:
            self._ended.recv(100)
            self._reap()
        elif source is sys.stdin:
            self._stop()
        elif pid in self._clients:  # it was killed, and takes its program with it
            self._selector.unregister(source)
            os.kill(pid, signal.SIGKILL)
        return None

    def _fork(self, client: socket.socket) -> Program | None:
        try:
            program = received(client)
        except (EOFError, OSError):  # it was killed before it had said all
            client.close()
            return None
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            for ours in (client, self._listener, self._ended, self._wakeup, self._selector, *self._clients.values()):
                ours.close()
            return program
        for stream in program.streams:
            os.close(stream)
        self._clients[pid] = client
        self._selector.register(client, selectors.EVENT_READ, pid)
        tell(client, pid)
        return None

    def _reap(self) -> None:
        for pid, client in list(self._clients.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                if client in self._selector.get_map():
                    self._selector.unregister(client)
                tell(client, -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))
                self._clients.pop(pid).close()

    def _stop(self) -> None:
        for pid in self._clients:
            os.kill(pid, signal.SIGKILL)
        os._exit(0)


def received(client: socket.socket) -> Program:
    length, streams, _, _ = socket.recv_fds(client, 8, 3)
    with client.makefile("rb") as stream:
        program = marshal.loads(stream.read(int.from_bytes(length, "big")))
    environment = {os.fsdecode(name): os.fsdecode(value) for name, value in program.pop("environment").items()}
    return Program(**program, environment=environment, streams=list(streams))


def tell(client: socket.socket, number: int) -> None:
    with contextlib.suppress(OSError):  # it may have been killed
        client.sendall(f"{number}\n".encode())


def become(program: Program) -> None:
    """Be as the Python that the client would have been."""
    for number, stream in enumerate(program.streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(program.folder)
    os.environ.clear()
    os.environ.update(program.environment)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.executable = program.executable
    sys.stdout.reconfigure(line_buffering=sys.stdout.isatty() or "PYTHONUNBUFFERED" in os.environ)  # type: ignore
    if os.environ.get("PYTHONWARNINGS"):
        warnings.simplefilter(os.environ["PYTHONWARNINGS"])  # type: ignore[arg-type]
    sys.path[1:1] = [folder for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]
    if "FAKE_STUDIO_NOTES" in os.environ:  # what a Python that starts anew imports from there by itself
        sys.modules.pop("sitecustomize", None)
        importlib.import_module("sitecustomize")


def run(arguments: list[str]) -> dict[str, Any]:
    """Run a script or, after -m, a module, and after -c code."""
    if arguments[0] == "-c":
        sys.path[0], sys.argv = "", arguments[:1]
        namespace: dict[str, Any] = {"__name__": "__main__"}
        exec(arguments[1], namespace)
        return namespace
    if arguments[0] == "-m":
        sys.path[0], sys.argv = str(Path.cwd()), arguments[1:]
        return runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    sys.path[0], sys.argv = str(Path(arguments[0]).resolve().parent), arguments
    return runpy.run_path(arguments[0], run_name="__main__")


def exit_code(error: BaseException | None) -> int:
    """The exit code of a Python that this ends."""
    code = error.code if isinstance(error, SystemExit) else error
    return code & 255 if isinstance(code, int) else int(code is not None)


def import_libraries() -> None:
    """What chefs import before they come to what is under test."""
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    with contextlib.suppress(ImportError):
        importlib.import_module("PIL.Image").init()  # which imports forty formats
    mimetypes.init()  # it reads the types that the system knows
    assert not {"ricecooker", "fake_studio", "pytest"} & sys.modules.keys()


def import_package() -> None:
    """fake_studio, what it imports when it first needs it, and pytest."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    package = importlib.import_module("fake_studio")
    package.__doc__ = f"{package.__doc__}PYTEST_DONT_REWRITE"  # or pytest warns that it comes too late to do so
    for module in pkgutil.walk_packages(package.__path__, "fake_studio."):
        if not module.name.startswith(("fake_studio.testing", "fake_studio.cooking.inside", "fake_studio.__main__")):
            importlib.import_module(module.name)
    for name in (*LATE, *(f"_pytest.{plugin}" for plugin in importlib.import_module("_pytest.config").default_plugins)):
        importlib.import_module(name)
    inspect.getmodule(None, "/nowhere")  # type: ignore[arg-type]  # it learns of all modules what a failed test asks
    del sys.path[0]
    assert "ricecooker" not in sys.modules


def import_all(folder: str, role: str) -> None:
    sys.executable = str(Path(folder, "python"))  # a default of some of our functions
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ROLES[role]()
    tempfile.tempdir = None  # ricecooker and the environment have a say in it
    gc.collect()
    gc.freeze()  # else the first collection of each fork would copy all of it


ROLES = {"chefs": import_libraries, "commands": import_package}


def main(folder: str, role: str, number: str) -> None:
    codes: list[int] = []
    # The first to be registered is the last to be called, after threads and atexit: it spares a fork from taking a
    # thousand modules to pieces, which costs 50 ms.
    atexit.register(lambda: leave(*codes))
    import_all(folder, role)
    program = Server(socket.socket(fileno=int(number))).serve()
    become(program)
    try:
        run(program.arguments)
        codes.append(0)
    except (Exception, SystemExit) as error:
        codes.append(exit_code(error))
        raise


def leave(code: int | None = None) -> None:
    """Without a code, Python goes on: a program that Ctrl-C ended shall end by a signal."""
    if code is not None:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
