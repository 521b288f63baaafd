"""A Python for chefs and commands that starts at once, because it has imported their libraries already.

A chef's imports cost a second of CPU, a command's a third of one, and the tests run hundreds of both. Two processes
(``warm_server``) import that once and fork for each program, of all workers of pytest. A chef's fork imports ricecooker
and what fake_studio puts into it anew. Of each kind of command one test starts a cold Python.
"""

from __future__ import annotations

import atexit
import functools
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SHARED = "FAKE_STUDIO_TESTS_WARM_PYTHON"


def share_warm_python() -> None:
    """Let the processes that this one starts use its warm Python, which they need not wait for."""
    os.environ[SHARED] = warm_python()


@functools.cache
def warm_python() -> str:
    """The path of a program that is used as ``python`` is: ``PATH chef.py --token=...``, ``PATH -m fake_studio``.

    It is ``sys.executable`` to what it runs. Options before the program, such as -c, start a cold Python, unless they
    start a worker of pytest.
    """
    if SHARED in os.environ:
        return os.environ[SHARED]
    folder = tempfile.TemporaryDirectory(prefix="warm-python-")
    path = Path(folder.name)
    program = path / "python"
    client = f"{sys.executable} -IS {HERE / 'warm_client.py'} {program} {path} {sys.executable}"
    program.write_text(f'#!/bin/sh\nexec {client} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    servers = [_start_server(path, role) for role in ("chefs", "commands")]
    atexit.register(_stop_servers, servers, folder)
    return str(program)


def _start_server(folder: Path, role: str) -> subprocess.Popen[bytes]:
    # What the environment says to Python is said to each program anew.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / role))
        listener.listen()  # who comes before it has imported all waits there
        number = listener.fileno()
        command = [sys.executable, str(HERE / "warm_server.py"), str(folder), role, str(number)]
        # Its sys.stdout, which the programs have too, must not take itself for a file, where one can go back.
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        # cwd: a library that looks for files where it is imported shall find none.
        return subprocess.Popen(command, cwd=folder, env=environment, pass_fds=[number], **pipes)


def _stop_servers(servers: list[subprocess.Popen[bytes]], folder: tempfile.TemporaryDirectory[str]) -> None:
    for server in servers:
        with server:
            assert server.stdin is not None
            server.stdin.close()  # which is how it would also notice that we were killed
    folder.cleanup()
