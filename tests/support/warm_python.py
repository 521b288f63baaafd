"""A Python for chefs and commands that starts at once, because it has imported their libraries already.

A chef's imports cost a second of CPU, and the tests run some 250 chefs. One process per worker of pytest
(``warm_server``) imports the libraries once and forks for each program. What is to be tested is imported in the fork:
ricecooker, fake_studio, the chef.
"""

from __future__ import annotations

import atexit
import functools
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


@functools.cache
def warm_python() -> str:
    """The path of a program that is used as ``python`` is: ``PATH chef.py --token=...``, ``PATH -m fake_studio``.

    It is ``sys.executable`` to what it runs. Options before the program, such as -c, start a cold Python.
    """
    folder = tempfile.TemporaryDirectory(prefix="warm-python-")
    path = Path(folder.name)
    program = path / "python"
    client = f"{sys.executable} -IS {HERE / 'warm_client.py'} {program} {path / 'socket'} {sys.executable}"
    program.write_text(f'#!/bin/sh\nexec {client} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    server = _start_server(path)
    atexit.register(_stop_server, server, folder)
    return str(program)


def _start_server(folder: Path) -> subprocess.Popen[bytes]:
    # What the environment says to Python is said to each program anew.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [sys.executable, str(HERE / "warm_server.py"), str(folder / "socket")]
    # cwd: a library that looks for files where it is imported shall find none.
    server = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    )
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"
    return server


def _stop_server(server: subprocess.Popen[bytes], folder: tempfile.TemporaryDirectory[str]) -> None:
    with server:
        assert server.stdin is not None
        server.stdin.close()  # which is how it would also notice that we were killed
    folder.cleanup()
