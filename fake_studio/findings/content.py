"""What is wrong inside the files of a channel. Each content is looked at once, whoever refers to it, and remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from fake_studio.content.flaw import Flaw
from fake_studio.content.inspect import inspect_file
from fake_studio.core import values
from fake_studio.core.model import Channel, File, Node
from fake_studio.core.store import InspectionKey, Store
from fake_studio.core.trees import newest
from fake_studio.findings.examined import ExaminedTree, FilesOfNode
from fake_studio.findings.finding import Fault

_NAMED = 3  # files that a line names
_SAID_OF_THUMBNAILS = ("image-unreadable", "file-empty")  # by thumbnail-unreadable


def inspect_contents(store: Store, nodes: Iterable[tuple[Channel, Node]]) -> None:
    """Look into the files of these nodes that were not looked into yet.

    It takes long for large files, so call it before you take the Studio's lock, not under it.
    """
    for key, file in dict(_pending_files(store, nodes)).items():
        try:
            inspection = inspect_file(store.storage.path(key.md5), file.extension, entry=key.entry, preset=file.preset)
        except OSError:  # it was forgotten meanwhile: there is nothing to remember
            continue
        store.inspections[key] = inspection


def pending_nodes(store: Store, channels: Collection[Channel] | None = None) -> list[tuple[Channel, Node]]:
    """The nodes of the newest trees of which nothing is known that holds, of all channels if none are named.

    Hold the lock, and have what is kept refreshed.
    """
    pending = store.kept.remember("pending", None, lambda: list(_newest_nodes(store)))
    pending[:] = [(channel, node) for channel, node in pending if not store.kept.is_filled(node)]
    return [(channel, node) for channel, node in pending if channels is None or channel in channels]


def _newest_nodes(store: Store) -> Iterator[tuple[Channel, Node]]:
    for channel in store.state.channels.values():
        root = newest(channel)
        for node in root.iter_tree() if root else ():
            yield channel, node


def _pending_files(store: Store, nodes: Iterable[tuple[Channel, Node]]) -> Iterator[tuple[InspectionKey, File]]:
    for _, node in nodes:
        files_of_node = FilesOfNode(store, node)
        for file in node.all_files():
            key = files_of_node.inspection_key(file)
            if key is not None and key not in store.inspections:
                yield key, file


def find_content_faults(files: FilesOfNode, node: Node) -> Iterator[Fault]:
    """What is wrong inside the files of a node, as far as they were looked into."""
    for file in node.all_files():
        inspection = files.inspection_of(file)
        for flaw in inspection.flaws if inspection else ():
            if not (flaw.code in _SAID_OF_THUMBNAILS and _is_thumbnail(file)):
                yield flaw.code, _detail(file, flaw)
        for name in inspection.facts.get("siblings", ()) if inspection else ():
            if name not in {other.name for other in node.all_files()}:
                yield "archive-reference-missing", _detail(file, _lost_sibling(name))


def _lost_sibling(name: str) -> Flaw:
    reason = "which is not among the files of the node: it is missing in Kolibri"
    return Flaw("archive-reference-missing", f"A page asks for a part of another zip, {name}, {reason}.", name)


def _is_thumbnail(file: File) -> bool:
    preset = values.PRESETS.get(file.preset or "")
    return bool(preset and preset.thumbnail)


def _detail(file: File, flaw: Flaw) -> str:
    return f"{file.original_filename} ({file.name}): {flaw.message}"


def unchecked_in(files: FilesOfNode, node: Node) -> Iterator[tuple[str, str]]:
    """What could not be looked at in the files of a node: sentences, each with the file that it holds for."""
    for file in node.all_files():
        inspection = files.inspection_of(file)
        for sentence in inspection.unchecked if inspection else ():
            yield sentence, f"{file.original_filename} of {node.title!r:.80}"


def find_unchecked(examined: ExaminedTree) -> list[str]:
    """What could not be looked at: a sentence for each reason, with the files that it holds for."""
    names: dict[str, list[str]] = defaultdict(list)
    for examination in examined.examinations:
        for sentence, name in examination.unchecked:
            names[sentence].append(name)
    return [f"{sentence} ({_list_names(files)})" for sentence, files in names.items()]


def _list_names(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
