"""What is wrong inside the files of a channel. Each content is looked at once, whoever refers to it, and remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from fake_studio.content.flaw import Flaw, Inspection
from fake_studio.content.inspect import inspect_file
from fake_studio.core import values
from fake_studio.core.model import Channel, File, Node
from fake_studio.core.store import InspectionKey, Store
from fake_studio.core.trees import newest
from fake_studio.findings.finding import Finding, make_finding

_NAMED = 3  # files that a line names
_SAID_OF_THUMBNAILS = ("image-unreadable", "file-empty")  # by thumbnail-unreadable


def inspect_contents(store: Store, channels: Iterable[Channel] | None = None) -> None:
    """Look into the files of the newest trees that were not looked into yet.

    It takes long for large files, so call it before you take the Studio's lock, not under it. It takes the lock itself,
    to see which files there are.
    """
    with store.lock:
        files = dict(_pending(store, list(store.state.channels.values() if channels is None else channels)))
    for key, file in files.items():
        try:
            inspection = inspect_file(store.storage.path(key.md5), file.extension, entry=key.entry, preset=file.preset)
        except OSError:  # it was forgotten meanwhile: there is nothing to remember
            continue
        store.inspections[key] = inspection


def _pending(store: Store, channels: list[Channel]) -> Iterator[tuple[InspectionKey, File]]:
    for channel in channels:
        for node, file in _files_of(channel):
            key = _key(store, node, file)
            if key is not None and key not in store.inspections:
                yield key, file


def _files_of(channel: Channel) -> Iterator[tuple[Node, File]]:
    root = newest(channel)
    for node in root.iter_tree() if root else ():
        for file in node.all_files():
            yield node, file


def _key(store: Store, node: Node, file: File) -> InspectionKey | None:
    stored = store.storage.get(file.name)
    if stored is None:
        return None
    entry = node.options.get("entry") if isinstance(node.options, dict) else None
    return InspectionKey(stored.md5, file.extension, file.preset, entry if isinstance(entry, str) and entry else None)


def inspection_of(store: Store, node: Node, file: File) -> Inspection | None:
    """What was found in a node's file; None if it was never uploaded, or not looked into yet."""
    key = _key(store, node, file)
    inspection: Inspection | None = store.inspections.get(key) if key else None
    return inspection


def find_content_issues(store: Store, channel: Channel) -> Iterator[Finding]:
    """What is wrong inside the files of the newest tree, as far as they were looked into."""
    for node, file in _files_of(channel):
        inspection = inspection_of(store, node, file)
        for flaw in inspection.flaws if inspection else ():
            if not (flaw.code in _SAID_OF_THUMBNAILS and _is_thumbnail(file)):
                yield make_finding(flaw.code, channel, node, _detail(file, flaw))
        for name in inspection.facts.get("siblings", ()) if inspection else ():
            if name not in {other.name for other in node.all_files()}:
                yield make_finding("archive-reference-missing", channel, node, _detail(file, _lost_sibling(name)))


def _lost_sibling(name: str) -> Flaw:
    reason = "which is not among the files of the node: it is missing in Kolibri"
    return Flaw("archive-reference-missing", f"A page asks for a part of another zip, {name}, {reason}.", name)


def _is_thumbnail(file: File) -> bool:
    preset = values.PRESETS.get(file.preset or "")
    return bool(preset and preset.thumbnail)


def _detail(file: File, flaw: Flaw) -> str:
    return f"{file.original_filename} ({file.name}): {flaw.message}"


def find_unchecked(store: Store, channel: Channel) -> list[str]:
    """What could not be looked at: a sentence for each reason, with the files that it holds for."""
    names: dict[str, list[str]] = defaultdict(list)
    for node, file in _files_of(channel):
        inspection = inspection_of(store, node, file)
        for sentence in inspection.unchecked if inspection else ():
            names[sentence].append(f"{file.original_filename} of {node.title!r:.80}")
    return [f"{sentence} ({_listed(files)})" for sentence, files in names.items()]


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
