"""fake-studio cook: run a chef against a fresh Studio, and report what arrived."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from fake_studio.cli.github import add_github_option, commands_stopped, tell_github
from fake_studio.cli.options import (
    add_server_options,
    existing_file,
    existing_folder,
    finding_code,
    new_file,
    print_address,
    print_chef_line,
    seconds,
    server,
    stop_on_signals,
    trees_of_file,
)
from fake_studio.cli.signals import end_on_signals
from fake_studio.cooking import subprocess_chef
from fake_studio.cooking.stragglers import orphans_adopted
from fake_studio.core.json_text import to_json
from fake_studio.core.visible_text import harmless
from fake_studio.reports.junit import junit
from fake_studio.reports.report import Report
from fake_studio.reports.text import format_report, import_lines
from fake_studio.testing.fault_trials import UNNOTICED, table, try_faults

if TYPE_CHECKING:
    from fake_studio.cli.options import Commands


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("cook", help="run a chef against a fresh Studio and report what arrived")
    parser.add_argument("chef", type=existing_file, metavar="CHEF.py", help="the chef; put its own arguments after --")
    _add_run_options(parser)
    _add_report_options(parser)
    parser.add_argument("--keep", action="store_true", help="keep the server running for review, until Ctrl-C")
    add_server_options(parser, port=0)
    parser.set_defaults(run=_cook)


def _add_run_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--python", default=sys.executable, help="the Python (and ricecooker) to run the chef with")
    parser.add_argument(
        "--timeout", type=seconds, metavar="SECONDS", help="end the chef and its children after this time"
    )
    parser.add_argument(
        "--folder", type=existing_folder, metavar="DIR", help="work in this folder, not in the chef's own"
    )
    parser.add_argument(
        "--publish",
        action="store_true",
        help="deploy and publish what arrived, and print the import commands",
    )
    parser.add_argument(
        "--try-faults",
        action="store_true",
        help="run the chef once per fault preset: which failures go unnoticed?",
    )


def _add_report_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", type=new_file, metavar="FILE", help="write the report as JSON")
    parser.add_argument("--junit", type=new_file, metavar="FILE", help="write the report as JUnit XML")
    add_github_option(parser)
    parser.add_argument(
        "--against", type=trees_of_file, metavar="FILE", help="compare with a snapshot, a tree or a published database"
    )
    parser.add_argument(
        "--allow", action="append", default=[], type=finding_code, metavar="CODE", help="ignore findings with this code"
    )
    parser.add_argument("--strict", action="store_true", help="fail on warnings too")


def _cook(options: argparse.Namespace) -> int:
    with end_on_signals(), orphans_adopted():
        if options.try_faults:
            return _try_faults(options)
        with server(options) as fake:
            print_address(fake)
            with commands_stopped(options.github):
                cooked = subprocess_chef.cook(fake, _chef(options), _limits(options), on_line=print_chef_line)
                subprocess_chef.attach_declared(cooked)
                if options.publish:
                    fake.studio.publish_all()
                report = cooked.report(allow=options.allow, strict=options.strict, against=options.against)
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
        print(harmless(line))


def _chef(options: argparse.Namespace) -> subprocess_chef.Chef:
    return subprocess_chef.Chef(options.chef, options.others, options.python)


def _limits(options: argparse.Namespace) -> subprocess_chef.Limits:
    return subprocess_chef.Limits(options.timeout, options.folder, is_compared=True)


def _try_faults(options: argparse.Namespace) -> int:
    """Exit code 1 if something was lost and neither the exit code nor the chef's output told of it."""
    conducts = try_faults(
        _chef(options),
        limits=subprocess_chef.Limits(options.timeout, options.folder),
        on_progress=lambda name: print(f"  {name}", flush=True),
        dialect=options.dialect,
        users=options.users,
        seed=options.seed,
    )
    print("\n".join(table(conducts)))
    return int(any(conduct.verdict == UNNOTICED for conduct in conducts))


def _print_report(report: Report, cooked: subprocess_chef.ChefResult, options: argparse.Namespace) -> None:
    print(f"The chef ran {cooked.seconds:.1f} s in {cooked.run.folder} and ended with exit code {cooked.exit_code}.")
    if cooked.run.folder != str(cooked.folder):
        print(f"Its storage, logs and tree are in {cooked.folder}.")
    if not cooked.declared:
        print("The chef stopped before writing its tree, so declared and received content cannot be compared.")
    for line in format_report(report, colours=sys.stdout.isatty() and "NO_COLOR" not in os.environ):
        print(line)
    if options.json:
        options.json.write_text(to_json(report.to_dict(), indent=2) + "\n", encoding="utf-8")
    if options.junit:
        options.junit.write_text(junit(report, options.chef.name, cooked.seconds), encoding="utf-8")
