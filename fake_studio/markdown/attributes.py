"""What an attribute of a question's HTML may hold, and how Studio writes it out anew.

Source: Studio utils/assessment/qti/fields.py, mathml/fields.py, and how pydantic reads text as numbers and truths;
compared with answers of Studio's own converter.
"""

from __future__ import annotations

import re
from typing import Callable
from urllib.parse import quote, urlparse

from fake_studio.srcset import parse_pictures

_TRUTHS = {
    **dict.fromkeys(("1", "on", "t", "true", "y", "yes"), "true"),
    **dict.fromkeys(("0", "off", "f", "false", "n", "no"), "false"),
}
_WHOLE = re.compile(r"[+-]?\d+(?:_\d+)*(?:\.0+)?", re.ASCII)
_DIGITS = 4300  # pydantic reads no longer numbers
_LENGTH = re.compile(
    r"[+-]?0|[+-]?(?:\d+(?:\.\d*)?|\.\d+)"
    r"(?:px|pt|pc|in|cm|mm|Q|em|ex|ch|rem|lh|rlh|vw|vh|vi|vb|vmin|vmax|mu|%)"
)
_PART = r"\s*\d+(?:\.\d+)?%?\s*"
_PERCENT = r"\s*\d+(?:\.\d+)?%\s*"
_HUE = r"\s*\d+(?:\.\d+)?\s*"
_COLOR = re.compile(
    rf"#[0-9a-fA-F]{{3,8}}|[a-zA-Z]+|rgb\({_PART},{_PART},{_PART}\)|rgba\({_PART},{_PART},{_PART},{_PART}\)"
    rf"|hsl\({_HUE},{_PERCENT},{_PERCENT}\)|hsla\({_HUE},{_PERCENT},{_PERCENT},{_PART}\)"
)
_LEVEL = re.compile(r"[+-]?\d+")
_DATA = re.compile(r"data:(?:[-\w]+/[-+\w.]+(?:;[-\w]+=[-\w]+)*)?(?:;base64)?,.*")
_WEB = ("http", "https")
_PLAIN = "%/:@!$&'()*+,;=~[]|^\\?"  # what stays in a URL as it is


class ValueUnfit(ValueError):
    """A value that Studio refuses, with the reason in words."""


class LinkExternal(ValueUnfit):
    """A link that leaves the package: learners have no internet."""

    def __init__(self, link: str) -> None:
        super().__init__(f"Studio rejects external links in questions: {link!r:.80}. {_OFFLINE}")


_OFFLINE = "Remove the link (Kolibri works offline)"


def written(kind: str, value: str) -> str:
    """The value of an attribute as Studio writes it.

    ``kind`` is a name of this module's table, or the allowed values between bars. Raises ValueUnfit.
    """
    if "|" in kind:
        return _one_of(kind.split("|"), value)
    return _KINDS[kind](value)


def _one_of(allowed: list[str], value: str) -> str:
    if value not in allowed:
        raise ValueUnfit(f"must be one of {', '.join(allowed)}, not {value!r:.40}")
    return value


def _text(value: str) -> str:
    return value


def _truth(value: str) -> str:
    truth = _TRUTHS.get(value.lower())
    if truth is None:
        raise ValueUnfit(f"must be true or false, not {value!r:.40}")
    return truth


def _number(value: str) -> str:
    text = value.strip()
    if not _WHOLE.fullmatch(text) or len(text) > _DIGITS:
        raise ValueUnfit(f"must be a whole number, not {value!r:.40}")
    return str(int(text.partition(".")[0]))


def _language(value: str) -> str:
    from langcodes import Language  # at the first one: its tables are large

    try:
        if not value:
            raise ValueError("it is empty")
        return str(Language.get(value).to_tag())
    except (ValueError, AttributeError) as error:
        raise ValueUnfit(f"must be a language tag, not {value!r:.40}: {error}") from None


def _link(value: str) -> str:
    try:
        link = urlparse(value)
    except ValueError as error:
        raise ValueUnfit(f"is not a link: {error}") from None
    if link.scheme == "data":
        return _matching(_DATA, "a data: URI", value)
    if link.scheme or link.netloc or link.path.startswith("/"):
        raise LinkExternal(value)
    return value


def _source(value: str) -> str:
    if not urlparse(_link(value)).path:
        raise ValueUnfit(f"{value!r:.80} is not a path to a file")
    return value


def _sources(value: str) -> str:
    try:
        addresses = parse_pictures(value.strip()) if value.strip() else []
    except ValueError:
        raise ValueUnfit(f"must be a list of pictures, each with a width or density, not {value!r:.40}") from None
    for address in addresses:
        _source(address)
    return value


def _web(value: str) -> str:
    """A whole URL, as pydantic writes it: the host in small letters, a path at least, blanks as %20."""
    try:
        link = urlparse(value.strip())
        good = bool(link.scheme) and (bool(link.netloc) or link.scheme not in _WEB)
    except ValueError:
        good = False
    if not good:
        raise ValueUnfit(f"must be a URL with its scheme, not {value!r:.80}")
    path, query, fragment = (quote(part, safe=_PLAIN) for part in (link.path, link.query, link.fragment))
    path = path or ("/" if link.netloc else "")
    return link._replace(netloc=link.netloc.lower(), path=path, query=query, fragment=fragment).geturl()


def _http(value: str) -> str:
    url = _web(value)
    if urlparse(url).scheme not in _WEB:
        raise ValueUnfit(f"must be a URL of the web, not {value!r:.80}")
    return url


def _matching(pattern: re.Pattern[str], meaning: str, value: str) -> str:
    if not pattern.fullmatch(value):
        raise ValueUnfit(f"must be {meaning}, not {value!r:.40}")
    return value


_KINDS: dict[str, Callable[[str], str]] = {
    "text": _text,
    "truth": _truth,
    "number": _number,
    "language": _language,
    "link": _link,
    "source": _source,
    "sources": _sources,
    "web": _web,
    "http": _http,
    "length": lambda value: _matching(_LENGTH, "a length such as 2em or 50%", value),
    "color": lambda value: _matching(_COLOR, "a color", value),
    "level": lambda value: _matching(_LEVEL, "a level such as 1 or +1", value),
}
