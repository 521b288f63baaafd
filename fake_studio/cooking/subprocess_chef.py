"""Running a chef against a fake Studio: as a subprocess, in a folder of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Protocol

from fake_studio.findings import declared
from fake_studio.findings.declared import store_losses
from fake_studio.reports.report import Report
from fake_studio.reports.text import failure_reasons, format_report

Say = Callable[[str], None]
_COLOURS = re.compile(r"\x1b\[[\d;]*m")


class ChefTarget(Protocol):
    """Where a chef can be cooked: a Studio's address and a token for it."""

    @property
    def url(self) -> str: ...

    @property
    def token(self) -> str: ...


@dataclass(frozen=True)
class ChefResult:
    """How a chef's run went. ``folder`` is where it worked and left its storage, logs and tree files.

    ``error`` is the exception that ended a chef that was run in this process.
    """

    fake: Any
    exit_code: int
    seconds: float
    folder: Path
    output: list[str] = field(default_factory=list)
    error: BaseException | None = None

    @property
    def declared(self) -> list[declared.Declared]:
        """The tree that the chef meant to send; none if it left no tree file."""
        path = declared.tree_file(self.folder)
        return [declared.read_tree_file(path)] if path else []

    @property
    def problems(self) -> list[str]:
        """What is wrong with the run itself."""
        problems = []
        if self.error is not None:
            problems.append(f"The chef failed: {type(self.error).__name__}: {self.error}")
        elif self.exit_code:
            problems.append(
                f"The chef ended with exit code {self.exit_code}: {last_line(self.output) or 'it printed nothing'}"
            )
        if not self.fake.studio.state.channels:
            problems.append("The chef created no channel.")
        return problems

    def report(self, *, allow: Collection[str] = (), strict: bool = False) -> Report:
        """What arrived beside what was declared, what was refused, what deserves a look.

        Waits until what the chef asked to publish is published: chefs do not.
        """
        for channel in list(self.fake.studio.state.channels.values()):
            if channel.publishing is not None:
                channel.publishing.done.result()
        report: Report = self.fake.studio.report(
            declared=self.declared,
            allow=allow,
            strict=strict,
            problems=self.problems,
            failed_files=declared.parse_failed_files(self.output),
        )
        return report

    @property
    def ok(self) -> bool:
        """Whether the chef succeeded, everything arrived, nothing was refused, and no finding is an error."""
        return self.report().ok

    def assert_ok(self, *, allow: Collection[str] = (), strict: bool = False) -> None:
        """Fail unless the run was ok: the first lines name the node and the cause, the rest is the whole report."""
        __tracebackhide__ = True
        report = self.report(allow=allow, strict=strict)
        if not report.ok:
            raise AssertionError("\n".join([*failure_reasons(report), *format_report(report)]))


def attach_declared(cooked: ChefResult) -> ChefResult:
    """Let the Studio know what its chef meant to send, so that its pages and its report show what never arrived."""
    with suppress(ValueError):  # a tree file that was cut short: ``report`` raises that
        store_losses(cooked.fake.studio, cooked.declared, declared.parse_failed_files(cooked.output))
    return cooked


def last_line(output: Sequence[str]) -> str:
    """The line with which a chef ended, an exception's as a rule. Empty if it printed nothing.

    ricecooker tidies up after an exception and says so: what is merely logged as information comes second.
    """
    lines = [line for line in strip_colours(output) if line]
    return next((line for line in reversed(lines) if not line.startswith("INFO ")), lines[-1] if lines else "")


def strip_colours(output: Sequence[str]) -> list[str]:
    """Lines without colours and without space to spare."""
    return [" ".join(_COLOURS.sub("", line).split()) for line in output]


@dataclass(frozen=True)
class Chef:
    """A chef's file, the arguments for it, and the Python (and so the ricecooker) to run it with."""

    path: Path
    arguments: Sequence[str] = ()
    python: str = sys.executable


def cook(fake: ChefTarget, chef: Chef, *, folder: Path | None = None, on_line: Say = lambda line: None) -> ChefResult:
    """Run a chef against a running fake; ``say`` gets each line that it prints.

    The chef inherits our environment. Raises OSError if its Python cannot be started.
    """
    folder = folder or Path(tempfile.mkdtemp(prefix="fake-studio-chef-"))
    began = time.monotonic()
    exit_code, output = run_command(_command(fake, chef), fake.url, fake.token, folder, on_line)
    return ChefResult(fake, exit_code, time.monotonic() - began, folder, output)


def run_command(command: Sequence[str], url: str, token: str, folder: Path, on_line: Say) -> tuple[int, list[str]]:
    """Run what talks to a Studio, in a folder; returns its exit code and the lines that it printed.

    It inherits our environment. Raises OSError if it cannot be started.
    """
    output: list[str] = []
    with subprocess.Popen(
        command,
        cwd=folder,
        env=_environment(url, token),
        stdin=subprocess.DEVNULL,  # ricecooker asks questions of old versions: nobody is there to answer
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            output.append(line.rstrip("\n"))
            on_line(output[-1])
    return process.returncode, output


def _command(fake: ChefTarget, chef: Chef) -> list[str]:
    has_token = any(argument.startswith("--token") for argument in chef.arguments)
    token = [] if has_token else [f"--token={fake.token}"]
    return [_program(chef.python), str(chef.path.resolve()), *token, *chef.arguments]


def _program(python: str) -> str:
    """A path is meant from where we are, not from the chef's folder. Links stay: a venv's Python is one."""
    # Not os.sep: on Windows either slash makes a path.
    return python if Path(python).name == python else str(Path(python).absolute())


def _environment(url: str, token: str) -> dict[str, str]:
    # Old chefs know only the second name.
    variables = {"STUDIO_URL": url, "CONTENTWORKSHOP_URL": url, "STUDIO_TOKEN": token, "PYTHONUNBUFFERED": "1"}
    return {**os.environ, **variables}
