"""The Internal API, as the page has it, and the two tree endpoints beside it."""

from __future__ import annotations

from fake_studio.core import refusals as no
from fake_studio.web.openapi import shapes as s
from fake_studio.web.openapi.answers import CHANNEL_STATUS, SUCCESS
from fake_studio.web.openapi.operation import FORM, JSON, UPLOAD, Content, EndpointGroup, Operation, json_of
from fake_studio.web.openapi.shapes import Schema, describe, ref

Refusals = tuple[type[no.Refusal], ...]

# What keeps a request from being read, in the order in which it is asked.
WHO: Refusals = (
    no.TokenMissing,
    no.TokenMalformed,
    no.TokenUnknown,
    no.UserInactive,
    no.NotAcceptable,
    no.FormatUnknown,
)
UNREAD: Refusals = (no.BodyTooLarge, no.BodyUnreadable, no.BodyTooDeep)
KEYED: Refusals = (*UNREAD, no.BodyMisshapen, no.KeyMissing)
SERIALIZED: Refusals = (*UNREAD, no.FormUnreadable, no.MediaTypeUnsupported, no.FieldsInvalid)
_MAY_EDIT: Refusals = (no.ChannelNotFound, no.NotEditor)
_EDITING: Refusals = (*_MAY_EDIT, no.ValueUnusable)


def _success(**properties: Schema) -> Content:
    return json_of(s.strict_object(success=SUCCESS, **properties))


def _form_or_json(component: str) -> Content:
    return {JSON: ref(component), FORM: ref(component)}


_OPERATIONS: dict[str, Operation] = {
    "authenticate_user_internal": Operation(
        "Whose token is this?",
        _success(user_id=s.WHOLE, username=s.TEXT, first_name=s.TEXT, last_name=s.TEXT, is_admin=s.TRUTH),
    ),
    "check_version": Operation(
        "Is this ricecooker up to date?",
        _success(
            status=describe({"enum": [0, 1, 2, 3]}, "Up to date, outdated, deprecated, rejected."), message=s.TEXT
        ),
        (*KEYED, no.VersionNotComparable),
        body=json_of(s.object_schema(["version"], version=s.TEXT)),
    ),
    "file_diff": Operation(
        "Which of these files are not stored yet?",
        json_of(s.list_of(s.TEXT)),
        (*UNREAD, no.BodyMisshapen, no.ValueUnusable),
        body=json_of(s.list_of(describe(s.text(minLength=2), "<checksum>.<extension>"))),
    ),
    "file_upload": Operation(
        "Upload a file, named by its checksum and extension",
        _success(),
        (
            *(*UNREAD, no.FormUnreadable, no.MediaTypeUnsupported, no.UploadWithoutFile),
            *(no.FileNameInvalid, no.QuotaExceeded, no.ChecksumMismatch),
        ),
        "ricecooker from 0.7 on asks for an upload_url instead.",
        body={
            UPLOAD: s.object_schema(["file"], file={"type": "string", "contentMediaType": "application/octet-stream"})
        },
        deprecated=True,
    ),
    "create_channel": Operation(
        "Create a channel, or describe it anew; it gets an empty chef tree",
        _success(root=ref("NodeName"), channel_id=ref("ChannelId")),
        (*KEYED, no.ChannelNotStorable, no.NotEditor, no.NodeInvalid, no.NodeNotStorable),
        body=json_of(s.object_schema(["channel_data"], channel_data=ref("SentChannel"))),
    ),
    "add_nodes": Operation(
        "Add nodes below a parent, all or none",
        _success(root_ids=describe(s.by_name(ref("NodeName")), "By node_id: what root_id takes for their children.")),
        (
            *KEYED,
            no.ParentNotFound,
            no.ValueUnusable,
            no.NotEditor,
            no.NodeInvalid,
            no.NodeNotStorable,
            no.AnswerNotJson,
        ),
        "A node_id that stands below the parent already is skipped.",
        body=json_of(
            s.object_schema(
                ["root_id", "content_data"],
                root_id=ref("NodeName"),
                content_data=s.list_of({"anyOf": [ref("SentNode"), ref("SentRemoteNode")]}),
            )
        ),
    ),
    "finish_channel": Operation(
        "The chef tree becomes the staging tree, or the main tree",
        _success(new_channel=ref("ChannelId"), diff_task_id=s.TEXT),
        (*KEYED, *_EDITING, no.NothingToFinish, no.QuotaExceeded),
        body=json_of(
            s.object_schema(
                ["channel_id"],
                channel_id=ref("ChannelId"),
                stage=describe(
                    {**s.TRUTH, "default": True}, "False: straight to main. The deployed Studio ignores it."
                ),
            )
        ),
    ),
    "publish_channel": Operation(
        "Queue the main tree for export",
        _success(channel=ref("ChannelId")),
        (*KEYED, *_EDITING),
        body=json_of(s.object_schema(["channel_id"], channel_id=ref("ChannelId"), version_notes=s.nullable(s.TEXT))),
    ),
    "check_user_is_editor": Operation(
        "May I edit this channel?",
        _success(),
        (*KEYED, *_EDITING),
        body=json_of(s.object_schema(["channel_id"], channel_id=ref("ChannelId"))),
    ),
    "get_channel_status_bulk": Operation(
        "The status of several channels",
        _success(statuses=s.by_name(CHANNEL_STATUS)),
        (*KEYED, *_EDITING),
        body=json_of(s.object_schema(["channel_ids"], channel_ids=s.list_of(ref("ChannelId")))),
    ),
    "get_tree_data": Operation(
        "Everything below the root of a tree",
        _success(tree=s.list_of(ref("TreeNodeWithChildren"))),
        (*SERIALIZED, *_MAY_EDIT, no.TreeUnknown),
        body=_form_or_json("AskedTree"),
    ),
    "get_node_tree_data": Operation(
        "The children of one node, or of the root",
        _success(tree=s.list_of(ref("TreeNode")), staged=describe(s.TRUTH, "Whether the channel has a staging tree.")),
        (*SERIALIZED, *_MAY_EDIT, no.TreeUnknown, no.NodeNotFound),
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
