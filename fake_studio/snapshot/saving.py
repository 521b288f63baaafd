"""From the state to JSON, and from there to disk. What is told of each thing is what its dataclass has."""

from __future__ import annotations

import base64
import json
import os
import shutil
import tempfile
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Iterator, Optional

from fake_studio.files import Storage, Stored
from fake_studio.model import Channel, Node, Run

if TYPE_CHECKING:
    from fake_studio.studio import Studio

FORMAT = 1
SMALL = 4096  # bytes up to which a file is embedded
_ELSEWHERE = ("parent", "children", "trees", "run", "publishing", "published_versions")

Data = Dict[str, Any]


def dump(studio: Studio, *, embed: Optional[int] = None) -> Data:
    """The state as plain data, with the bytes of files up to ``embed`` in it; of all files without."""
    with studio.lock:
        state = studio.state
        numbers, moments = state.ids.made
        return {
            "format": FORMAT,
            "ids": {"numbers": numbers, "moments": moments},
            "users": [plain(user) for user in state.users.values()],
            "channels": [_channel(channel, embed) for channel in state.channels.values()],
            "announced": [plain(file) for _, files in sorted(state.announced.items()) for file in files],
            "files": [_stored(studio.storage, stored, embed) for stored in studio.storage.all()],
        }


def plain(value: Any) -> Any:
    """A dataclass as a dict of its fields, and what is in it likewise."""
    if is_dataclass(value):
        told = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {name: plain(each) for name, each in told if name not in _ELSEWHERE}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value


def _channel(channel: Channel, embed: Optional[int]) -> Data:
    told: Data = plain(channel)
    told["trees"] = {name: root and [_node(node) for node in root.family()] for name, root in channel.trees.items()}
    told["run"] = channel.run and _run(channel.run)
    told["publishing"] = channel.publishing and channel.publishing.told()
    editions = channel.published_versions.items()
    told["published_versions"] = {str(number): _edition(edition, embed) for number, edition in editions}
    return told


def _node(node: Node) -> Data:
    return {**plain(node), "parent": node.parent and node.parent.id}


def _run(run: Run) -> Data:
    return {
        **plain(run),
        "overwritten": [list(each) for each in run.overwritten],
        "skipped": [node.id for node in run.skipped],
        "cut_short": [[node.id for node in chunk] for chunk in run.cut_short],
    }


def _edition(edition: Data, embed: Optional[int]) -> Data:
    path = Path(edition["database"])
    return {**edition, "database": path.name, "content": _embedded(path, path.stat().st_size, embed)}


def _stored(storage: Storage, stored: Stored, embed: Optional[int]) -> Data:
    return {**plain(stored), "content": _embedded(storage.path(stored.md5), stored.size, embed)}


def _embedded(path: Path, size: int, embed: Optional[int]) -> Optional[str]:
    if embed is not None and size > embed:
        return None
    return base64.b64encode(path.read_bytes()).decode("ascii")


def text(data: Data) -> str:
    """A snapshot as JSON: sorted, indented, one line a value, so that two of them can be compared line by line."""
    return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def save(studio: Studio, path: Path, embed: int = SMALL) -> None:
    """Write the state to a file, and the bytes of larger files to the folder beside it.

    Whatever happens on the way, the file is the old snapshot or the new one, whole, with all that it needs: new files
    come before it, and old ones go only after it.
    """
    folder = folder_of(path)
    with studio.lock:
        data = dump(studio, embed=embed)
        needed = {source.name: source for source in _sources(studio, data)}
        for name, source in needed.items():
            _link(source, folder / name)
    _replace(path, text(data))
    for old in list(folder.iterdir()) if folder.is_dir() else ():
        if old.name not in needed:
            old.unlink()


def folder_of(path: Path) -> Path:
    """The folder of a snapshot's files."""
    return path.with_name(f"{path.name}.files")


def _sources(studio: Studio, data: Data) -> Iterator[Path]:
    """The files that a snapshot needs and does not embed."""
    for stored in data["files"]:
        if stored["content"] is None:
            yield studio.storage.path(stored["md5"])
    for channel in studio.state.channels.values():
        for edition in channel.published_versions.values():
            yield Path(edition["database"])


def _link(source: Path, target: Path) -> None:
    """Give bytes a second name: they never change once they have one. Elsewhere than on our disk, copy them."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        partial = target.with_name(f"{target.name}.partial")
        shutil.copyfile(source, partial)
        os.replace(partial, target)


def _replace(path: Path, content: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
