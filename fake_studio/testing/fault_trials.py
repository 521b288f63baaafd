"""A chef's conduct under faults: it is run once without any, and once for each preset.

What counts is not that a chef survives everything, but that nothing is lost without a word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Callable

from fake_studio.cooking.subprocess_chef import Chef, ChefResult, Limits, cook, last_line, strip_colours
from fake_studio.core.model import Channel
from fake_studio.core.trees import newest
from fake_studio.core.visible_text import harmless
from fake_studio.faults import PRESETS, FaultRegistry
from fake_studio.findings.declared import entries_of
from fake_studio.server import FakeStudio
from fake_studio.studio import Studio

NO_FAULT = "(no fault)"
NOTHING_LOST, LOUD, ONLY_LOGGED, UNNOTICED, NOT_MET = "nothing lost", "failed", "only logged", "UNNOTICED", "not met"
HEADINGS = ("preset", "result", "exit", "nodes lost", "files lost", "requests", "seconds", "what the chef said")

_COMPLAINTS = re.compile(
    r"\b(\w*error|warning|critical|\w*exception|fail(ed|s|ure)?|could not|cannot|unable|rejected|refused|no longer)\b",
    re.IGNORECASE,
)
SAID_LENGTH = 100


@dataclass(frozen=True)
class FaultTrialResult:
    """How a chef did under one preset.

    ``noticed``: the exit code is not 0, or the output complains of something; ``said`` is that line. ``lost_nodes``
    are paths of titles, ``lost_files`` names in storage: what the chef declared and Studio does not have whole.
    ``unfinished`` says what the channel did not reach. ``fired`` counts the requests that the fault was applied to.
    """

    preset: str
    exit_code: int
    noticed: bool
    said: str
    fired: int
    requests: int
    seconds: float
    lost_nodes: list[str] = field(default_factory=list)
    lost_files: list[str] = field(default_factory=list)
    unfinished: str | None = None

    @property
    def lost(self) -> bool:
        """Whether anything is not where the chef meant it to be."""
        return bool(self.lost_nodes or self.lost_files or self.unfinished)

    @property
    def verdict(self) -> str:
        """In two words: was anything lost, and who would notice?"""
        if not self.fired and self.preset != NO_FAULT:
            return NOT_MET
        if self.exit_code:
            return LOUD
        if not self.lost:
            return NOTHING_LOST
        return ONLY_LOGGED if self.noticed else UNNOTICED

    @property
    def ok(self) -> bool:
        """Whether a program that looks at the exit code alone is not deceived."""
        return self.exit_code != 0 or not self.lost

    def to_dict(self) -> dict[str, Any]:
        """The fields, with ``verdict`` and ``ok``. ``seconds`` is how long the chef ran."""
        return {**asdict(self), "verdict": self.verdict, "ok": self.ok}


def try_faults(
    chef: Chef,
    presets: Sequence[str] = tuple(PRESETS),
    *,
    limits: Limits | None = None,
    on_progress: Callable[[str], None] = lambda line: None,
    **studio: Any,
) -> list[FaultTrialResult]:
    """Run a chef without a fault and then under each preset, each time against a fresh FakeStudio(**studio).

    Ends after the first run if the chef fails by itself. Each run is within ``limits``.
    ``on_progress`` gets the name of each preset. Raises FaultInvalid for an unknown one.
    """
    _check(presets)
    trial = _FaultTrial(chef, limits, studio)
    on_progress(NO_FAULT)
    conducts = [trial.run(None)]
    if conducts[0].exit_code:
        return conducts
    for preset in presets:
        on_progress(preset)
        conducts.append(trial.run(preset))
    return conducts


def _check(presets: Sequence[str]) -> None:
    faults = FaultRegistry()
    for preset in presets:
        faults.add_preset(preset)


class _FaultTrial:
    """The runs of one chef. The first one says what the chef declares, and what it always prints."""

    def __init__(self, chef: Chef, limits: Limits | None, studio: dict[str, Any]) -> None:
        self._chef = chef
        self._limits = limits
        self._studio = studio
        self._declared: dict[str, Any] = {}
        self._usual: Collection[str] = ()

    def run(self, preset: str | None) -> FaultTrialResult:
        with FakeStudio(**self._studio) as fake:
            if preset:
                fake.studio.faults.add_preset(preset)
            cooked = cook(fake, self._chef, self._limits)
            if not preset:
                self._declared = next(iter(cooked.declared), {})
                self._usual = set(strip_colours(cooked.output))
            return self._conduct(preset or NO_FAULT, cooked, fake.studio)

    def _conduct(self, preset: str, cooked: ChefResult, studio: Studio) -> FaultTrialResult:
        channel = studio.state.channels.get(str(self._declared.get("id")))
        complaint = self._complaint(cooked)
        return FaultTrialResult(
            preset=preset,
            exit_code=cooked.exit_code,
            noticed=bool(complaint),
            said=complaint,
            fired=sum(fault.fired for fault in studio.faults.list()),
            requests=len(studio.journal.entries()),
            seconds=round(cooked.seconds, 1),
            lost_nodes=_lost_nodes(self._declared, channel),
            lost_files=_lost_files(self._declared, studio),
            unfinished=_unfinished(channel),
        )

    def _complaint(self, cooked: ChefResult) -> str:
        """The line that tells of the failure: an exception's is the last, a log's the first."""
        if cooked.run.timeout is not None:
            return f"ended after {cooked.run.timeout:g} s"
        if cooked.exit_code:
            return last_line(cooked.output) or f"exit code {cooked.exit_code}"
        output = strip_colours(cooked.output)
        # What it prints without any fault is no complaint: ricecooker warns in every run.
        return next((line for line in output if line not in self._usual and _COMPLAINTS.search(line)), "")


def _lost_nodes(declared: dict[str, Any], channel: Channel | None) -> list[str]:
    root = newest(channel) if channel else None
    received = {node.node_id for node in root.descendants()} if root else set()
    return [entry.path for entry in entries_of(declared) if entry.declared.get("node_id") not in received]


def _lost_files(declared: dict[str, Any], studio: Studio) -> list[str]:
    files = (file for entry in entries_of(declared) for file in entry.declared.get("files") or [] if file)
    return [name for name in dict.fromkeys(file["filename"] for file in files) if not _is_whole(name, studio)]


def _is_whole(name: str, studio: Studio) -> bool:
    stored = studio.storage.get(name)
    return stored is not None and name.startswith(stored.md5)


def _unfinished(channel: Channel | None) -> str | None:
    if channel is None:
        return "no channel was created"
    if channel.run is None or channel.run.finished is None:
        return "the channel was not finished"
    if channel.publishing is not None:
        channel.publishing.done.result()
        return "the publish failed" if channel.publishing.state == "failed" else None
    return None


def table(conducts: Sequence[FaultTrialResult]) -> Iterator[str]:
    """The conducts as lines, columns side by side."""
    rows = [HEADINGS, *map(_row, conducts)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()


def _row(conduct: FaultTrialResult) -> Sequence[str]:
    losses = (str(len(lost) or "") for lost in (conduct.lost_nodes, conduct.lost_files))
    words = harmless(conduct.said)
    said = words if len(words) <= SAID_LENGTH else f"{words[:SAID_LENGTH]}..."
    reached = f"({conduct.unfinished}) " if conduct.unfinished else ""
    figures = (str(conduct.requests), f"{conduct.seconds:.1f}")
    return (conduct.preset, conduct.verdict, str(conduct.exit_code), *losses, *figures, f"{reached}{said}")
