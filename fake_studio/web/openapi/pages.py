"""The pages, in brief: they are for people."""

from __future__ import annotations

from fake_studio.core import refusals as no
from fake_studio.snapshot import SnapshotDamaged
from fake_studio.web.dialects import DIALECTS
from fake_studio.web.openapi import shapes as s
from fake_studio.web.openapi.operation import FORM, PAGE, UPLOAD, EndpointGroup, Operation, json_of

MOVED = "302"
_PAGE = {PAGE: s.TEXT}
_CHANNEL = (no.ChannelNotFound, no.TreeUnknown)
_NODE = (*_CHANNEL, no.NodeNotFound)
_ANY_BYTES = {"*/*": s.ANYTHING}

_OPERATIONS: dict[str, Operation] = {
    "home": Operation("Channels and users", _PAGE),
    "channel_page": Operation("A channel's tree", _PAGE, _CHANNEL),
    "landing": Operation("The links that ricecooker prints", _PAGE, _CHANNEL, success=MOVED),
    "compare_page": Operation("What changed between two trees", _PAGE, _CHANNEL),
    "deploy_form": Operation(
        "The button Deploy", _PAGE, (no.ChannelNotFound, no.NothingStaged, no.QuotaExceeded), success=MOVED
    ),
    "publish_form": Operation("The button Publish", _PAGE, (no.ChannelNotFound,), success=MOVED),
    "node_page": Operation("A node", _PAGE, _NODE),
    "children": Operation("The children of a node, as a piece of a page", _PAGE, _NODE),
    "requests_page": Operation("The journal", _PAGE),
    "request_page": Operation("One request, and why it failed", _PAGE, (no.RequestNotFound,)),
    "forget_requests": Operation("Forget every request", _PAGE, success=MOVED),
    "faults_page": Operation("Faults", _PAGE),
    "switch_on_fault": Operation(
        "Switch on a fault",
        _PAGE,
        (no.BodyUnreadable, no.FaultInvalid, no.BodyTooLarge),
        body={FORM: s.object_schema([], preset=s.TEXT, rule=s.TEXT)},
        success=MOVED,
    ),
    "switch_off_fault": Operation("Switch off a fault", _PAGE, (no.FaultNotFound,), success=MOVED),
    "settings_page": Operation("How this Studio was started", _PAGE),
    "settings_form": Operation(
        "Change the settings",
        _PAGE,
        (no.BodyMisshapen, no.BodyTooLarge),
        body={FORM: s.object_schema([], dialect=s.one_of(DIALECTS), max_journal=s.TEXT)},
        success=MOVED,
    ),
    "reference_page": Operation("This description, to read", _PAGE),
    "load_snapshot_form": Operation(
        "Load a snapshot",
        _PAGE,
        (no.UploadWithoutFile, SnapshotDamaged, no.BodyTooLarge),
        body={UPLOAD: s.object_schema([], snapshot={"type": "string", "contentMediaType": "application/json"})},
        success=MOVED,
    ),
    "reset_form": Operation("Back to the start", _PAGE, success=MOVED),
    "pulse": Operation("Whether a page is out of date", json_of(s.strict_object(pulse=s.TEXT))),
    "static": Operation("Our own style sheets and scripts", _ANY_BYTES, (no.PathUnknown,)),
}

PAGES = EndpointGroup(
    "Pages",
    "For people, from this machine only.",
    _OPERATIONS,
    (no.CallerNotLocal,),
    is_look=True,
    refuses_by_page=True,
)

# These carry what chefs made, into a sandbox; a refusal of theirs is told as data to all but browsers.
PREVIEWS = EndpointGroup(
    "Previews",
    "What chefs made, as the pages show it.",
    {
        "zip_member": Operation("A file inside of a node's zip", _ANY_BYTES, (*_NODE, no.FileNotStored)),
        "exercise": Operation("An exercise, as a learner meets it", _PAGE, _NODE),
        "h5p": Operation("An H5P package, with the libraries that it brings", _PAGE, (*_NODE, no.FileNotStored)),
        "frames": Operation("Our own scripts and style sheets in frames", _ANY_BYTES, (no.PathUnknown,)),
        "media": Operation("A stored file", _ANY_BYTES, (no.FileNotStored,)),
    },
    (no.CallerNotLocal,),
    is_look=True,
)
