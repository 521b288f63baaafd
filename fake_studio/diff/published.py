"""The tree in a published database, as Kolibri imports it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

Data = dict[str, Any]
_MAGIC = b"SQLite format 3\0"
_NODES = "SELECT id AS node_id, parent_id, content_id, title, kind FROM content_contentnode ORDER BY lft, sort_order"
_FILES = (
    "SELECT f.contentnode_id AS node_id, l.id AS checksum, l.extension, f.preset, f.lang_id AS language "
    "FROM content_file f JOIN content_localfile l ON l.id = f.local_file_id"
)


def is_database(path: Path) -> bool:
    """Whether a file is a database of SQLite."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def load_published(path: Path) -> dict[str, Data]:
    """The trees of the channels in a published database, by their ids. Raises ValueError, naming the file."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            database.row_factory = sqlite3.Row
            return _trees(database)
    except (sqlite3.Error, LookupError) as error:
        raise ValueError(f"{path} holds no tree: {error}") from None


def _trees(database: sqlite3.Connection) -> dict[str, Data]:
    nodes: dict[str, Data] = {
        row["node_id"]: {**dict(row), "children": [], "files": []} for row in database.execute(_NODES)
    }
    for row in database.execute(_FILES):
        nodes[row["node_id"]]["files"].append(dict(row))
    for node in nodes.values():
        if node["parent_id"] in nodes:
            nodes[node["parent_id"]]["children"].append(node)
    channels: list[sqlite3.Row] = list(database.execute("SELECT id, name, root_id FROM content_channelmetadata"))
    return {row["id"]: {**nodes[row["root_id"]], "name": row["name"]} for row in channels}
