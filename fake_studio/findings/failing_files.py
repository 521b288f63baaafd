"""What is wrong with a file at which a chef ended: ricecooker's exception rarely names it, and never says why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath

from fake_studio.content.inspect import inspect_file
from fake_studio.core.chef_run import ChefRun
from fake_studio.findings.chef_log import failed_downloads, kept_downloads
from fake_studio.findings.codes import CODES


def find_file_fault(run: ChefRun) -> tuple[str, str] | None:
    """What is wrong with the files of the nodes that ended a run, and the fix; None where nothing is seen."""
    return next(_faults(run), None)


def _faults(run: ChefRun) -> Iterator[tuple[str, str]]:
    kept, failed = kept_downloads(run.output), failed_downloads(run.output)
    for failure in run.node_failures:
        for path in failure.files:
            if path in failure.missing:
                yield f"{path} does not exist.", "Check the path: it is relative to the folder in which the chef works."
            elif path in failed:
                yield (
                    f"{path} could not be downloaded{failed[path]}.",
                    "Check the address, and that its server answers.",
                )
            else:
                yield from _flaws(path, Path(kept.get(path, path)))


def _flaws(name: str, path: Path) -> Iterator[tuple[str, str]]:
    try:
        inspection = inspect_file(path, path.suffix[1:].lower())
    except (OSError, ValueError):  # it is no path, or the chef has cleaned up
        return
    for flaw in inspection.flaws:
        yield f"{PurePath(name).name or name}: {flaw.message}", CODES[flaw.code].cure
