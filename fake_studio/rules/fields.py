"""Bodies that Studio reads through a serializer, which answers each bad field with its own message.

Source: Studio viewsets/file.py FileUploadURLSerializer, serializers.py GetTreeDataSerializer; the messages are Django
REST framework's.
"""

from __future__ import annotations

import math
import re
from typing import Any, Callable, Dict, List, Mapping, Optional

from le_utils.constants import file_formats

from fake_studio.refusals import FieldsInvalid, FileNotKept
from fake_studio.rules import values
from fake_studio.rules.files import MEDIA_PRESETS

MAX_PLAIN_UPLOAD = 500 * 1024 * 1024
_TRUE = {"t", "T", "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON", "1", 1}
_FALSE = {"f", "F", "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF", "0", 0}
_SURROGATE = re.compile("[\ud800-\udfff]")

Field = Callable[[Any], Any]


class _Wrong(Exception):
    """One field's message."""


def read(data: Any, fields: Mapping[str, Field], optional: Mapping[str, Any]) -> Dict[str, Any]:
    """Each field's value; ``optional`` has the defaults of those that may be missing. Raises FieldsInvalid."""
    if data is None:
        raise FieldsInvalid({"non_field_errors": ["No data provided"]})
    if not isinstance(data, Mapping):
        name = type(data).__name__
        raise FieldsInvalid({"non_field_errors": [f"Invalid data. Expected a dictionary, but got {name}."]})
    errors: Dict[str, List[str]] = {}
    found: Dict[str, Any] = dict(optional)
    for name, field in fields.items():
        if name not in data:
            if name not in optional:
                errors[name] = ["This field is required."]
            continue
        try:
            found[name] = field(data[name])
        except _Wrong as wrong:
            errors[name] = [str(wrong)]
    if errors:
        raise FieldsInvalid(errors)
    return found


def characters(value: Any) -> str:
    """A text: trimmed, not blank; numbers are taken as text."""
    if value is None:
        raise _Wrong("This field may not be null.")
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise _Wrong("Not a valid string.")
    text = str(value).strip()
    if not text:
        raise _Wrong("This field may not be blank.")
    if "\x00" in text:
        raise _Wrong("Null characters are not allowed.")
    surrogate = _SURROGATE.search(text)
    if surrogate:
        raise _Wrong(f"Surrogate characters are not allowed: U+{ord(surrogate[0]):X}.")
    return text


def checksum(value: Any) -> str:
    """An md5 as 32 lower-case hex digits."""
    text = characters(value)
    if not re.fullmatch(r"[0-9a-f]{32}", text):
        raise _Wrong("This value does not match the required pattern.")
    return text


def integer(value: Any) -> int:
    """A whole number; ``"12"`` and ``12.0`` are taken, ``12.5`` and ``true`` are not."""
    if value is None:
        raise _Wrong("This field may not be null.")
    if isinstance(value, str) and len(value) > 1000:
        raise _Wrong("String value too large.")
    try:
        return int(re.sub(r"\.0*\s*$", "", str(value)))
    except ValueError:
        raise _Wrong("A valid integer is required.") from None


def choice(allowed: Mapping[str, Any]) -> Field:
    """One of these names."""

    def chosen(value: Any) -> str:
        if value is None:
            raise _Wrong("This field may not be null.")
        if str(value) not in allowed:
            raise _Wrong(f'"{value}" is not a valid choice.')
        return str(value)

    return chosen


def duration(value: Any) -> Optional[int]:
    """Seconds, cut to whole ones, more than 0; a number in a string is refused, as a form sends it."""
    if value is None:
        return None
    if isinstance(value, str):
        raise _Wrong("A valid number is required.")
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        raise _Wrong("A valid number is required.") from None
    if not math.isfinite(seconds):
        raise FileNotKept("is no finite number of seconds.", field="duration")
    if math.floor(seconds) <= 0:
        raise _Wrong("File duration is equal to or less than 0")
    return math.floor(seconds)


def boolean(value: Any) -> bool:
    """True or false, in one of the many spellings that a form may use."""
    if value is None:
        raise _Wrong("This field may not be null.")
    if isinstance(value, (str, int, float)) and (value in _TRUE or value in _FALSE):
        return value in _TRUE
    raise _Wrong("Must be a valid boolean.")


UPLOAD: Dict[str, Field] = {
    "size": integer,
    "checksum": checksum,
    "name": characters,
    "file_format": choice(dict(file_formats.choices)),
    "preset": choice(values.PRESETS),
    "duration": duration,
    "resumable": boolean,
}
TREE: Dict[str, Field] = {"channel_id": characters, "tree": characters, "node_id": characters}


def upload(data: Any) -> Dict[str, Any]:
    """An announced upload. Raises FieldsInvalid."""
    announced = read(data, UPLOAD, {"duration": None, "resumable": False})
    fault = _upload_fault(announced)
    if fault:
        raise FieldsInvalid({"non_field_errors": [fault]})
    return announced


def _upload_fault(announced: Dict[str, Any]) -> Optional[str]:
    file_format, preset = announced["file_format"], announced["preset"]
    media = (file_formats.MP4, file_formats.WEBM, file_formats.MP3)
    if file_format in media and announced["duration"] is None:
        return "Duration is required for audio/video files"
    if file_format not in values.PRESETS[preset].allowed_formats:
        return f"File format {file_format} is not an allowed format for this preset {preset}"
    if not announced["resumable"] and announced["size"] > MAX_PLAIN_UPLOAD:
        return "Files larger than 500 MB must use a resumable upload."
    return None


def check_kept(announced: Dict[str, Any]) -> None:
    """What the database would not keep of an announced upload, after quota. Raises FileNotKept."""
    if len(announced["name"]) > 255:
        raise FileNotKept(f"has {len(announced['name'])} characters; at most 255 are kept.", field="name")
    if not -(2**31) <= announced["size"] < 2**31:
        raise FileNotKept(f"{announced['size']} does not fit into 32 bits.", field="size")
    if announced["duration"] is not None and announced["preset"] not in MEDIA_PRESETS:
        raise FileNotKept(f"a file of preset {announced['preset']} has no duration.", field="duration")


def tree(data: Any) -> Dict[str, Any]:
    """Which tree of which channel, and which node. Raises FieldsInvalid."""
    return read(data, TREE, {"tree": "main", "node_id": None})
