"""Uploads by signed URL, and storage."""

from __future__ import annotations

from fake_studio.core import refusals
from fake_studio.web.openapi import shapes
from fake_studio.web.openapi.examples import CHANNEL_ID
from fake_studio.web.openapi.internal import SERIALIZED, WHO
from fake_studio.web.openapi.operation import FORM, JSON, PAGE, EndpointGroup, Operation, Parameter, json_of
from fake_studio.web.openapi.shapes import describe, ref

_CHANNELS = json_of(shapes.list_of(ref("PublicChannel")))
_TOKENS = Parameter(
    "tokens", shapes.TEXT, "Tokens or ids of channels, also of private ones, separated by commas; dashes do not matter."
)

PUBLIC = EndpointGroup(
    "Public API",
    "What Kolibri reads: what kind of server this is, and its published channels. No token is needed.",
    {
        "info": Operation(
            "What kind of server this is",
            json_of(ref("Info")),
            parameters=(Parameter("v", shapes.TEXT, "The version of the question: newer ones get more keys."),),
        ),
        "public_channels": Operation(
            "Published channels: public ones, and those whose token is given",
            _CHANNELS,
            (refusals.ApiVersionUnknown,),
            parameters=(
                _TOKENS,
                Parameter("keyword", shapes.TEXT, "Only channels with this word."),
                Parameter("language", shapes.TEXT, "Has no effect, as in Studio."),
            ),
        ),
        "channel_name": Operation(
            "The name of any channel, published or not",
            json_of(shapes.strict_object(name=shapes.TEXT, description=shapes.TEXT, version=shapes.WHOLE)),
            (refusals.ChannelNameUnknown,),
        ),
        "lookup": Operation(
            "One published channel, by its id or token",
            _CHANNELS,
            (refusals.ApiVersionUnknown, refusals.ChannelNotMatched),
            parameters=(_TOKENS,),
        ),
    },
    (refusals.FormatUnknown,),
)


_ANY_BYTES = {"*/*": shapes.ANYTHING}
_TICKET = (
    Parameter("user", shapes.WHOLE, "For whom the upload URL was made.", required=True, example=1),
    Parameter(
        "expires", shapes.WHOLE, "Until when it holds, in seconds since 1970.", required=True, example=1764000000
    ),
    Parameter("signature", shapes.TEXT, "Issued by upload_url only.", required=True, example="0" * 64),
    Parameter("Content-MD5", shapes.TEXT, "The md5 of the bytes, in base64.", place="header"),
)
_DATABASE = Parameter(
    "name",
    shapes.text(pattern="^[^/]+$"),
    "<channel id>.sqlite3 or, of one version, <channel id>-<version>.sqlite3.",
    place="path",
    example=f"{CHANNEL_ID}.sqlite3",
)

UPLOADS = EndpointGroup(
    "Uploads",
    "What ricecooker from 0.7 on uses instead of file_diff and file_upload.",
    {
        "upload_url": Operation(
            "Ask for a URL to upload a file to",
            json_of(
                shapes.strict_object(
                    mimetype=shapes.TEXT,
                    uploadURL=describe(shapes.TEXT, "Where to PUT the bytes, within ten minutes."),
                    resumable={"const": False},
                    might_skip=describe(shapes.TRUTH, "Whether a file of this checksum is known already."),
                    file=ref("UploadedFile"),
                )
            ),
            (*SERIALIZED, refusals.QuotaExceeded, refusals.FileNotKept),
            body={JSON: ref("AnnouncedFile"), FORM: ref("AnnouncedFile")},
        ),
    },
    WHO,
    needs_token=True,
)

STORAGE = EndpointGroup(
    "Storage",
    "Stored files; no token is needed. {rest} may contain slashes, which OpenAPI cannot express.",
    {
        "put_file": Operation(
            "Upload the bytes that an upload URL was made for",
            {PAGE: {"const": ""}},
            (refusals.UploadNotSigned, refusals.UploadExpired, refusals.ChecksumMismatch, refusals.StorageUnwritable),
            parameters=_TICKET,
            body={"application/octet-stream": shapes.ANYTHING},
        ),
        "storage_file": Operation(
            "The bytes of a stored file, or the range of them that is asked for",
            _ANY_BYTES,
            (refusals.FileNotStored, refusals.RangeNotSatisfiable),
        ),
        "storage_elsewhere": Operation("Any other path: always 404", {}, (refusals.FileNotStored,), success=None),
        "storage_write": Operation(
            "Storage is written to by upload URLs only", {}, (refusals.StorageMethodNotAllowed,), success=None
        ),
        "database": Operation(
            "A published channel's content database",
            {"application/vnd.sqlite3": shapes.ANYTHING},
            (refusals.FileNotStored, refusals.RangeNotSatisfiable),
            parameters=(_DATABASE,),
        ),
    },
)
