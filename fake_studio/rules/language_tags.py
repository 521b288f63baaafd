"""The form of a language tag (BCP 47), whether there is such a language or not.

Studio writes a question's language into its QTI item as ``xml:lang``, and checks the form as Python's langcodes does:
case does not matter, and an underscore is a hyphen (Studio utils/assessment/qti/fields.py).
"""

from __future__ import annotations

import re

# One to three extended languages, a script, a region, variants, extensions, and what is private, in this order. Where
# langcodes knows only the length of a subtag, digits pass for letters.
_LANGUAGE = "[a-z0-9]{2,4}"
_EXTENDED = "(?:-[a-z]{3}(?:-[a-z0-9]{3}){0,2})?"
_SCRIPT = "(?:-[a-z]{4})?"
_REGION = "(?:-(?:[a-z]{2}|[0-9]{3}))?"
_VARIANTS = "(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
_EXTENSIONS = "(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*"
_PRIVATE = "x(?:-[a-z0-9]{1,8})+"
_TAG = re.compile(f"{_LANGUAGE}{_EXTENDED}{_SCRIPT}{_REGION}{_VARIANTS}{_EXTENSIONS}(?:-{_PRIVATE})?|{_PRIVATE}")

_OLD_TAGS = {
    *("en-gb-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak", "i-klingon", "i-lux", "i-mingo"),
    *("i-navajo", "i-pwn", "i-tao", "i-tay", "i-tsu", "sgn-be-fr", "sgn-be-nl", "sgn-ch-de", "art-lojban"),
    *("cel-gaulish", "no-bok", "no-nyn", "zh-guoyu", "zh-hakka", "zh-min", "zh-min-nan", "zh-xiang"),
}
"""Registered before there was a form (RFC 5646, section 2.2.8)."""


def is_language_tag(text: str) -> bool:
    """Whether a text has the form of a language tag."""
    tag = text.lower().replace("_", "-")
    return text.isascii() and (tag in _OLD_TAGS or bool(_TAG.fullmatch(tag)))
