"""Faults by name: what chefs met in the wild, and what nobody has reported yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fake_studio.faults import effects, proxy_pages

_UNREPORTED = "not reported in the wild"
_LARGE = 1500  # bytes: two nodes or more, as ricecooker sends them


@dataclass(frozen=True)
class Preset:
    """What happens, where that is known from, and the rule that makes it happen."""

    happens: str
    source: str
    rule: dict[str, Any]

    @property
    def is_reported(self) -> bool:
        """Whether somebody met it."""
        return not self.source.startswith(_UNREPORTED)


def _gateway(status: int) -> dict[str, Any]:
    """A proxy speaks no dialect."""
    return {"status": status, "answer": proxy_pages.page(status), "headers": {"Content-Type": "text/html"}}


PRESETS: dict[str, Preset] = {
    "studio-unavailable": Preset(
        "every request of the API is answered 503 by the proxy",
        "studio #929: 502 and 504 for everybody",
        {"endpoint": ["internal", "uploads"], **_gateway(503)},
    ),
    "version-refused": Preset(
        "check_version says that this ricecooker is too old (status 3)",
        "Studio views/internal.py check_version",
        {
            "endpoint": "check_version",
            "answer": {
                "success": True,
                "status": 3,
                "message": "This version of Ricecooker is no longer compatible. You must upgrade to continue.",
            },
        },
    ),
    "token-expired-mid-run": Preset(
        "from the sixth request with a token on, the token is unknown",
        "not reported in the wild: a token that was replaced in the settings",
        {"after": 5, "fault": effects.TOKEN_REVOKED},
    ),
    "storage-head-500": Preset(
        "storage answers 500 when it is asked whether it has a file",
        "ricecooker managers/tree.py reads any answer but 200 as no",
        {"endpoint": "storage_file", "method": "HEAD", "status": 500},
    ),
    "upload-url-400": Preset(
        "every upload is rejected with 400",
        "Studio viewsets/file.py: the rules of upload_url",
        {"endpoint": "upload_url", "status": 400},
    ),
    "quota-in-the-middle": Preset(
        "from the second upload_url on, the quota is used up",
        "ricecooker #220, #567",
        {"after": 1, "endpoint": "upload_url", "fault": effects.QUOTA_EXHAUSTED},
    ),
    "bad-gateway-from-storage": Preset(
        "the first PUT is answered 502",
        "studio #929; ricecooker #68 met it at file_diff",
        {"endpoint": "put_file", "nth": 1, **_gateway(502)},
    ),
    "storage-down": Preset(
        "every PUT is answered 502",
        "studio #929",
        {"endpoint": "put_file", **_gateway(502)},
    ),
    "upload-interrupted": Preset(
        "the connection of the first PUT breaks in the middle of the file",
        "not reported in the wild: a network that breaks",
        {"nth": 1, "fault": effects.UPLOAD_INTERRUPTED},
    ),
    "truncated-upload": Preset(
        "storage takes the first file, and keeps the first half of it",
        "not reported in the wild: storage that lies",
        {"nth": 1, "fault": effects.TRUNCATED_UPLOAD},
    ),
    "storage-forgets-a-file": Preset(
        "storage takes the first file, and then does not have it",
        "not reported in the wild: storage that lies",
        {"nth": 1, "fault": effects.FILE_FORGOTTEN},
    ),
    "create-channel-500": Preset(
        "create_channel is answered 500",
        "studio #899",
        {"endpoint": "create_channel", "status": 500},
    ),
    "add-nodes-500-once": Preset(
        "the second add_nodes is answered 500",
        "ricecooker #70",
        {"endpoint": "add_nodes", "nth": 2, "status": 500},
    ),
    "gateway-timeout-on-large-add-nodes": Preset(
        "the first large add_nodes is carried out, and the proxy answers 504",
        "studio #833, #941",
        {"endpoint": "add_nodes", "min_bytes": _LARGE, "times": 1, "applied": True, **_gateway(504)},
    ),
    "connection-reset-on-add-nodes": Preset(
        "the connection of the second add_nodes is reset before Studio does anything",
        "not reported in the wild: a Studio that restarts",
        {"endpoint": "add_nodes", "nth": 2, "fault": effects.CONNECTION_RESET_BY_PEER},
    ),
    "answer-lost-on-add-nodes": Preset(
        "the second add_nodes is carried out, and its connection is reset before the answer",
        "not reported in the wild: a Studio that restarts",
        {"endpoint": "add_nodes", "nth": 2, "applied": True, "fault": effects.CONNECTION_RESET_BY_PEER},
    ),
    "finish-channel-500": Preset(
        "finish_channel is answered 500",
        "Studio views/internal.py: a channel without a chef tree",
        {"endpoint": "finish_channel", "status": 500},
    ),
    "publish-fails": Preset(
        "publish_channel is answered as usual, and the publish fails in the background",
        "studio #2382",
        {"fault": effects.PUBLISH_FAILED},
    ),
    "slow-studio": Preset(
        "every request of the API waits for half a second, and its answer comes in five pieces",
        "studio #941, #1333",
        {
            "endpoint": ["internal", "uploads"],
            "fixedDelayMilliseconds": 500,
            "chunkedDribbleDelay": {"numberOfChunks": 5, "totalDuration": 200},
        },
    ),
}
