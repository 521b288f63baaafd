"""fake-studio cook: run a chef against a fresh Studio, and report what arrived."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fake_studio.cli.github import add_github_option, commands_stopped, tell_github
from fake_studio.cli.options import add_server_options, existing_file, print_address, server, stop_on_signals
from fake_studio.cooking import subprocess_chef
from fake_studio.reports.junit import junit
from fake_studio.reports.report import Report
from fake_studio.reports.text import format_report, import_lines
from fake_studio.testing.fault_trials import UNNOTICED, table, try_faults

if TYPE_CHECKING:
    from fake_studio.cli.options import Commands


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("cook", help="run a chef against a fresh Studio and report what arrived")
    parser.add_argument("chef", type=existing_file, metavar="CHEF.py")
    parser.add_argument("--python", default=sys.executable, help="the Python (and ricecooker) to run the chef with")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report as JSON")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write the report as JUnit XML")
    add_github_option(parser)
    parser.add_argument("--allow", action="append", default=[], metavar="CODE", help="ignore findings with this code")
    parser.add_argument("--strict", action="store_true", help="fail on warnings too")
    parser.add_argument(
        "--publish", action="store_true", help="deploy and publish what arrived, and say how to import it into Kolibri"
    )
    parser.add_argument(
        "--try-faults", action="store_true", help="run the chef once per preset of faults: which failures go unnoticed?"
    )
    parser.add_argument("--keep", action="store_true", help="leave the server up for a look, until Ctrl-C")
    add_server_options(parser, port=0)
    parser.set_defaults(run=_cook)


def _cook(options: argparse.Namespace) -> int:
    if options.try_faults:
        return _try_faults(options)
    with server(options) as fake:
        print_address(fake)
        with commands_stopped(options.github):
            cooked = subprocess_chef.cook(fake, _chef(options), on_line=lambda line: print(f"  | {line}", flush=True))
            subprocess_chef.attach_declared(cooked)
            if options.publish:
                fake.studio.publish_all()
            report = cooked.report(allow=options.allow, strict=options.strict)
            _print_report(report, cooked, options)
            _print_published(report, fake.url, is_kept=options.keep)
        if options.github:
            tell_github(report, options.chef)
        if options.keep:
            print(f"The Studio is still there: {fake.url} (Ctrl-C to stop)", flush=True)
            stop_on_signals().wait()
    return 0 if report.ok else 1


def _print_published(report: Report, url: str, *, is_kept: bool) -> None:
    """How to import what was published; of a Studio that is gone in a moment, nothing can be imported."""
    lines = list(import_lines(report, url))
    if lines and not is_kept:
        lines = ["Published. To import it into a Kolibri, run the same with --keep: this Studio ends now."]
    for line in lines:
        print(line)


def _chef(options: argparse.Namespace) -> subprocess_chef.Chef:
    return subprocess_chef.Chef(options.chef, options.others, options.python)


def _try_faults(options: argparse.Namespace) -> int:
    """Exit code 1 if something was lost and neither the exit code nor the chef's output told of it."""
    conducts = try_faults(
        _chef(options),
        say=lambda name: print(f"  {name}", flush=True),
        dialect=options.dialect,
        users=options.users,
        seed=options.seed,
    )
    print("\n".join(table(conducts)))
    return int(any(conduct.verdict == UNNOTICED for conduct in conducts))


def _print_report(report: Report, cooked: subprocess_chef.ChefResult, options: argparse.Namespace) -> None:
    print(f"The chef ran {cooked.seconds:.1f} s in {cooked.folder} and ended with exit code {cooked.exit_code}.")
    if not cooked.declared:
        print("It left no tree in chefdata/trees: what it meant to send is not known, and was not compared.")
    for line in format_report(report, colours=sys.stdout.isatty() and "NO_COLOR" not in os.environ):
        print(line)
    if options.json:
        options.json.write_text(json.dumps(report.to_dict(), indent=2) + "\n", encoding="utf-8")
    if options.junit:
        options.junit.write_text(junit(report, options.chef.name, cooked.seconds), encoding="utf-8")
