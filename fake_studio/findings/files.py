"""What is odd about files: lost ones, unused ones, and bytes that are not what their name says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fake_studio.core import values
from fake_studio.core.images import image_fault
from fake_studio.core.model import Channel, File, Node
from fake_studio.core.storage import Storage
from fake_studio.core.store import Store
from fake_studio.findings.examined import ExaminedTree, FilesOfNode
from fake_studio.findings.finding import Fault, Finding, make_finding
from fake_studio.findings.run import users_of_last_run
from fake_studio.rules.files import is_language


def find_file_faults(files: FilesOfNode, node: Node) -> Iterator[Fault]:
    """What is odd about the files of a node."""
    for file in node.all_files():
        yield from _byte_faults(files, file)
    if node.drops_files:
        yield from _find_dropped_files(node.sent)


def _byte_faults(files: FilesOfNode, file: File) -> Iterator[Fault]:
    stored = files.get(file.name)
    if stored is None:
        yield "file-never-uploaded", f"It is {file.name} ({file.original_filename})."
        return
    if file.checksum != stored.md5:
        yield "file-bytes-differ", f"{file.name} holds bytes with the md5 {stored.md5}."
    if file.size is not None and file.size != stored.size:
        yield "file-size-differs", f"{file.name}: {file.size} announced, {stored.size} stored."
    preset = values.PRESETS.get(file.preset or "")
    fault = image_fault(files.storage, file.name) if preset and preset.thumbnail else None
    if fault:
        yield "thumbnail-unreadable", f"{file.name}: {fault}."


def find_channel_issues(store: Store, examined: ExaminedTree) -> Iterator[Finding]:
    """What is odd about the channel's thumbnail, and the files that no node uses."""
    yield from _channel_thumbnail(store.storage, examined.channel)
    yield from _find_unused_files(store, examined.channel)


def _channel_thumbnail(storage: Storage, channel: Channel) -> Iterator[Finding]:
    if not channel.thumbnail:
        yield make_finding("channel-thumbnail-missing", channel)
    elif not storage.has(channel.thumbnail) and not channel.thumbnail.startswith("data:"):
        yield make_finding("channel-thumbnail-lost", channel, detail=f"It is {channel.thumbnail}.")


def _find_dropped_files(sent: dict[str, Any]) -> Iterator[Fault]:
    """Studio drops a file whose language it does not know, and the rest of the node's files with it."""
    entries = [entry for entry in sent.get("files") or [] if isinstance(entry, dict)]
    unknown = [n for n, entry in enumerate(entries) if not is_language(entry.get("language"))]
    for entry in entries[unknown[0] :] if unknown else ():
        yield "file-language-unknown", f"{entry.get('filename')}: {entry.get('language')!r}."


def _find_unused_files(store: Store, channel: Channel) -> Iterator[Finding]:
    """An unused file is put down to the last run of whoever uploaded it."""
    cooks = users_of_last_run(store, channel)
    used = _used_names(store) if cooks else ()
    for stored in store.storage.all() if cooks else ():
        if stored.uploaded_by in cooks and stored.name not in used:
            yield make_finding("file-never-used", channel, detail=f"It is {stored.name} ({stored.size} bytes).")


def _used_names(store: Store) -> set[str]:
    """The files of all nodes, and of the tree before the run: a removed node's file is no lost one."""
    channels = store.state.channels.values()
    names = {channel.thumbnail or "" for channel in channels}
    earlier = [channel.run.earlier for channel in channels if channel.run and channel.run.earlier]
    nodes = [*store.state.nodes.values(), *(node for root in earlier for node in root.iter_tree())]
    return names | {file.name for node in nodes for file in node.all_files()}
