"""What is wrong with a file that a chef could not use: ricecooker rarely names it, and never says why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from fake_studio.content.inspect import inspect_file
from fake_studio.core.chef_run import ChefRun
from fake_studio.findings.chef_log import failed_downloads, kept_downloads
from fake_studio.findings.codes import CODES
from fake_studio.findings.failed_files import FailedFile, parse_failed_files

_LOOKED_INTO = 50  # failed files of one run
_TAIL = 64 * 1024  # bytes in which a PDF says whether it is encrypted
_ADDRESS_FIX = "Check the address, and that its server answers."
_POPPLER_FIX = "Install poppler: ricecooker makes thumbnails of PDFs with it. Or run the chef without --thumbnails."


def find_file_fault(run: ChefRun) -> tuple[str, str] | None:
    """What is wrong with the files of the nodes that ended a run, and the fix; None where nothing is seen."""
    return next(_faults(run), None)


def read_failed_files(output: Sequence[str]) -> list[FailedFile]:
    """The files that a chef's output says it could not get, with what is wrong inside them and how to fix it."""
    kept = kept_downloads(output)
    files = parse_failed_files(output)
    return [_explain(file, kept) for file in files[:_LOOKED_INTO]] + files[_LOOKED_INTO:]


def _explain(file: FailedFile, kept: dict[str, str]) -> FailedFile:
    if file.is_of_poppler:
        return replace(file, flaw="ricecooker made no thumbnail, because poppler is not installed.", fix=_POPPLER_FIX)
    flaw, fix = next(_flaws(Path(kept.get(file.path, file.path))), ("", ""))
    return replace(file, flaw=flaw, fix=fix or (_ADDRESS_FIX if file.is_address else ""))


def _faults(run: ChefRun) -> Iterator[tuple[str, str]]:
    kept, failed = kept_downloads(run.output), failed_downloads(run.output)
    for failure in run.node_failures:
        for path in failure.files:
            if path in failure.missing:
                yield f"{path} does not exist.", "Check the path: it is relative to the folder in which the chef works."
            elif path in failed:
                yield f"{path} could not be downloaded{failed[path]}.", _ADDRESS_FIX
            else:
                for flaw, fix in _flaws(Path(kept.get(path, path))):
                    yield f"{PurePath(path).name or path}: {flaw}", fix


def _flaws(path: Path) -> Iterator[tuple[str, str]]:
    """What is wrong inside a file, and the fix."""
    try:
        inspection = inspect_file(path, path.suffix[1:].lower())
        is_protected = path.suffix.lower() == ".pdf" and b"/Encrypt" in _tail(path)
    except (OSError, ValueError):  # it is no path, or the chef has cleaned up
        return
    for flaw in inspection.flaws:
        yield flaw.message, CODES[flaw.code].cure
    if is_protected:  # by an owner's password: viewers open it all the same
        yield "The PDF is encrypted, and ricecooker cannot read it.", CODES["document-locked"].cure


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        return file.read()
