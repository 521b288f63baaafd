"""What is answered to chefs and to Kolibri, in each dialect."""

from __future__ import annotations

from fake_studio.views.public_api import INFO_KEYS
from fake_studio.web.dialects import Dialect
from fake_studio.web.openapi import shapes as s
from fake_studio.web.openapi.shapes import Schema, describe, nullable, ref, strict_object

CHANNEL_STATUS = s.one_of(["active", "staged", "unpublished", "deleted"])
SUCCESS: Schema = {"const": True}


def components(dialect: Dialect) -> dict[str, Schema]:
    """What this dialect answers with."""
    return {
        "NodeName": _node_name(dialect),
        "TreeNode": _tree_node(whole=False),
        "TreeNodeWithChildren": _tree_node(whole=True),
        "UploadedFile": _uploaded(),
        "PublicChannel": _public_channel(),
        "Info": _info(),
    }


def _node_name(dialect: Dialect) -> Schema:
    name = {**s.WHOLE, "minimum": 1} if dialect.integer_ids else s.text(pattern="^[0-9a-f]{32}$")
    return describe(name, "How Studio names a node: what root_id takes.")


def _tree_node(*, whole: bool) -> Schema:
    schema = strict_object(title=s.TEXT, kind=nullable(ref("Kind")), node_id=s.TEXT, studio_id=ref("NodeName"))
    schema["properties"].update(
        count=describe({**s.WHOLE, "minimum": 0}, "Of an exercise: its questions."),
        file_size=describe(nullable(s.WHOLE), "Of other resources: bytes."),
    )
    if whole:
        schema["properties"]["children"] = describe(s.list_of(ref("TreeNodeWithChildren")), "Of a topic.")
    return schema


def _uploaded() -> Schema:
    return strict_object(
        id=s.TEXT,
        checksum=ref("Md5"),
        file_size=s.WHOLE,
        language={"type": "null"},
        file_format=ref("FileFormat"),
        file_on_disk=describe(s.TEXT, "Where the file will be served."),
        original_filename=s.TEXT,
        uploaded_by=s.WHOLE,
        duration=nullable(s.WHOLE),
        url=s.TEXT,
        preset=ref("Preset"),
        contentnode={"type": "null"},
        assessment_item={"type": "null"},
    )


def _public_channel() -> Schema:
    return strict_object(
        id=s.TEXT,
        name=s.TEXT,
        language=nullable(ref("Language")),
        included_languages=s.list_of(ref("Language")),
        description=s.TEXT,
        total_resource_count=s.WHOLE,
        version=s.WHOLE,
        kind_count=s.list_of(strict_object(kind_id=s.TEXT, count=s.WHOLE)),
        published_size=describe(s.NUMBER, "In bytes."),
        last_published=nullable(s.TEXT),
        icon_encoding=describe(nullable(s.TEXT), "The thumbnail as a data: URI."),
        matching_tokens=s.list_of(s.TEXT),
        public=s.TRUTH,
        version_notes=s.by_name(s.ANYTHING),
        library={"enum": ["KOLIBRI", None]},
    )


def _info() -> Schema:
    schema = s.object_schema(
        INFO_KEYS,
        application={"const": "studio"},
        kolibri_version=s.TEXT,
        instance_id=s.text(pattern="^[0-9a-f]{32}$"),
        device_name=s.TEXT,
        operating_system={"type": "null"},
        subset_of_users_device=s.TRUTH,
        min_content_schema_version=s.TEXT,
    )
    return s.no_extra_keys(schema)
