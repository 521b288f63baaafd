"""The rows of a content database to be. Languages, licenses, tags and stored files get one row each, at first use.

Source: Studio utils/publish.py get_or_create_language, create_kolibri_license_object, map_tags_to_node,
create_associated_file_objects.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Callable

from le_utils.constants import languages

from fake_studio.core.model import File
from fake_studio.core.values import LANGUAGES
from fake_studio.publishing.schema import Row

_LARGEST_SIZE = 2**31 - 1


class RowCollector:
    """Rows by table, in the order in which Studio makes them. ``new_id`` makes the ids that are nobody's yet."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self.new_id = new_id
        self.nodes: dict[str, Row] = {}
        self.tables: dict[str, list[Row]] = {}
        self._languages: dict[str, Row] = {}
        self._licenses: dict[tuple[str, str | None], Row] = {}
        self._tags: dict[str, Row] = {}
        self._local_files: dict[str, Row] = {}

    def add(self, table: str, row: Row) -> None:
        """One more row of ``content_<table>``."""
        self.tables.setdefault(f"content_{table}", []).append(row)

    def language(self, code: str) -> str:
        """The id of a language of le_utils, which gets its row."""
        if code not in self._languages:
            language = LANGUAGES[code]
            self._languages[code] = {
                "id": code,
                "lang_code": language.primary_code,
                "lang_subcode": language.subcode,
                "lang_name": language.native_name,
                "lang_direction": languages.getlang_direction(language.primary_code),
            }
        return code

    def license(self, name: str, description: str | None) -> int:
        """The number of a license, which gets its row; each wording of a custom license is one of its own."""
        number = len(self._licenses) + 1
        row = {"id": number, "license_name": name, "license_description": description}
        return int(self._licenses.setdefault((name, description), row)["id"])

    def tag(self, name: str) -> str:
        """The id of a tag, which gets its row."""
        if name not in self._tags:
            self._tags[name] = {"id": self.new_id(), "tag_name": name}
        return str(self._tags[name]["id"])

    def local_file(self, file: File) -> int | None:
        """The size in bytes of a stored file, which gets its row; None if 32 bits are too few for it."""
        size = None if file.size is None or file.size > _LARGEST_SIZE else file.size
        row = {"id": file.checksum, "extension": file.extension, "available": False}
        self._local_files.setdefault(file.checksum, {**row, "file_size": size, "file_size_bigint": file.size})
        return size

    def by_table(self) -> dict[str, list[Row]]:
        """Every row, by table."""
        once: dict[str, Iterable[Row]] = {
            "content_language": self._languages.values(),
            "content_license": self._licenses.values(),
            "content_contenttag": self._tags.values(),
            "content_localfile": self._local_files.values(),
            "content_contentnode": self.nodes.values(),
        }
        return {**{table: list(rows) for table, rows in once.items()}, **self.tables}
