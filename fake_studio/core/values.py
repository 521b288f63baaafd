"""Single values as Studio's database takes them: text with a limit, ids, whole numbers, le_utils' vocabulary."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from le_utils.constants import content_kinds, file_formats, format_presets, languages, licenses

from fake_studio.core.refusals import Refusal, ValueUnusable

KINDS = tuple(dict(content_kinds.choices))
LICENSES = {license.name: license for license in licenses.LICENSELIST}
LANGUAGES = {language.code: language for language in languages.LANGUAGELIST}
PRESETS = {preset.id: preset for preset in format_presets.PRESETLIST}
EXTENSIONS = tuple(dict(file_formats.choices))
MEDIA_PRESETS = (
    format_presets.AUDIO,
    format_presets.AUDIO_DEPENDENCY,
    format_presets.VIDEO_HIGH_RES,
    format_presets.VIDEO_LOW_RES,
    format_presets.VIDEO_DEPENDENCY,
)

# Studio looks licenses up with iexact, and everything else of le_utils by the exact name.
_LICENSES_FOLDED = {name.casefold(): name for name in LICENSES}
_UNKEPT = re.compile("[\x00\ud800-\udfff]")
_SMALLEST, _LARGEST = -(2**31), 2**31 - 1

RefusalType = type[Refusal]


def check_text(value: Any, field: str, limit: int | None, crash: RefusalType, *, coerce: bool = True) -> str:
    """``value`` as a text column keeps it: at most ``limit`` characters (code points), no NUL.

    Other types become text where ``coerce`` is set, as Django's CharField does (str of the value).
    """
    if not isinstance(value, str) and (value is None or not coerce):
        raise crash(f"must be a string, not {json_name(value)}.", field=field)
    kept: str = value if isinstance(value, str) else str(value)
    check_characters(kept, field, crash)
    if limit is not None and len(kept) > limit:
        raise crash(f"has {len(kept)} characters; at most {limit} are kept.", field=field)
    return kept


def check_characters(value: str, field: str, crash: RefusalType) -> None:
    """Whether a text holds only what a database in UTF-8 keeps: no NUL, no half of a surrogate pair."""
    if value.isascii() and "\x00" not in value:
        return
    match = _UNKEPT.search(value)
    if match:
        name = "the character NUL" if match[0] == "\x00" else f"half of a surrogate pair, U+{ord(match[0]):X}"
        raise crash(f"must not contain {name}.", field=field)


def check_json(value: Any, field: str, crash: RefusalType) -> None:
    """Whether a column of JSON keeps this data: its texts as above, and no NaN and no infinity."""
    stack = [value]
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            check_characters(part, field, crash)
        elif isinstance(part, float) and not math.isfinite(part):
            raise crash(f"must not contain {part}, which is not a JSON number.", field=field)
        elif isinstance(part, dict):
            stack.extend([*part.keys(), *part.values()])
        elif isinstance(part, list):
            stack.extend(part)


def check_optional_text(
    value: Any, field: str, limit: int | None, crash: RefusalType, *, coerce: bool = True
) -> str | None:
    """Like ``check_text``, but null stays null."""
    return None if value is None else check_text(value, field, limit, crash, coerce=coerce)


def check_id(value: Any, field: str, crash: RefusalType, *, coerce: bool = True) -> str:
    """An id column: 32 characters at most; a number or a boolean becomes text where ``coerce`` is set."""
    # PostgreSQL takes a list as the text of an array: not imitated, and named in docs/differences.md.
    if isinstance(value, (list, dict)):
        raise crash(f"must be a string, not {json_name(value)}.", field=field)
    if isinstance(value, (bool, int, float)) and coerce:
        value = _number_text(value)
    return check_text(value, field, 32, crash, coerce=coerce)


def _number_text(value: float) -> str:
    """A number as PostgreSQL writes it into a column of text: ``1e20`` with all its digits, NaN by name."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    return f"{Decimal(repr(value or 0.0)):f}"


def check_integer(value: Any, field: str, crash: RefusalType) -> int | None:
    """An integer column (32 bits): numbers are cut to whole ones, numeric strings are read, null stays null."""
    if value is None:
        return None
    try:
        # int() as Django's IntegerField has it: 2.9 becomes 2, '12' becomes 12, true becomes 1.
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        raise crash(f"must be a whole number, not {value!r:.60}.", field=field) from None
    if not _SMALLEST <= number <= _LARGEST:
        raise crash(f"must fit into 32 bits, and {number} does not.", field=field)
    return number


def license_name(value: Any, crash: RefusalType) -> str | None:
    """A license of le_utils, found without regard to case (int:create_node); null is not a license of le_utils."""
    if value is None:
        return None
    name = _LICENSES_FOLDED.get(value.casefold()) if isinstance(value, str) else None
    if name is None:
        raise crash(f"{value!r:.80} is not a license of le_utils.", field="license", allowed=list(LICENSES))
    return str(name)


def language_code(value: Any, field: str, crash: RefusalType) -> str | None:
    """A language code of le_utils such as ``en`` or ``pt-BR``; null is no language."""
    if value is not None:
        check_language(value, field, crash)
    return value  # type: ignore[no-any-return]


def check_language(value: Any, field: str, crash: RefusalType) -> None:
    """Whether le_utils has a language of this code."""
    if not isinstance(value, str) or value not in LANGUAGES:
        raise crash(f"{value!r:.80} is not a language code of le_utils, such as 'en' or 'pt-BR'.", field=field)


def check_kind(value: Any, crash: RefusalType) -> None:
    """Whether le_utils has a content kind of this name."""
    if not isinstance(value, str) or value not in KINDS:
        raise crash(f"{value!r:.80} is not a content kind.", field="kind", allowed=KINDS)


def foreign_key(value: Any, field: str, limit: int, crash: RefusalType, *, coerce: bool = True) -> str | None:
    """The key of another table's row, as a column of at most ``limit`` characters holds it; null stays null.

    Whether there is such a row is not looked at: PostgreSQL does that when the transaction ends.
    """
    return check_optional_text(value, field, limit, crash, coerce=coerce)


def lookup_key(value: Any, field: str) -> str | None:
    """An id to look something up by; None for what can never be found.

    Studio's database looks up text, and finds nothing for null and for an empty list; any other type it cannot
    compare (recordings editor/int, add/root-list, finish/null). Raises ValueUnusable.
    """
    # Both make a query that no row answers.
    if value is None or value == []:
        return None
    if not isinstance(value, str) or _UNKEPT.search(value):
        raise ValueUnusable(f"must be an id as text, not {value!r:.60}.", field=field)
    return value


def lookup_keys(sent: Any, field: str) -> list[Any]:
    """Several ids to look something up by, each as ``lookup_key`` takes it. Raises ValueUnusable before any is used."""
    if not isinstance(sent, (list, dict, str)):
        raise ValueUnusable(f"must be a list of ids, not {json_name(sent)}.", field=field)
    for key in sent:
        if isinstance(key, list):
            raise ValueUnusable(f"must be ids as text, not {key!r:.60}.", field=field)
        lookup_key(key, field)
    return list(sent)


def parse_bool(value: Any) -> bool | None:
    """True or false, in one of the spellings that Django REST framework takes; None for anything else."""
    word = value.lower() if isinstance(value, str) else value
    if not isinstance(word, (str, int, float)):
        return None
    return True if word in _TRUE else False if word in _FALSE else None


_TRUE = {"t", "y", "yes", "true", "on", "1", 1}
_FALSE = {"f", "n", "no", "false", "off", "0", 0}


def json_text(value: Any, field: str, crash: RefusalType) -> Any:
    """The data inside a string of JSON (ricecooker sends extra_fields, answers and hints so)."""
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise crash(f"is not valid JSON: {error}.", field=field) from None


def check_present(data: Mapping[str, Any], key: str, crash: RefusalType, field: str = "") -> Any:
    """``data[key]``, or a refusal that names the missing key."""
    if key not in data:
        raise crash("is required, and is missing.", field=field or key)
    return data[key]


def check_object(value: Any, field: str, crash: RefusalType) -> dict[str, Any]:
    """``value`` if it is a JSON object."""
    if not isinstance(value, dict):
        raise crash(f"must be an object, not {json_name(value)}.", field=field)
    return value


_JSON_NAMES: dict[type, str] = {
    type(None): "null",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    str: "a string",
    list: "a list",
    dict: "an object",
}


def json_name(value: Any) -> str:
    """What JSON calls a value: ``null``, ``a list``, ``an object`` ..."""
    return _JSON_NAMES.get(type(value), type(value).__name__)
