"""What a style sheet asks for: url(), @import, image-set(); of a font with several files, any one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from fake_studio.content.errors import ContentTooLarge
from fake_studio.content.references import Reference, is_fragment

_ASKS = re.compile(r"url\s*\(|@import|image-set", re.I)
# A declaration or a whole rule that names no file. tinycss2 reads 0.3 MB a second, so most of a sheet never gets there.
SHEET_LIMIT = 200_000  # characters that tinycss2 reads of one sheet
_PART = r"(?:(?!url\s*\(|image)[^{};\"'@\\/]|\"[^\"{};]*\"|'[^'{};]*')"
_PLAIN = rf"(?<=[{{}};]){_PART}+"
_PLAIN_DECLARATION = re.compile(_PLAIN + ";", re.I)
_PLAIN_RULE = re.compile(_PLAIN + rf"\{{{_PART}*\}}", re.I)
_IGNORED_DECLARATIONS = ("--", "behavior", "-ms-behavior")  # used elsewhere if at all; Internet Explorer's own
_IGNORED_RULES = ("namespace", "document", "-moz-document", "charset")  # their addresses are names
_choices = count(1_000_000)  # apart from those that pages count


def references_in_sheet(text: str) -> list[Reference]:
    """What a whole style sheet asks for, in order. Raises ContentTooLarge."""
    if not _ASKS.search(text):
        return []
    import tinycss2

    short = _PLAIN_RULE.sub("", _PLAIN_DECLARATION.sub("", text))
    if len(short) > SHEET_LIMIT:
        raise ContentTooLarge("A style sheet is too long to read.")
    return list(_of_rules(tinycss2.parse_stylesheet(short, skip_comments=True, skip_whitespace=True)))


def references_in_style(text: str) -> list[Reference]:
    """What the style attribute of an element asks for."""
    if not _ASKS.search(text) or len(text) > SHEET_LIMIT:
        return []
    import tinycss2

    return list(_of_rules(tinycss2.parse_blocks_contents(text, skip_comments=True, skip_whitespace=True)))


def _of_rules(rules: Iterable[Any]) -> Iterator[Reference]:
    for rule in rules:
        if rule.type == "at-rule":
            yield from _of_at_rule(rule)
        elif rule.type == "qualified-rule":
            yield from _of_rules(_contents(rule.content))
        elif rule.type == "declaration" and not rule.name.startswith(_IGNORED_DECLARATIONS):
            yield from (Reference(url, "CSS") for url in _urls(rule.value))


def _contents(content: Any) -> list[Any]:
    import tinycss2

    return list(tinycss2.parse_blocks_contents(content or [], skip_comments=True, skip_whitespace=True))


def _of_at_rule(rule: Any) -> Iterator[Reference]:
    name = rule.lower_at_keyword
    if name == "import":
        yield from (Reference(url, "@import") for url in list(_urls(rule.prelude, strings=True))[:1])
    elif name == "font-face":
        yield from _of_font(rule)
    elif name not in _IGNORED_RULES and rule.content is not None:
        yield from _of_rules(_contents(rule.content))


def _of_font(rule: Any) -> Iterator[Reference]:
    """The files of a font. A browser takes the first that it can have, of the last ``src`` that it understands."""
    parts = [part for part in _contents(rule.content) if part.type == "declaration"]
    sources = [part.value for part in parts if part.lower_name == "src"]
    choice = next(_choices)
    for value in sources[-1:]:
        yield from (Reference(url, "font", choice) for url in _urls(value))


def _urls(tokens: Iterable[Any], *, strings: bool = False) -> Iterator[str]:
    """The addresses among tokens; with ``strings``, a plain string is one too."""
    for token in tokens or ():
        if token.type == "url" or (strings and token.type == "string"):
            if token.value.strip() and not is_fragment(token.value):
                yield token.value
        elif token.type == "function":
            names_file = token.lower_name in ("url", "src", "image-set", "-webkit-image-set", "image")
            yield from _urls(token.arguments, strings=names_file)
        elif token.type in ("() block", "[] block", "{} block"):
            yield from _urls(token.content)
