"""Bodies that Studio reads through a serializer, which answers each bad field with its own message.

Source: Studio viewsets/file.py FileUploadURLSerializer, serializers.py GetTreeDataSerializer; the messages are Django
REST framework's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Callable

from le_utils.constants import file_formats

from fake_studio.core import values
from fake_studio.core.refusals import FieldsInvalid, FileNotKept

MAX_PLAIN_UPLOAD = 500 * 1024 * 1024
_SURROGATE = re.compile("[\ud800-\udfff]")

Field = Callable[[Any], Any]


class FormData(dict[str, str]):
    """The values of an HTML form. There, a field that may be left out counts as left out when it is blank."""


class _FieldError(Exception):
    """The messages of one field."""

    def __init__(self, *messages: str) -> None:
        super().__init__(*messages)
        self.messages = list(messages)


def read(data: Any, fields: Mapping[str, Field], optional: Mapping[str, Any]) -> dict[str, Any]:
    """Each field's value; ``optional`` has the defaults of those that may be missing. Raises FieldsInvalid."""
    data_sent = _named_fields(data, optional)
    errors: dict[str, list[str]] = {}
    # All fields are read before any is refused: Studio names every bad one (recording upload_url/missing-all).
    values_read: dict[str, Any] = dict(optional)
    for name, field in fields.items():
        if name in data_sent:
            try:
                values_read[name] = field(data_sent[name])
            except _FieldError as wrong:
                errors[name] = wrong.messages
        elif name not in optional:
            errors[name] = ["This field is required."]
    if errors:
        raise FieldsInvalid(errors)
    return values_read


def _named_fields(data: Any, optional: Mapping[str, Any]) -> Mapping[str, Any]:
    if data is None:
        raise FieldsInvalid({"non_field_errors": ["No data provided"]})
    if not isinstance(data, Mapping):
        name = type(data).__name__
        raise FieldsInvalid({"non_field_errors": [f"Invalid data. Expected a dictionary, but got {name}."]})
    if isinstance(data, FormData):
        return {name: value for name, value in data.items() if value or name not in optional}
    return data


def characters(value: Any) -> str:
    """A text: trimmed, not blank; numbers are taken as text."""
    text = _trim(value, "Not a valid string.")
    faults = _unkept(text)
    if faults:
        raise _FieldError(*faults)
    return text


def checksum(value: Any) -> str:
    """An md5 as 32 lower-case hex digits."""
    pattern = "This value does not match the required pattern."
    text = _trim(value, pattern)
    if not re.fullmatch(r"[0-9a-f]{32}", text):
        raise _FieldError(*_unkept(text), pattern)
    return text


def _trim(value: Any, no_text: str) -> str:
    if value is None:
        raise _FieldError("This field may not be null.")
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise _FieldError(no_text)
    text = str(value).strip()
    if not text:
        raise _FieldError("This field may not be blank.")
    return text


def _unkept(text: str) -> list[str]:
    if text.isascii() and "\x00" not in text:
        return []
    faults = ["Null characters are not allowed."] if "\x00" in text else []
    surrogate = _SURROGATE.search(text)
    if surrogate:
        faults.append(f"Surrogate characters are not allowed: U+{ord(surrogate[0]):X}.")
    return faults


def integer(value: Any) -> int:
    """A whole number; ``"12"`` and ``12.0`` are taken, ``12.5`` and ``true`` are not."""
    if value is None:
        raise _FieldError("This field may not be null.")
    if type(value) is int:
        return value
    if isinstance(value, str) and len(value) > 1000:
        raise _FieldError("String value too large.")
    try:
        # str() first, as the framework does: it makes true no integer (recording upload_url/size-true).
        return int(re.sub(r"\.0*\s*$", "", str(value)))
    except ValueError:
        raise _FieldError("A valid integer is required.") from None


def choice(allowed: Mapping[str, Any]) -> Field:
    """One of these names."""

    def check_choice(value: Any) -> str:
        if value is None:
            raise _FieldError("This field may not be null.")
        if str(value) not in allowed:
            raise _FieldError(f'"{value}" is not a valid choice.')
        return str(value)

    return check_choice


def duration(value: Any) -> int | None:
    """Seconds, cut to whole ones, more than 0; a number in a string is refused, as a form sends it."""
    if value is None:
        return None
    if isinstance(value, str):
        raise _FieldError("A valid number is required.")
    try:
        seconds = float(value)
    except OverflowError:
        raise FileNotKept("is too large a number of seconds.", field="duration") from None
    except (TypeError, ValueError):
        raise _FieldError("A valid number is required.") from None
    if not math.isfinite(seconds):
        raise FileNotKept("must be a finite number of seconds.", field="duration")
    if math.floor(seconds) <= 0:
        raise _FieldError("File duration is equal to or less than 0")
    return math.floor(seconds)


def boolean(value: Any) -> bool:
    """True or false, in one of the many spellings that a form may use."""
    if value is None:
        raise _FieldError("This field may not be null.")
    truth = values.parse_bool(value)
    if truth is None:
        raise _FieldError("Must be a valid boolean.")
    return truth


UPLOAD: dict[str, Field] = {
    "size": integer,
    "checksum": checksum,
    "name": characters,
    "file_format": choice(dict(file_formats.choices)),
    "preset": choice(values.PRESETS),
    "duration": duration,
    "resumable": boolean,
}
TREE: dict[str, Field] = {"channel_id": characters, "tree": characters, "node_id": characters}


def parse_upload(data: Any) -> dict[str, Any]:
    """An announced upload by the keys of ``UPLOAD``: size in bytes, duration in whole seconds or None.

    Raises FieldsInvalid.
    """
    announced = read(data, UPLOAD, {"duration": None, "resumable": False})
    fault = _upload_fault(announced)
    if fault:
        raise FieldsInvalid({"non_field_errors": [fault]})
    return announced


def _upload_fault(announced: dict[str, Any]) -> str | None:
    file_format, preset = announced["file_format"], announced["preset"]
    media = (file_formats.MP4, file_formats.WEBM, file_formats.MP3)
    if file_format in media and announced["duration"] is None:
        return "Duration is required for audio/video files"
    if file_format not in values.PRESETS[preset].allowed_formats:
        return f"File format {file_format} is not an allowed format for this preset {preset}"
    if not announced["resumable"] and announced["size"] > MAX_PLAIN_UPLOAD:
        return "Files larger than 500 MB must use a resumable upload."
    return None


def check_kept(announced: dict[str, Any]) -> None:
    """What the database would not keep of an announced upload, after quota. Raises FileNotKept."""
    if len(announced["name"]) > 255:
        raise FileNotKept(f"has {len(announced['name'])} characters; at most 255 are kept.", field="name")
    if not -(2**31) <= announced["size"] < 2**31:
        raise FileNotKept(f"{announced['size']} does not fit into 32 bits.", field="size")
    duration = announced["duration"]
    if duration is not None and not (announced["preset"] in values.MEDIA_PRESETS and duration < 2**31):
        raise FileNotKept(
            f"{duration} with preset {announced['preset']}: only audio and video last, and no longer than 32 bits.",
            field="duration",
        )


def parse_tree_query(data: Any) -> dict[str, Any]:
    """``channel_id``, ``tree`` (main unless sent) and ``node_id`` (None unless sent). Raises FieldsInvalid."""
    return read(data, TREE, {"tree": "main", "node_id": None})
