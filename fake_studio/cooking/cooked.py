"""What a chef's run came to: how it ended, what it meant to send, and the report on what arrived."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from fake_studio.core.chef_run import ChefRun
from fake_studio.findings.declared import Declared, FailedFile, store_losses
from fake_studio.findings.failing_files import read_failed_files
from fake_studio.reports.against import EarlierTrees
from fake_studio.reports.chef_end import find_ending_cause
from fake_studio.reports.report import Report, refused_exchanges
from fake_studio.reports.text import failure_reasons, format_report


class ChefTarget(Protocol):
    """Where a chef can be cooked: a Studio's address and a token for it."""

    @property
    def url(self) -> str: ...

    @property
    def token(self) -> str: ...


@dataclass(frozen=True)
class ChefResult:
    """How a chef's run went. ``folder`` is where ricecooker left its storage, logs and tree files.

    ``error`` is the exception that ended a chef that was run in this process, ``run`` all that is known of the run.
    ``declared`` is the tree that the chef meant to send, none if it left no tree file; ``earlier`` are those of its
    last runs.
    """

    fake: Any
    exit_code: int
    seconds: float
    folder: Path
    output: list[str] = field(default_factory=list)
    error: BaseException | None = None
    run: ChefRun = field(default_factory=ChefRun)
    declared: list[Declared] = field(default_factory=list)
    earlier: list[Declared] = field(default_factory=list)

    @cached_property
    def _failed_files(self) -> list[FailedFile]:
        """What ricecooker could not get. Read once: each is opened, to see what is wrong inside."""
        return read_failed_files(self.output)

    @property
    def problems(self) -> list[str]:
        """What is wrong with the run itself."""
        return self.report().problems

    def report(
        self, *, allow: Collection[str] = (), strict: bool = False, against: dict[str, Declared] | None = None
    ) -> Report:
        """What arrived beside what was declared, what was refused, what deserves a look.

        Waits until what the chef asked to publish is published: chefs do not. ``against`` are earlier trees by their
        channels' ids, to compare with.
        """
        for channel in list(self.fake.studio.state.channels.values()):
            if channel.publishing is not None:
                channel.publishing.done.result()
        earlier = {str(tree.get("id") or tree.get("node_id")): tree for tree in reversed(self.earlier)}
        report: Report = self.fake.studio.report(
            declared=self.declared,
            allow=allow,
            strict=strict,
            failed_files=self._failed_files,
            run=self.run,
            earlier=EarlierTrees(against, is_chosen=True) if against else EarlierTrees(earlier),
        )
        return report

    @property
    def ok(self) -> bool:
        """Whether the chef succeeded, everything arrived, nothing was refused, and no finding is an error."""
        return self.report().ok

    def assert_ok(self, *, allow: Collection[str] = (), strict: bool = False) -> None:
        """Fail unless the run was ok: the first lines name the cause and the node, the rest is the whole report."""
        __tracebackhide__ = True
        report = self.report(allow=allow, strict=strict)
        if not report.ok:
            raise AssertionError("\n".join([*failure_reasons(report), *format_report(report)]))


def attach_declared(cooked: ChefResult) -> ChefResult:
    """Let the Studio know how its chef ended and what it meant to send, so that its pages can say so."""
    studio = cooked.fake.studio
    studio.remember_run(cooked.run)
    with suppress(ValueError):
        ended_by = find_ending_cause(studio, cooked.run, refused_exchanges(studio))
        store_losses(studio, cooked.declared, cooked._failed_files, cooked.run, ended_by)
    return cooked
