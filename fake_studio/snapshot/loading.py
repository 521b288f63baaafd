"""From a snapshot back to the state: everything is built and checked before anything is replaced."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Tuple

from fake_studio.files import Stored
from fake_studio.ids import Ids
from fake_studio.model import TREES, Channel, File, Node, Run, User
from fake_studio.publisher import Publishing
from fake_studio.snapshot.damage import SnapshotDamaged
from fake_studio.snapshot.saving import FORMAT, folder_of
from fake_studio.snapshot.typed import a_list, an_object, checked, made
from fake_studio.state import State

if TYPE_CHECKING:
    from fake_studio.studio import Studio

Data = Dict[str, Any]
Bytes = Callable[[], bytes]
MIGRATIONS: Dict[int, Callable[[Data], Data]] = {}  # from a format to the next one


def read(path: Path) -> Tuple[Data, Path]:
    """A snapshot file's data and the folder of its files. Raises SnapshotDamaged, naming the file, and OSError."""
    try:
        return parsed(path.read_text(encoding="utf-8")), folder_of(path)
    except UnicodeDecodeError as error:
        raise SnapshotDamaged(f"is no text: {error}.", field=str(path)) from None


def parsed(text: str) -> Data:
    """The data in a snapshot's text. Raises SnapshotDamaged."""
    try:
        return an_object(json.loads(text), "the snapshot")
    except (ValueError, RecursionError) as error:
        raise SnapshotDamaged(f"is no JSON: {error}.", field="the snapshot") from None


def load(studio: Studio, data: Data, folder: Optional[Path] = None) -> None:
    """Replace a Studio's state by a snapshot's. Raises SnapshotDamaged, and then the Studio is as it was."""
    data = migrated(data)
    state = _state(data, studio.seed)
    files = [_stored(each, f"files[{n}]", folder) for n, each in enumerate(_listed(data, "files"))]
    databases = list(_databases(state, data, folder))
    with studio.lock:
        studio.storage.clear()
        for stored, content in files:
            studio.storage.put(content(), stored.name, stored.media_type, stored.uploaded_by)
        for edition, content in databases:
            edition["database"] = studio.publisher.kept(edition["database"], content())
        studio.state = state


def migrated(data: Data) -> Data:
    """The data in today's format. Raises SnapshotDamaged for a format that is newer, or none."""
    number = data.get("format")
    while number != FORMAT:
        step = MIGRATIONS.get(number) if isinstance(number, int) else None
        if step is None:
            raise SnapshotDamaged(f"{number!r:.40} cannot be read; this version reads {FORMAT}.", field="format")
        data = step(data)
        number = data["format"]
    return data


def _listed(data: Data, name: str) -> List[Any]:
    if name not in data:
        raise SnapshotDamaged("is missing.", field=name)
    return a_list(data[name], name)


def _state(data: Data, seed: Optional[int]) -> State:
    state = State([], seed)
    ids = checked(Dict[str, int], data.get("ids"), "ids")
    state.ids = Ids(seed, ids.get("numbers", 0), ids.get("moments", 0))
    for n, told in enumerate(_listed(data, "users")):
        user = made(User, told, f"users[{n}]")
        state.users[user.id] = user
    for n, told in enumerate(_listed(data, "channels")):
        state.register(_channel(told, f"channels[{n}]"))
    for n, told in enumerate(_listed(data, "announced")):
        state.announce(made(File, told, f"announced[{n}]"))
    return state


def _channel(told: Any, where: str) -> Channel:
    told = dict(an_object(told, where))
    trees, run, publishing = (told.pop(name, None) for name in ("trees", "run", "publishing"))
    editions = an_object(told.pop("published_versions", {}), f"{where}.published_versions")
    channel = made(Channel, told, where)
    given = an_object(trees, f"{where}.trees")
    channel.trees = {name: _tree(given.get(name), f"{where}.trees.{name}") for name in TREES}
    nodes = {node.id: node for root in channel.trees.values() if root for node in root.family()}
    channel.run = run and _run(run, nodes, f"{where}.run")
    channel.publishing = publishing and _publishing(publishing, f"{where}.publishing")
    channel.published_versions = {_version(key, where): dict(an_object(e, where)) for key, e in editions.items()}
    return channel


def _version(key: str, where: str) -> int:
    if not key.isdigit():
        raise SnapshotDamaged("must be the number of a version.", field=f"{where}.published_versions.{key}")
    return int(key)


def _tree(told: Any, where: str) -> Optional[Node]:
    if told is None:
        return None
    nodes: Dict[str, Node] = {}
    for n, each in enumerate(a_list(told, where)):
        each = dict(an_object(each, f"{where}[{n}]"))
        parent_id = checked(Optional[str], each.pop("parent", None), f"{where}[{n}].parent")
        if parent_id not in (nodes if n else (None,)):
            raise SnapshotDamaged("must be a node before this one; null for the first.", field=f"{where}[{n}].parent")
        node = made(Node, each, f"{where}[{n}]", parent=nodes.get(parent_id or ""), children=[])
        if node.parent is not None:
            node.parent.children.append(node)
        nodes[node.id] = node
    return next(iter(nodes.values()), None)


def _run(told: Any, nodes: Dict[str, Node], where: str) -> Run:
    told = dict(an_object(told, where))
    skipped = checked(List[str], told.pop("skipped", []), f"{where}.skipped")
    cut_short = checked(List[List[str]], told.pop("cut_short", []), f"{where}.cut_short")
    changes = checked(List[List[Any]], told.pop("overwritten", []), f"{where}.overwritten")
    overwritten = [(str(change[0]), change[1], change[2]) for change in changes if len(change) == 3]
    run = made(Run, told, where, overwritten=overwritten)
    run.skipped = [nodes[each] for each in skipped if each in nodes]
    run.cut_short = [[nodes[each] for each in chunk if each in nodes] for chunk in cut_short]
    return run


def _publishing(told: Any, where: str) -> Publishing:
    job = made(Publishing, told, where)
    if not job.is_over:
        job.state, job.cause = "failed", "the Studio was saved while it was under way"
    job.done.set_result(None)
    return job


def _stored(told: Any, where: str, folder: Optional[Path]) -> Tuple[Stored, Bytes]:
    told = dict(an_object(told, where))
    content = _content(told.pop("content", None), where, folder, told.get("md5"))
    stored = made(Stored, told, where)
    if hashlib.md5(content(), usedforsecurity=False).hexdigest() != stored.md5:
        raise SnapshotDamaged("is not that of the bytes.", field=f"{where}.md5")
    return stored, content


def _databases(state: State, data: Data, folder: Optional[Path]) -> Any:
    for n, channel in enumerate(state.channels.values()):
        for number, edition in channel.published_versions.items():
            where = f"channels[{n}].published_versions.{number}"
            name = checked(str, edition.get("database"), f"{where}.database")
            yield edition, _content(edition.pop("content", None), where, folder, name)


def _content(embedded: Any, where: str, folder: Optional[Path], name: Any) -> Bytes:
    """How to get at some bytes: embedded, or in the folder under a plain name."""
    if isinstance(embedded, str):
        try:
            content = base64.b64decode(embedded, validate=True)
        except (binascii.Error, ValueError):
            raise SnapshotDamaged("is no base64.", field=f"{where}.content") from None
        return lambda: content
    if folder is None or not isinstance(name, str) or Path(name).name != name or not (folder / name).is_file():
        raise SnapshotDamaged(f"the file {name!r:.80} does not lie beside the snapshot.", field=where)
    return (folder / name).read_bytes
