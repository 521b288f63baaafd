"""What several commands have in common: the options of a server, and files that are named on the command line."""

from __future__ import annotations

import argparse
import json
import signal
import threading
from pathlib import Path
from typing import Any, Callable, Protocol, TypeVar

from fake_studio.cli.errors import describe_error
from fake_studio.core.journal import DEFAULT_BYTES, DEFAULT_LIMIT, LEAST_BYTES, MOST_BYTES
from fake_studio.core.model import User
from fake_studio.core.refusals import Refusal
from fake_studio.core.temporary_folder import check_writable
from fake_studio.core.visible_text import harmless
from fake_studio.server import FakeStudio
from fake_studio.web import dialects


class Commands(Protocol):
    """What ``add_subparsers`` of argparse gives: commands are added to it."""

    def add_parser(self, name: str, *, help: str, usage: str | None = None) -> argparse.ArgumentParser:
        """A parser for one more command."""


DIALECTS = tuple(dialects.DIALECTS)
LONGEST_TIME = 10_000_000.0  # seconds
Found = TypeVar("Found")


def add_server_options(parser: argparse.ArgumentParser, port: int) -> None:
    """Everything that a server can be told."""
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (default %(default)s)")
    parser.add_argument("--port", type=int, default=port, help="0 for any free port (default %(default)s)")
    parser.add_argument(
        "--dialect",
        choices=DIALECTS,
        default="documented",
        help="as the docs say, or as production answers (default %(default)s)",
    )
    parser.add_argument("--users", type=_users, default=[], metavar="FILE", help="a JSON list of accounts")
    parser.add_argument("--files", type=Path, metavar="DIR", help="keep uploaded bytes in this folder")
    parser.add_argument("--public-url", default="", metavar="URL", help="the address in links that clients receive")
    parser.add_argument("--seed", type=int, metavar="N", help="make ids and times repeatable")
    _add_journal_options(parser)
    parser.add_argument(
        "--snapshot",
        type=Path,
        metavar="FILE",
        help="load the state from this file if it exists; save it there when it changed, and on exit",
    )
    parser.add_argument("--faults", type=_faults, default=[], metavar="FILE", help="a JSON list of faults")
    _add_access_options(parser)
    parser.add_argument("--quiet", action="store_true", help="do not log requests")


def _add_journal_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--max-journal", type=int, default=DEFAULT_LIMIT, metavar="N", help="requests to remember")
    parser.add_argument(
        "--max-journal-bytes",
        type=_journal_bytes,
        default=DEFAULT_BYTES,
        metavar="N",
        help="bytes of requests to remember (default %(default)s)",
    )


def _add_access_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--control-from-anywhere", action="store_true", help="let other machines use /_fake/ (they can do anything)"
    )
    parser.add_argument(
        "--allowed-host",
        action="append",
        default=[],
        metavar="NAME",
        help="with --control-from-anywhere: a name of this server that /_fake/ answers to (repeatable)",
    )


def existing_file(text: str) -> Path:
    """The path of a file that is there."""
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text}")
    return path


def _journal_bytes(text: str) -> int:
    if not text.isdecimal() or not LEAST_BYTES <= int(text) <= MOST_BYTES:
        raise argparse.ArgumentTypeError(f"not a number from {LEAST_BYTES} to {MOST_BYTES}: {text!r:.40}")
    return int(text)


def existing_folder(text: str) -> Path:
    """The path of a folder that is there."""
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {text}")
    return path


def new_file(text: str) -> Path:
    """The path of a file that can be written: to learn otherwise after an hour of cooking would be late."""
    path = Path(text)
    try:
        if not path.exists():
            check_writable(existing_folder(str(path.parent)))
        elif path.is_file() or path.is_dir():  # a pipe may have no reader yet
            path.open("ab").close()
    except OSError as error:
        raise argparse.ArgumentTypeError(f"cannot write {error.filename or text}: {error.strerror}") from None
    return path


def seconds(text: str) -> float:
    """A time in seconds, more than none."""
    try:
        time = float(text)
    except ValueError:
        time = 0.0
    if not 0 < time < LONGEST_TIME:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return time


def finding_code(text: str) -> str:
    """A code of a finding. Raises ArgumentTypeError for any other, with the nearest."""
    from fake_studio.findings import CODES  # these imports are not for every start

    if text not in CODES:
        import difflib

        near = difflib.get_close_matches(text, CODES, 3, 0.5)
        hint = f"Did you mean {' or '.join(near)}?" if near else "docs/findings.md lists all codes."
        raise argparse.ArgumentTypeError(f"there is no finding {text!r}. {hint}")
    return text


def trees_of_file(text: str) -> dict[str, Any]:
    """The trees in a file by their channels' ids. Raises ArgumentTypeError if it holds none."""
    from fake_studio.diff.tree_files import load_trees  # sqlite3, which hardly any command needs

    try:
        return load_trees(Path(text))
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(describe_error(error)) from None


def _users(text: str) -> list[User]:
    return _read(text, _users_in)


def _users_in(data: Any) -> list[User]:
    if not isinstance(data, list) or not data:
        raise ValueError("it must hold a list of users")
    from fake_studio.views import dicts

    return [dicts.user_from_dict(user, number) for number, user in enumerate(data, 1)]


def _faults(text: str) -> list[Any]:
    return _read(text, _faults_in)


def _faults_in(data: Any) -> list[Any]:
    if not isinstance(data, list):
        raise ValueError("it must hold a list of faults")
    from fake_studio.faults import FaultRegistry

    FaultRegistry().add_all(data)
    return data


def _read(text: str, understand: Callable[[Any], list[Found]]) -> list[Found]:
    """What is understood of a file of JSON. Raises ArgumentTypeError, naming the file."""
    try:
        return understand(json.loads(Path(text).read_text(encoding="utf-8")))
    except (OSError, ValueError, Refusal) as error:
        raise argparse.ArgumentTypeError(f"{text}: {describe_error(error)}") from None


def server(options: argparse.Namespace) -> FakeStudio:
    """The server that was asked for, not yet started."""
    return FakeStudio(
        host=options.host,
        port=options.port,
        dialect=options.dialect,
        users=options.users,
        files=options.files,
        public_url=options.public_url.rstrip("/"),
        seed=options.seed,
        max_journal=options.max_journal,
        max_journal_bytes=options.max_journal_bytes,
        faults=options.faults,
        snapshot=options.snapshot,
        control_from_anywhere=options.control_from_anywhere,
        allowed_hosts=options.allowed_host,
    )


def print_chef_line(line: str) -> None:
    """Pass on a line that a chef printed: it stays one line of ours, no CI system obeys it, nobody takes it for our
    result.
    """
    print(f"  | {harmless(line)}", flush=True)


def print_address(fake: FakeStudio) -> None:
    """Say where the server is, and a token for it."""
    print(f"STUDIO_URL={fake.url}\nTOKEN={fake.token}", flush=True)


def stop_on_signals() -> threading.Event:
    """The event that Ctrl-C, or a kill, sets."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    return stopped
