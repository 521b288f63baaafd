"""The command fake-studio: the only reader of arguments and environment."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any, List, Optional, Sequence

from fake_studio import account as telling
from fake_studio.differences import difference
from fake_studio.faults import Faults
from fake_studio.journal import DEFAULT_LIMIT, Exchange
from fake_studio.junit import junit
from fake_studio.model import User
from fake_studio.printing import cause_of, import_lines, lines
from fake_studio.publisher import publish_all
from fake_studio.refusals import Refusal
from fake_studio.report import Report
from fake_studio.server import FakeStudio
from fake_studio.testing.conduct import UNNOTICED, table, try_faults
from fake_studio.testing.cooking import Chef, Cooked, cook
from fake_studio.trees_in_files import load_trees
from fake_studio.version import __version__


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the command; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    own, chef_arguments = _divided(given)
    options = _parser().parse_args(own)
    options.chef_arguments = chef_arguments
    try:
        code: int = options.run(options)
    # A port that is taken, a Python that is not there, a folder that cannot be written to, a damaged snapshot.
    except (OSError, Refusal) as error:
        print(f"fake-studio: {error}", file=sys.stderr)
        return 2
    return code


def _divided(given: List[str]) -> tuple[List[str], List[str]]:
    """Our own arguments, and those after ``--``, which are the chef's."""
    if "--" not in given:
        return given, []
    place = given.index("--")
    return given[:place], given[place + 1 :]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fake-studio", description="A Kolibri Studio in one process.")
    parser.add_argument("--version", action="version", version=f"fake-studio {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="serve a Studio until Ctrl-C")
    _add_serve_options(serve, port=8000)
    serve.set_defaults(run=_serve)
    cooking = commands.add_parser("cook", help="run a chef against a fresh Studio and report what arrived")
    cooking.add_argument("chef", type=_existing_file, metavar="CHEF.py")
    cooking.add_argument("--python", default=sys.executable, help="the Python (and ricecooker) to run the chef with")
    cooking.add_argument("--json", type=Path, metavar="FILE", help="write the report as JSON")
    cooking.add_argument("--junit", type=Path, metavar="FILE", help="write the report as JUnit XML")
    cooking.add_argument("--allow", action="append", default=[], metavar="CODE", help="pass over findings of this code")
    cooking.add_argument("--strict", action="store_true", help="warnings spoil the verdict too")
    cooking.add_argument(
        "--publish", action="store_true", help="deploy and publish what arrived, and say how to import it into Kolibri"
    )
    cooking.add_argument(
        "--try-faults", action="store_true", help="run the chef once per preset of faults: which failures go unnoticed?"
    )
    cooking.add_argument("--keep", action="store_true", help="leave the server up for a look, until Ctrl-C")
    _add_serve_options(cooking, port=0)
    cooking.set_defaults(run=_cook)
    comparing = commands.add_parser("diff", help="what changed between two trees or snapshots")
    comparing.add_argument("old", type=_existing_file, metavar="OLD")
    comparing.add_argument("new", type=_existing_file, metavar="NEW")
    comparing.add_argument("--json", action="store_true", help="print the difference as JSON")
    comparing.set_defaults(run=_diff)
    return parser


def _add_serve_options(parser: argparse.ArgumentParser, port: int) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=port, help="0 for any free one (default %(default)s)")
    parser.add_argument("--dialect", choices=("documented", "deployed"), default="documented")
    parser.add_argument("--users", type=_users, default=[], metavar="FILE", help="a JSON list of accounts")
    parser.add_argument("--files", type=Path, metavar="DIR", help="keep uploaded bytes in this folder")
    parser.add_argument("--public-url", default="", metavar="URL", help="the address that clients are told")
    parser.add_argument("--seed", type=int, metavar="N", help="make ids and times repeatable")
    parser.add_argument("--max-journal", type=int, default=DEFAULT_LIMIT, metavar="N", help="requests to remember")
    parser.add_argument(
        "--snapshot", type=Path, metavar="FILE", help="load the state from here if it is there, and save it here"
    )
    parser.add_argument("--faults", type=_faults, default=[], metavar="FILE", help="a JSON list of faults")
    parser.add_argument(
        "--control-from-anywhere", action="store_true", help="let other machines use /_fake/ (they can do anything)"
    )
    parser.add_argument("--quiet", action="store_true", help="print no line for each request")


def _existing_file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text}")
    return path


def _users(text: str) -> List[User]:
    try:
        told = json.loads(Path(text).read_text(encoding="utf-8"))
        if not isinstance(told, list) or not told:
            raise ValueError("it must hold a list of users")
        return [telling.user_from(user, number) for number, user in enumerate(told, 1)]
    except (OSError, ValueError, Refusal) as error:
        raise argparse.ArgumentTypeError(f"{text}: {error}") from None


def _faults(text: str) -> List[Any]:
    try:
        told = json.loads(Path(text).read_text(encoding="utf-8"))
        if not isinstance(told, list):
            raise ValueError("it must hold a list of faults")
        Faults().add_all(told)
        return told
    except (OSError, ValueError, Refusal) as error:
        raise argparse.ArgumentTypeError(f"{text}: {error}") from None


def _server(options: argparse.Namespace) -> FakeStudio:
    fake = FakeStudio(
        host=options.host,
        port=options.port,
        dialect=options.dialect,
        users=options.users,
        files=options.files,
        public_url=options.public_url.rstrip("/"),
        seed=options.seed,
        max_journal=options.max_journal,
        faults=options.faults,
        snapshot=options.snapshot,
        control_from_anywhere=options.control_from_anywhere,
    )
    if not options.quiet and options.command == "serve":
        fake.studio.journal.listeners.append(_print_exchange)
    return fake


def _print_exchange(exchange: Exchange) -> None:
    cause = f" - {cause_of(exchange)}" if exchange.refusal else ""
    path = exchange.path.partition("?")[0]
    print(
        f"{exchange.status or '---'} {exchange.method} {path} {exchange.duration * 1000:.0f} ms{cause}", file=sys.stderr
    )


def _serve(options: argparse.Namespace) -> int:
    stopped = _stop_on_signals()
    with _server(options) as fake:
        _print_address(fake)
        stopped.wait()
    return 0


def _stop_on_signals() -> threading.Event:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    return stopped


def _print_address(fake: FakeStudio) -> None:
    print(f"STUDIO_URL={fake.url}\nTOKEN={fake.token}", flush=True)


def _cook(options: argparse.Namespace) -> int:
    if options.try_faults:
        return _try_faults(options)
    with _server(options) as fake:
        _print_address(fake)
        chef = Chef(options.chef, options.chef_arguments, options.python)
        cooked = cook(fake, chef, say=lambda line: print(f"  | {line}", flush=True)).tell_studio()
        if options.publish:
            publish_all(fake.studio)
        report = cooked.report(allow=options.allow, strict=options.strict)
        _print_report(report, cooked, options)
        for line in import_lines(report, fake.url):
            print(line)
        if options.keep:
            print(f"The Studio is still there: {fake.url} (Ctrl-C to stop)", flush=True)
            _stop_on_signals().wait()
    return 0 if report.ok else 1


def _try_faults(options: argparse.Namespace) -> int:
    """Exit code 1 if something was lost and neither the exit code nor the chef's output told of it."""
    chef = Chef(options.chef, options.chef_arguments, options.python)
    conducts = try_faults(
        chef,
        say=lambda name: print(f"  {name}", flush=True),
        dialect=options.dialect,
        users=options.users,
        seed=options.seed,
    )
    print("\n".join(table(conducts)))
    return int(any(conduct.verdict == UNNOTICED for conduct in conducts))


def _print_report(report: Report, cooked: Cooked, options: argparse.Namespace) -> None:
    print(f"The chef ran {cooked.seconds:.1f} s in {cooked.folder} and ended with exit code {cooked.exit_code}.")
    if not cooked.declared:
        print("It left no tree in chefdata/trees: what it meant to send is not known, and was not compared.")
    for line in lines(report, colours=sys.stdout.isatty() and "NO_COLOR" not in os.environ):
        print(line)
    if options.json:
        options.json.write_text(json.dumps(report.told(), indent=2) + "\n", encoding="utf-8")
    if options.junit:
        options.junit.write_text(junit(report, options.chef.name), encoding="utf-8")


def _diff(options: argparse.Namespace) -> int:
    """Exit code 0 if the trees are the same, 1 if not, 2 if a file cannot be read: as diff has it."""
    try:
        old, new = load_trees(options.old), load_trees(options.new)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if len(old) == len(new) == 1:
        new = dict(zip(old, new.values()))  # two files of one channel each are compared whatever their ids
    nothing: dict[str, Any] = {"children": []}
    found = {key: difference(old.get(key, nothing), new.get(key, nothing)) for key in {**old, **new}}
    if options.json:
        print(json.dumps({key: each.told() for key, each in found.items()}, indent=2))
    else:
        print("\n".join(f"Channel {key}\n{each}" if len(found) > 1 else str(each) for key, each in found.items()))
    return 0 if all(each.empty for each in found.values()) else 1
