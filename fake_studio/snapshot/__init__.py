"""Snapshots: the whole state as versioned JSON, byte for byte the same for the same state.

The bytes of files lie in a folder beside it, named by their md5, or embedded where they are small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fake_studio.core.lazy_names import make_getattr

if TYPE_CHECKING:
    from fake_studio.snapshot.checkpoints import Checkpoints
    from fake_studio.snapshot.deserialize import load, load_file, parse, read
    from fake_studio.snapshot.disk import Autosave, save
    from fake_studio.snapshot.moment import drop_databases
    from fake_studio.snapshot.schema import SnapshotDamaged
    from fake_studio.snapshot.serialize import dump, text

__all__ = [
    "Autosave",
    "Checkpoints",
    "SnapshotDamaged",
    "drop_databases",
    "dump",
    "load",
    "load_file",
    "parse",
    "read",
    "save",
    "text",
]

_HOMES = {
    "Autosave": "disk",
    "Checkpoints": "checkpoints",
    "SnapshotDamaged": "schema",
    "drop_databases": "moment",
    "dump": "serialize",
    "load": "deserialize",
    "load_file": "deserialize",
    "parse": "deserialize",
    "read": "deserialize",
    "save": "disk",
    "text": "serialize",
}
__getattr__ = make_getattr(__name__, _HOMES)
