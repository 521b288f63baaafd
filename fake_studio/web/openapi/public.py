"""What Kolibri reads."""

from __future__ import annotations

from fake_studio import refusals as no
from fake_studio.web.openapi import shapes as s
from fake_studio.web.openapi.operation import Audience, Operation, Parameter, json_of
from fake_studio.web.openapi.shapes import ref

_CHANNELS = json_of(s.list_of(ref("PublicChannel")))
_TOKENS = Parameter("tokens", s.TEXT, "Channel tokens, separated by commas; dashes do not matter.")

PUBLIC = Audience(
    "Public API",
    "What Kolibri reads: who this server is, and its published channels. Nobody needs a token.",
    {
        "info": Operation(
            "What kind of server this is",
            json_of(ref("Info")),
            parameters=(Parameter("v", s.TEXT, "The version of the question: newer ones get more keys."),),
        ),
        "public_channels": Operation(
            "Published channels: public ones, and those whose token is given",
            _CHANNELS,
            (no.ApiVersionUnknown,),
            parameters=(_TOKENS, Parameter("keyword", s.TEXT, "Only channels with this word.")),
        ),
        "lookup": Operation(
            "One published channel, by its id or token",
            _CHANNELS,
            (no.ApiVersionUnknown, no.ChannelNotMatched),
            parameters=(_TOKENS,),
        ),
    },
)
