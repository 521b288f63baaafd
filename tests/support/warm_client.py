"""Lets a warm server run a program with our streams, folder and environment, and ends as the program did.

warm_client.py PROGRAM FOLDER PYTHON [ARGUMENTS]: the program that stands in for ``python``, and what is behind it.
It starts for every chef, so it imports what is built into Python and nothing else: json, os, signal and socket would
take 25 ms of 42.
"""

import _signal
import _socket
import marshal
import posix
import sys

COMMANDS = (("-m", "fake_studio"), ("-m", "pytest"))
WORKER = ("-u", "-c", "import sys;exec(eval(sys.stdin.readline()))")  # how pytest-xdist starts its own


def main(program, folder, python, *arguments):
    """Run ``python ARGUMENTS``, warm if the first of them is a script or -m, and if it is a worker of pytest."""
    if arguments == WORKER:
        arguments = arguments[1:]
    elif not arguments or (arguments[0].startswith("-") and arguments[0] != "-m"):
        posix.execv(python, [python, *arguments])
    server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    server.connect(f"{folder}/{'commands' if arguments[:2] in COMMANDS else 'chefs'}")
    send(server, {"executable": program, "arguments": list(arguments), "folder": posix.getcwd()})
    pid = read_number(server)
    for number in (_signal.SIGINT, _signal.SIGTERM):
        _signal.signal(number, lambda number, frame: posix.kill(pid, number))
    end_like(read_number(server))


def send(server, program):
    """Give the server the program and our three streams."""
    content = marshal.dumps({**program, "environment": dict(posix.environ)})
    streams = b"".join(number.to_bytes(4, sys.byteorder) for number in range(3))  # an array of C's int
    lent = (_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)
    server.sendmsg([len(content).to_bytes(8, "big")], [lent])
    server.sendall(content)


def read_number(server):
    """The next line, which is a number."""
    line = b""
    while not line.endswith(b"\n"):
        line += server.recv(1) or b"\n"
    return int(line)


def end_like(code):
    """End with this exit code; below 0 it is the signal that killed the program."""
    if code < 0:
        if -code != _signal.SIGKILL:  # which has no other handler
            _signal.signal(-code, _signal.SIG_DFL)
        posix.kill(posix.getpid(), -code)
    posix._exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
