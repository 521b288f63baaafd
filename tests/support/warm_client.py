"""Lets a warm server run a program with our streams, folder and environment, and ends as the program did.

warm_client.py PROGRAM FOLDER PYTHON [ARGUMENTS]: the program that stands in for ``python``, and what is behind it.
It starts for every chef, so it imports little.
"""

import json
import os
import signal
import socket
import sys

COMMANDS = (("-m", "fake_studio"), ("-m", "pytest"))


def main(program, folder, python, *arguments):
    """Run ``python ARGUMENTS``, warm if the first of them is a script or -m."""
    if not arguments or (arguments[0].startswith("-") and arguments[0] != "-m"):
        os.execv(python, [python, *arguments])
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(f"{folder}/{'commands' if arguments[:2] in COMMANDS else 'chefs'}")
        told = {
            "executable": program,
            "arguments": arguments,
            "folder": os.path.realpath("."),
            "environment": dict(os.environ),
        }
        content = json.dumps(told).encode()
        socket.send_fds(server, [len(content).to_bytes(8, "big")], [0, 1, 2])
        server.sendall(content)
        answers = server.makefile()
        pid = int(answers.readline())
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, frame: os.kill(pid, number))
        end_like(int(answers.readline()))


def end_like(code):
    """End with this exit code; below 0 it is the signal that killed the program."""
    if code < 0:
        if -code != signal.SIGKILL:  # which has no other handler
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
