"""What cook does in GitHub Actions: no line of a chef's is a command there; then annotations, and a summary."""

from __future__ import annotations

import argparse
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fake_studio.reports.github import annotation_lines, summary
from fake_studio.reports.report import Report


def add_github_option(parser: argparse.ArgumentParser) -> None:
    """``--github`` and ``--no-github``."""
    parser.add_argument(
        "--github",
        action=argparse.BooleanOptionalAction,
        default=os.environ.get("GITHUB_ACTIONS") == "true",
        help="annotate the chef's file and write a step summary (default: in GitHub Actions)",
    )


@contextmanager
def commands_stopped(is_github: bool) -> Iterator[None]:
    """What is printed meanwhile is text to GitHub's runner: a title that reads ``::error::`` is only a title."""
    if not is_github:
        yield
        return
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", flush=True)
    try:
        yield
    finally:
        print(f"::{token}::", flush=True)


def tell_github(report: Report, chef: Path) -> None:
    """Print the annotations, and append to the step's summary, if there is one."""
    source = chef.read_text(encoding="utf-8", errors="replace")
    for line in annotation_lines(report, _path_in_repository(chef), source):
        print(line, flush=True)
    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if target:
        with Path(target).open("a", encoding="utf-8") as file:
            file.write(summary(report, chef.name))


def _path_in_repository(chef: Path) -> str:
    root = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
    path = chef.resolve()
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()
