"""What JavaScript asks for where it says so plainly: the imports that a module begins with, and pages that it goes to.

Source: ECMAScript, 16.2 (modules); HTML, 8.1.6.2 (module specifiers). What a script puts together is not followed.
"""

from __future__ import annotations

import re

_BLANK = re.compile(r"\s+|//[^\n\r]*|;|[\"']use strict[\"']")
_WITH = re.compile(r"\s*(?:with|assert)\s*\{[^{}]*\}")
_IMPORT = re.compile(r"import(?![\w$(.])[^\"'`();=]*[\"']([^\"'\n]*)[\"']")
_EXPORT_FROM = re.compile(r"export(?![\w$])\s*(?:\*[^\"'`();={}]*|\{[^\"'`();={}]*\}\s*)from\s*[\"']([^\"'\n]*)[\"']")
_ADDRESS = r"\(?\s*([\"'])([^\"'\s<>()]+\.x?html?(?:[?#][^\"'\s<>()]*)?)\1"
_GOES_TO = re.compile(rf"location(?:\.href)?\s*=\s*{_ADDRESS}", re.I)
_GOES_BY = re.compile(rf"location\.(?:replace|assign)\s*{_ADDRESS}", re.I)
_OPENS = re.compile(rf"window\.open\s*{_ADDRESS}", re.I)
_COMMENT = re.compile(r"(?m)^[^\S\n]*//.*$")
_LIMIT = 200_000  # characters of a script in which pages are looked for
_MANY = 1000  # imports of one module


def imports_of(text: str) -> list[str]:
    """The specifiers that a module imports before it does anything else."""
    specifiers: list[str] = []
    place = _skip(text, 0)
    while len(specifiers) < _MANY and (match := _IMPORT.match(text, place) or _EXPORT_FROM.match(text, place)):
        specifiers.append(match[1])
        attributes = _WITH.match(text, match.end())
        place = _skip(text, attributes.end() if attributes else match.end())
    return specifiers


def _skip(text: str, place: int) -> int:
    """Where the next statement begins, behind blanks and comments."""
    while place < len(text):
        blank = _BLANK.match(text, place)
        if blank:
            place = blank.end()
        elif text.startswith("/*", place):
            end = text.find("*/", place + 2)
            place = end + 2 if end >= 0 else len(text)
        else:
            break
    return place


def is_bare(specifier: str) -> bool:
    """Whether a specifier is the name of a package, which browsers do not find without an import map."""
    return not specifier.startswith(("/", "./", "../")) and ":" not in specifier


def pages_of(text: str) -> list[str]:
    """The pages that a script goes to, as far as their addresses are written out."""
    return _addresses(text, _GOES_TO, _GOES_BY)


def windows_of(text: str) -> list[str]:
    """The pages that a script opens beside its own."""
    return _addresses(text, _OPENS) if "open" in text else []


def _addresses(text: str, *patterns: re.Pattern[str]) -> list[str]:
    script = _COMMENT.sub("", text[:_LIMIT]) if "//" in text[:_LIMIT] else text[:_LIMIT]
    return [match[2] for pattern in patterns for match in pattern.finditer(script)]
