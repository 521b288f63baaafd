"""The Internal API, as the page has it, and the two tree endpoints beside it."""

from __future__ import annotations

from fake_studio.core import refusals
from fake_studio.web.openapi import shapes
from fake_studio.web.openapi.answers import CHANNEL_STATUS, SUCCESS
from fake_studio.web.openapi.operation import FORM, JSON, UPLOAD, Content, EndpointGroup, Operation, json_of
from fake_studio.web.openapi.shapes import Schema, describe, ref

Refusals = tuple[type[refusals.Refusal], ...]

# What keeps a request from being read, in the order in which it is asked.
WHO: Refusals = (
    refusals.TokenMissing,
    refusals.TokenMalformed,
    refusals.TokenUnknown,
    refusals.UserInactive,
    refusals.NotAcceptable,
    refusals.FormatUnknown,
)
UNREAD: Refusals = (refusals.BodyTooLarge, refusals.BodyUnreadable, refusals.BodyTooDeep)
KEYED: Refusals = (*UNREAD, refusals.BodyMisshapen, refusals.KeyMissing)
SERIALIZED: Refusals = (*UNREAD, refusals.FormUnreadable, refusals.MediaTypeUnsupported, refusals.FieldsInvalid)
_MAY_EDIT: Refusals = (refusals.ChannelNotFound, refusals.NotEditor)
_EDITING: Refusals = (*_MAY_EDIT, refusals.ValueUnusable)


def _success(**properties: Schema) -> Content:
    return json_of(shapes.strict_object(success=SUCCESS, **properties))


def _form_or_json(component: str) -> Content:
    return {JSON: ref(component), FORM: ref(component)}


_OPERATIONS: dict[str, Operation] = {
    "authenticate_user_internal": Operation(
        "Whose token is this?",
        _success(
            user_id=shapes.WHOLE,
            username=shapes.TEXT,
            first_name=shapes.TEXT,
            last_name=shapes.TEXT,
            is_admin=shapes.TRUTH,
        ),
    ),
    "check_version": Operation(
        "Is this ricecooker up to date?",
        _success(
            status=describe({"enum": [0, 1, 2, 3]}, "Up to date, outdated, deprecated, rejected."), message=shapes.TEXT
        ),
        (*KEYED, refusals.VersionNotComparable),
        body=json_of(shapes.object_schema(["version"], version=shapes.TEXT)),
    ),
    "file_diff": Operation(
        "Which of these files are not stored yet?",
        json_of(shapes.list_of(shapes.TEXT)),
        (*UNREAD, refusals.BodyMisshapen, refusals.ValueUnusable),
        body=json_of(shapes.list_of(describe(shapes.text(minLength=2), "<checksum>.<extension>"))),
    ),
    "file_upload": Operation(
        "Upload a file, named by its checksum and extension",
        _success(),
        (
            *(*UNREAD, refusals.FormUnreadable, refusals.MediaTypeUnsupported, refusals.UploadWithoutFile),
            *(refusals.FileNameInvalid, refusals.QuotaExceeded, refusals.ChecksumMismatch),
        ),
        "ricecooker from 0.7 on asks for an upload_url instead.",
        body={
            UPLOAD: shapes.object_schema(
                ["file"], file={"type": "string", "contentMediaType": "application/octet-stream"}
            )
        },
        deprecated=True,
    ),
    "create_channel": Operation(
        "Create a channel, or describe it anew; it gets an empty chef tree",
        _success(root=ref("NodeName"), channel_id=ref("ChannelId")),
        (*KEYED, refusals.ChannelNotStorable, refusals.NotEditor, refusals.NodeInvalid, refusals.NodeNotStorable),
        body=json_of(shapes.object_schema(["channel_data"], channel_data=ref("SentChannel"))),
    ),
    "add_nodes": Operation(
        "Add nodes below a parent, all or none",
        _success(
            root_ids=describe(shapes.by_name(ref("NodeName")), "By node_id: what root_id takes for their children.")
        ),
        (
            *KEYED,
            refusals.ParentNotFound,
            refusals.ValueUnusable,
            refusals.NotEditor,
            refusals.NodeInvalid,
            refusals.NodeNotStorable,
            refusals.AnswerNotJson,
        ),
        "A node_id that stands below the parent already is skipped.",
        body=json_of(
            shapes.object_schema(
                ["root_id", "content_data"],
                root_id=ref("NodeName"),
                content_data=shapes.list_of({"anyOf": [ref("SentNode"), ref("SentRemoteNode")]}),
            )
        ),
    ),
    "finish_channel": Operation(
        "The chef tree becomes the staging tree, or the main tree",
        _success(new_channel=ref("ChannelId"), diff_task_id=shapes.TEXT),
        (*KEYED, *_EDITING, refusals.NothingToFinish, refusals.QuotaExceeded),
        body=json_of(
            shapes.object_schema(
                ["channel_id"],
                channel_id=ref("ChannelId"),
                stage=describe(
                    {**shapes.TRUTH, "default": True}, "False: straight to main. The deployed Studio ignores it."
                ),
            )
        ),
    ),
    "publish_channel": Operation(
        "Queue the main tree for export",
        _success(channel=ref("ChannelId")),
        (*KEYED, *_EDITING),
        body=json_of(
            shapes.object_schema(
                ["channel_id"], channel_id=ref("ChannelId"), version_notes=shapes.nullable(shapes.TEXT)
            )
        ),
    ),
    "check_user_is_editor": Operation(
        "May I edit this channel?",
        _success(),
        (*KEYED, *_EDITING),
        body=json_of(shapes.object_schema(["channel_id"], channel_id=ref("ChannelId"))),
    ),
    "get_channel_status_bulk": Operation(
        "The status of several channels",
        _success(statuses=shapes.by_name(CHANNEL_STATUS)),
        (*KEYED, *_EDITING),
        body=json_of(shapes.object_schema(["channel_ids"], channel_ids=shapes.list_of(ref("ChannelId")))),
    ),
    "get_tree_data": Operation(
        "Everything below the root of a tree",
        _success(tree=shapes.list_of(ref("TreeNodeWithChildren"))),
        (*SERIALIZED, *_MAY_EDIT, refusals.TreeUnknown),
        body=_form_or_json("AskedTree"),
    ),
    "get_node_tree_data": Operation(
        "The children of one node, or of the root",
        _success(
            tree=shapes.list_of(ref("TreeNode")),
            staged=describe(shapes.TRUTH, "Whether the channel has a staging tree."),
        ),
        (*SERIALIZED, *_MAY_EDIT, refusals.TreeUnknown, refusals.NodeNotFound),
        body=_form_or_json("AskedNode"),
    ),
}

INTERNAL = EndpointGroup(
    "Internal API",
    "What ricecooker speaks. Every endpoint looks at the token before it looks at the method.",
    _OPERATIONS,
    WHO,
    needs_token=True,
)
