"""Text that others wrote, made fit to stand in our lines: nothing in it acts on a terminal, a CI system or a reader."""

from __future__ import annotations

import re
import unicodedata

from fake_studio.core.secrets import mask_text

_ODD = re.compile("[^ -~]")
_COLOURS = re.compile(r"\x1b\[[\d;]*m")
# C: controls, marks of direction and halves of surrogate pairs; Zl, Zp: line and paragraph separators.
_HIDDEN = ("Cc", "Cs", "Zl", "Zp")
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b")
# GitHub obeys "::command" at the beginning of a line, blanks before it or not; the others look at the whole line.
_COMMANDS = re.compile(r"##(?=\[|vso\[|teamcity\[)")
_FIRST_COMMAND = re.compile(r"^(\s*):(?=:)")
_RESULT = re.compile(r"(Result|Verdict)(?=: *(?:not )?ok)", re.IGNORECASE)


def visible(text: str) -> str:
    """The text on one line, for others to read: colours gone, escapes (``\\n``, ``\\u202e``) for what would not show as
    itself, and secrets masked, since terminals and logs of CI are kept.
    """
    plain = mask_text(_COLOURS.sub("", text))
    return plain if plain.isascii() and plain.isprintable() else _ODD.sub(_visible_character, plain)


def _visible_character(match: re.Match[str]) -> str:
    character = match[0]
    is_no_character = ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    hidden = is_no_character or character in _DIRECTIONS or unicodedata.category(character) in _HIDDEN
    return character.encode("unicode_escape").decode("ascii") if hidden else character


def harmless_lines(text: str) -> str:
    """A text of several lines, each of them harmless."""
    return "\n".join(map(harmless, text.split("\n")))


def harmless(line: str) -> str:
    """A visible line that no CI system takes for a command, and nobody for our result."""
    line = _COMMANDS.sub("#\\\\#", visible(line))
    if ":" not in line:
        return line
    return _RESULT.sub(r"\1\\", _FIRST_COMMAND.sub(r"\1\\:", line))
