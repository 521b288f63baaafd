"""What questions bring along from storage: images, and the two halves of graphies.

Source: Studio utils/assessment/base.py _write_raw_perseus_assets, _add_original_image.
"""

from __future__ import annotations

from collections.abc import Iterator

from le_utils.constants import exercises, format_presets

from fake_studio.core.model import File, Node
from fake_studio.core.storage import Storage
from fake_studio.publishing.context import CannotPublish, ExportLog

_BREAK = exercises.GRAPHIE_DELIMITER.encode("ascii")


class Assets:
    """Reads the files that the questions of a node show."""

    def __init__(self, node: Node, storage: Storage, log: ExportLog) -> None:
        self._node = node
        self._storage = storage
        self._log = log

    def find(self, name: str) -> bytes | None:
        """The bytes of a stored file; None, with a remark, if it was never uploaded. Raises CannotPublish."""
        if not self._storage.has(name):
            self._log.fail_or_log(self._node, f"the image {name} was never uploaded")
            return None
        with self._storage.open(name) as stored:
            return stored.read()

    def of_perseus(self, files: list[File], folder: str) -> Iterator[tuple[str, bytes]]:
        """The files of a raw Perseus question, each with its path below ``folder``. Raises CannotPublish."""
        files = sorted(files, key=lambda file: file.checksum)
        for file in files:
            content = self.find(file.name) if file.preset == format_presets.EXERCISE_IMAGE else None
            if content is not None:
                yield f"{folder}/{file.checksum}.{file.extension}", content
        for file in files:
            content = self.find(file.name) if file.preset == format_presets.EXERCISE_GRAPHIE else None
            if content is not None:
                drawing, data = self._halves(file, content)
                yield f"{folder}/{file.original_filename}.svg", drawing
                yield f"{folder}/{file.original_filename}-data.json", data

    def _halves(self, file: File, content: bytes) -> list[bytes]:
        halves = content.split(_BREAK)
        if len(halves) != 2:
            raise CannotPublish(f"the graphie {file.original_filename!r} has {len(halves)} parts, not 2", self._node)
        return halves


def in_folder(raw_perseus: str, folder: str) -> str:
    """Raw Perseus with its stored files where they lie in an archive."""
    return raw_perseus.replace(exercises.CONTENT_STORAGE_PLACEHOLDER, f"{exercises.IMG_PLACEHOLDER}/{folder}")
