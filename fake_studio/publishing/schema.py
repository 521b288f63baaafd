"""The content database: Kolibri's schema 5, with the older columns that Studio still writes.

Source: the database of recording published/rich. Kolibri tells the schema by the names of tables and columns alone,
and one that is missing makes it an older schema, in which durations and labels are dropped (seen in Kolibri 0.19.5).
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

Row = dict[str, Any]

# What Studio writes. With it, Kolibri sets the learning activities by kind; "5" would keep those that are published.
MIN_SCHEMA_VERSION = "1"

_TABLES = """
CREATE TABLE content_language (
    id varchar(14) NOT NULL PRIMARY KEY, lang_code varchar(3) NOT NULL, lang_subcode varchar(10),
    lang_name varchar(100), lang_direction varchar(3) NOT NULL);
CREATE TABLE content_license (
    id integer NOT NULL PRIMARY KEY AUTOINCREMENT, license_name varchar(50) NOT NULL,
    license_description varchar(400));
CREATE TABLE content_contenttag (id char(32) NOT NULL PRIMARY KEY, tag_name varchar(30) NOT NULL);
CREATE TABLE content_localfile (
    id varchar(32) NOT NULL PRIMARY KEY, extension varchar(40) NOT NULL, available bool NOT NULL,
    file_size integer, file_size_bigint bigint);
CREATE TABLE content_contentnode (
    id char(32) NOT NULL PRIMARY KEY, parent_id char(32) REFERENCES content_contentnode (id),
    title varchar(200) NOT NULL, kind varchar(200) NOT NULL,
    content_id char(32) NOT NULL, channel_id char(32) NOT NULL, description text, author varchar(200) NOT NULL,
    license_id integer REFERENCES content_license (id), license_name varchar(50), license_description text,
    license_owner varchar(200) NOT NULL, lang_id varchar(14) REFERENCES content_language (id),
    sort_order real, coach_content bool NOT NULL, available bool NOT NULL, stemmed_metaphone varchar(1800) NOT NULL,
    duration integer, options text, grade_levels text, resource_types text, learning_activities text,
    accessibility_labels text, categories text, learner_needs text,
    lft integer NOT NULL, rght integer NOT NULL, tree_id integer NOT NULL, level integer NOT NULL);
CREATE TABLE content_contentnode_has_prerequisite (
    id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    from_contentnode_id char(32) NOT NULL REFERENCES content_contentnode (id),
    to_contentnode_id char(32) NOT NULL REFERENCES content_contentnode (id));
CREATE TABLE content_contentnode_related (
    id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    from_contentnode_id char(32) NOT NULL REFERENCES content_contentnode (id),
    to_contentnode_id char(32) NOT NULL REFERENCES content_contentnode (id));
CREATE TABLE content_contentnode_tags (
    id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    contentnode_id char(32) NOT NULL REFERENCES content_contentnode (id),
    contenttag_id char(32) NOT NULL REFERENCES content_contenttag (id));
CREATE TABLE content_file (
    id char(32) NOT NULL PRIMARY KEY, contentnode_id char(32) NOT NULL REFERENCES content_contentnode (id),
    local_file_id varchar(32) NOT NULL REFERENCES content_localfile (id),
    preset varchar(150) NOT NULL, lang_id varchar(14) REFERENCES content_language (id),
    supplementary bool NOT NULL, thumbnail bool NOT NULL, priority integer, included_presets integer,
    checksum varchar(400) NOT NULL, extension varchar(40) NOT NULL, file_size integer, available bool NOT NULL);
CREATE TABLE content_assessmentmetadata (
    id char(32) NOT NULL PRIMARY KEY, contentnode_id char(32) NOT NULL REFERENCES content_contentnode (id),
    assessment_item_ids text NOT NULL, number_of_assessments integer NOT NULL, mastery_model text NOT NULL,
    randomize bool NOT NULL, is_manipulable bool NOT NULL);
CREATE TABLE content_channelmetadata (
    id char(32) NOT NULL PRIMARY KEY, name varchar(200) NOT NULL, description varchar(400) NOT NULL,
    tagline varchar(150), author varchar(400) NOT NULL, version integer NOT NULL, thumbnail text NOT NULL,
    last_updated varchar(200), min_schema_version varchar(50) NOT NULL,
    root_id char(32) NOT NULL REFERENCES content_contentnode (id), root_pk char(32) NOT NULL);
"""
_INDICES = {
    "content_language": ("lang_code", "lang_subcode"),
    "content_contentnode": ("content_id", "channel_id", "tree_id", "lang_id", "license_id", "parent_id"),
    "content_contentnode_has_prerequisite": ("from_contentnode_id", "to_contentnode_id"),
    "content_contentnode_related": ("from_contentnode_id", "to_contentnode_id"),
    "content_contentnode_tags": ("contentnode_id", "contenttag_id"),
    "content_file": ("priority", "contentnode_id", "lang_id", "local_file_id"),
    "content_assessmentmetadata": ("contentnode_id",),
    "content_channelmetadata": ("root_id",),
}


def write(database: Path, tables: Mapping[str, list[Row]]) -> None:
    """Write rows, by table, as a new database; whoever reads the path sees the old one or the new one, whole."""
    database.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=database.parent, prefix=f".{database.name}-")
    os.close(handle)
    draft = Path(name)
    try:
        _fill(draft, tables)
        os.replace(draft, database)
    except BaseException:
        draft.unlink()
        raise


def _fill(path: Path, tables: Mapping[str, list[Row]]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # Nobody sees the file before it is whole, so nothing needs to survive a crash.
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
        connection.execute("BEGIN")
        for table, rows in tables.items():
            _insert(connection, table, rows)
        for table, columns in _INDICES.items():
            for column in columns:
                connection.execute(f"CREATE INDEX {table}_{column} ON {table} ({column})")
        connection.execute("COMMIT")


def _insert(connection: sqlite3.Connection, table: str, rows: list[Row]) -> None:
    if rows:
        columns = ", ".join(rows[0])
        values = ", ".join(f":{column}" for column in rows[0])
        connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({values})", rows)
