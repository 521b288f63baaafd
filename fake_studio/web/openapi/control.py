"""The control API under /_fake/: the state, the journal, faults."""

from __future__ import annotations

from fake_studio.core import refusals
from fake_studio.core.journal import FILTERS
from fake_studio.core.model import TREES
from fake_studio.snapshot import SnapshotDamaged
from fake_studio.web.dialects import DIALECTS
from fake_studio.web.openapi import shapes
from fake_studio.web.openapi.internal import UNREAD
from fake_studio.web.openapi.operation import JSON, PLAIN, EndpointGroup, Operation, Parameter, json_of
from fake_studio.web.openapi.shapes import ref

_DONE = json_of(ref("Done"))
_CHANNEL = json_of(ref("Channel"))
_TREE_NAME = shapes.one_of(TREES)
_KNOWN = (refusals.ChannelNotFound,)
_WANTED = tuple((name, f"Those of this {name}.") for name in FILTERS if name != "body")

_STATE: dict[str, Operation] = {
    "openapi": Operation(
        "This description, as OpenAPI",
        json_of(shapes.DATA),
        (refusals.BodyMisshapen,),
        parameters=(
            Parameter("dialect", shapes.one_of(DIALECTS), "Of which dialect; by default of the one that is on."),
        ),
    ),
    "health": Operation("Whether it answers", json_of(ref("Health"))),
    "reset": Operation("Back to the start", _DONE),
    "snapshot": Operation("The whole state", json_of(ref("Snapshot"))),
    "load_snapshot": Operation(
        "Replace the state by that of a snapshot, all or nothing",
        _DONE,
        (SnapshotDamaged,),
        body=json_of(ref("Snapshot")),
    ),
    "settings": Operation("How it was started", json_of(ref("Settings"))),
    "change_settings": Operation(
        "Change the dialect and the length of the journal",
        json_of(ref("Settings")),
        (*UNREAD, refusals.BodyMisshapen),
        body=json_of(ref("ChangedSettings")),
    ),
    "users": Operation("Every account", json_of(shapes.list_of(ref("User")))),
    "add_user": Operation(
        "Add an account",
        json_of(ref("User")),
        (*UNREAD, refusals.BodyMisshapen, refusals.KeyMissing),
        body=json_of(ref("NewUser")),
    ),
    "channels": Operation("Every channel, deleted ones too", json_of(shapes.list_of(ref("Channel")))),
    "channel": Operation("One channel", _CHANNEL, _KNOWN),
    "change_channel": Operation(
        "Make a channel public, or private again",
        _CHANNEL,
        (*UNREAD, refusals.BodyMisshapen, refusals.KeyMissing, *_KNOWN),
        body=json_of(shapes.object_schema(["public"], public=shapes.TRUTH)),
    ),
    "delete_channel": Operation("Mark a channel as deleted", _CHANNEL, _KNOWN),
    "tree": Operation(
        "A tree of a channel, by default the newest",
        {JSON: ref("Node"), PLAIN: shapes.TEXT},
        (refusals.ChannelNotFound, refusals.TreeUnknown, refusals.BodyMisshapen),
        parameters=(
            Parameter("tree", _TREE_NAME, "Which one."),
            Parameter("levels", {**shapes.WHOLE, "minimum": 0}, "How deep; the whole tree without it."),
            Parameter("format", shapes.one_of(["text"]), "As lines of titles and kinds."),
        ),
    ),
    "diff": Operation(
        "What changed from one tree to another",
        json_of(ref("Difference")),
        (refusals.ChannelNotFound, refusals.TreeUnknown),
        parameters=(
            Parameter("from", _TREE_NAME, "The old one; by default main."),
            Parameter("to", _TREE_NAME, "The new one; by default the newest."),
        ),
    ),
    "findings": Operation(
        "Findings: what is wrong with a channel, and how to fix it", json_of(shapes.list_of(ref("Finding"))), _KNOWN
    ),
    "deploy": Operation(
        "Deploy: the staging tree becomes the main tree",
        _CHANNEL,
        (refusals.ChannelNotFound, refusals.NothingStaged, refusals.QuotaExceeded),
    ),
    "publish": Operation(
        "Publish the main tree, and wait until that is done",
        _CHANNEL,
        (refusals.ChannelNotFound, refusals.ValueUnusable),
        parameters=(Parameter("version_notes", shapes.TEXT, "What is new."),),
    ),
    "node": Operation(
        "Every node of this id, number or node_id, with all that its chef sent",
        json_of(shapes.list_of(ref("NodeAlone"))),
        (refusals.NodeNotFound,),
    ),
    "files": Operation("Every stored file", json_of(shapes.list_of(ref("StoredFile")))),
    "report": Operation(
        "The result of everything that happened",
        json_of(ref("Report")),
        parameters=(
            Parameter("allow", shapes.list_of(shapes.TEXT), "Codes of findings to pass over."),
            Parameter("strict", shapes.one_of(["1", "true", "0", "false"]), "Whether warnings fail the result."),
        ),
    ),
}

_JOURNAL: dict[str, Operation] = {
    "all_requests": Operation(
        "The exchanges that match",
        json_of(ref("Exchanges")),
        (refusals.BodyMisshapen,),
        parameters=(
            *(
                Parameter(name, shapes.WHOLE if name in ("status", "since") else shapes.TEXT, about)
                for name, about in _WANTED
            ),
            Parameter("limit", shapes.WHOLE, "Only the last ones, at most so many."),
        ),
    ),
    "one_request": Operation("One exchange", json_of(ref("Exchange")), (refusals.RequestNotFound,)),
    "count_requests": Operation(
        "How many exchanges match",
        json_of(shapes.strict_object(count=shapes.WHOLE)),
        (*UNREAD, refusals.BodyMisshapen),
        body=json_of(ref("WantedExchanges")),
    ),
    "find_requests": Operation(
        "The exchanges that match, also by their body",
        json_of(ref("Exchanges")),
        (*UNREAD, refusals.BodyMisshapen),
        body=json_of(ref("WantedExchanges")),
    ),
    "clear_requests": Operation("Delete every exchange", _DONE),
}

_FAULT = json_of({"anyOf": [ref("Fault"), shapes.list_of(ref("Fault"))]})
_FAULTS: dict[str, Operation] = {
    "all_faults": Operation("Every fault, and how often it happened", json_of(shapes.list_of(ref("Fault")))),
    "add_faults": Operation(
        "Add a fault, or each of a list, all or none",
        _FAULT,
        (*UNREAD, refusals.FaultInvalid),
        body=json_of({"anyOf": [ref("NewFault"), shapes.list_of(ref("NewFault"))]}),
    ),
    "clear_faults": Operation("Remove every fault", _DONE),
    "remove_fault": Operation("Remove one fault", _DONE, (refusals.FaultNotFound,)),
}

CONTROL = EndpointGroup(
    "Control",
    "For tests and people, from this machine only. Rejections follow the documented dialect.",
    {**_STATE, **_JOURNAL, **_FAULTS},
    (refusals.CallerNotLocal,),
    is_look=True,
)
