r"""Texts that learners will not read as they were meant: marks of HTML, UTF-8 read as something else, LaTeX as source.

In questions, formulas stand between dollars: ``$x$`` or ``$$x$$``. A ``\$`` comes out of Studio as ``$``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_TAGS = re.compile(r"<(p|b|i|u|em|strong|span|div|sub|sup|font|h[1-6]|a|li|ul)(?:\s[^<>]*)?>[^<]*</\1>|<br ?/?>", re.I)
# Who writes about these marks means them.
_MARK = re.compile(r"[&<\\%]|^b['\"]")
_ABOUT_MARKS = re.compile(r"\b(?:html\d?|xml|entit(?:y|ies)|escap(?:e|ed|ing)|tags?|latex|unicode|url)\b", re.I)
# A character or byte of Python's as it is written in source, and a text of bytes that was made one of characters.
_CODED = re.compile(r"\\u[0-9a-fA-F]{4}|(?:\\x[0-9a-fA-F]{2}){2}|^b(['\"]).+\1$")
_ESCAPE = re.compile(rf"{_CODED.pattern}|(?<=[^\W\d_])%20(?=\w)")
_TWICE_ESCAPED = re.compile(r"&amp;(?:nbsp|amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+")
_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
# Pairs that no language has: UTF-8 in Latin-1 or Windows-1252, beside characters that are right.
_MOJIBAKE = re.compile(
    "\u00c3[\u00a9\u00a8\u00a1\u00b3\u00ad\u00ba\u00b1\u00bc\u00b6\u00a4\u00a7\u00aa\u00a2\u00ae\u00b4]"
    "|\u00e2\u20ac[\u2122\u0153\u009d\u201c\u201d\u02dc\u00a6]"
)
# The byte of each character; the few that an encoding leaves out are read as Latin-1.
_BYTES = {
    encoding: {
        ord(character): byte for byte in range(128, 256) if (character := bytes([byte]).decode(encoding, "ignore"))
    }
    for encoding in ("cp1252", "cp1251", "cp437")
}
# A first byte of UTF-8 and one that may follow it: most texts have no such pair, and need not be decoded.
_PAIRS = {
    encoding: re.compile(
        f"[{''.join(chr(character) for character, byte in table.items() if 0xC2 <= byte <= 0xF4)}]"
        f"[{re.escape(''.join(chr(character) for character, byte in table.items() if byte < 0xC0))}\x80-\x9f]"
    )
    for encoding, table in _BYTES.items()
}
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+?\$", re.DOTALL)
_WITH_BRACES = r"frac|dfrac|tfrac|sqrt|text|mathrm|mathbf|mathbb|overline|underline|vec|hat|begin|boxed"
_ALONE = r"times|div|cdot|leq?|geq?|neq|pm|pi|alpha|beta|theta|lambda|infty|circ|angle|triangle|sum|int|left|right"
_LATEX = re.compile(rf"\\(?:{_WITH_BRACES})\s*[{{\[]|(?<![:\\/])(?<![A-Za-z]{{2}})\\(?:{_ALONE})(?![A-Za-z\\])")
_BRACKETS = ((r"\(", r"\)"), (r"\[", r"\]"))
# Two amounts of money, with words or a dash between them.
_MONEY = re.compile(r"(?<![\\$])\$\d[\d.,]*(?:\s(?:\s+|\s*[^\s$][^$\n]*\s)|\s?[-\u2013\u2014/~]\s?)\$(?=\d|[a-z]\$)")
_DOLLAR = re.compile(r"(?<![\\$])\$(?!\$)")
_ESCAPED_DOLLAR = re.compile(r"(?<!\\)\\\$")


def find_garbling(text: str) -> str | None:
    """What looks wrong in a title or another plain text, in words; None for a text that looks right."""
    return next(_garbling(text), None)


def find_garbled_markdown(markdown: str, *, is_perseus: bool = False) -> str | None:
    """What looks wrong in a text of a question, in words; None for a text that looks right.

    Perseus does not pass through Studio's Markdown, so ``\\$`` is right there. Entities of HTML are right in Markdown.
    """
    prose = _CODE.sub(" ", markdown) if "`" in markdown else markdown
    if not is_perseus and _loses_backslash(prose):
        return rf"Studio publishes \$ as $, and what stands between two of them becomes a formula: {_quote(prose)}"
    return next(_formula_garbling(prose), None) or next(_lost_characters(prose), None) or _find_coded(prose)


def _find_coded(prose: str) -> str | None:
    """Marks that even Markdown shows as they stand: entities that were escaped twice, and characters in source code."""
    mark = _TWICE_ESCAPED.search(prose) or (None if _ABOUT_MARKS.search(prose) else _CODED.search(prose))
    return f"learners see {_quote(mark[0])} itself in {_quote(prose)}" if mark else None


def find_lost_characters(text: str) -> str | None:
    """What shows that a text was read in a wrong encoding, in words; None for one that looks right."""
    return next(_lost_characters(text), None)


def _lost_characters(text: str) -> Iterator[str]:
    repaired = find_repaired(text)
    if repaired:
        yield f"{_quote(text)} is UTF-8 that was read in another encoding: it should be {_quote(repaired)}"
    if "\ufffd" in text:
        yield f"{_quote(text)} has characters that could not be decoded (\ufffd)"


def _garbling(text: str) -> Iterator[str]:
    yield from _lost_characters(text)
    if not _MARK.search(text) or _ABOUT_MARKS.search(text):
        return
    text = _ADDRESS.sub(" ", text)
    entities = [entity[0] for entity in _ENTITY.finditer(text) if entity[0][1] == "#" or entity[0][1:] in html5]
    if entities:
        yield f"learners see {entities[0]} and not {unescape(unescape(entities[0]))!r} in {_quote(text)}"
    for mark in (_TAGS.search(text), _ESCAPE.search(text), _LATEX.search(text)):
        if mark:
            yield f"learners see {_quote(mark[0])} itself in {_quote(text)}"


def _quote(text: str) -> str:
    """A text between quotes, short and on one line, its backslashes as they are."""
    line = " ".join(text.split())
    return f"'{line if len(line) <= 80 else f'{line[:77]}...'}'"


def find_repaired(text: str) -> str | None:
    """The text as it was before UTF-8 was read as Windows-1252, Latin-1, Windows-1251 or DOS; None if it was not."""
    for encoding, pair in _PAIRS.items():
        repaired = _repair(text, encoding) if pair.search(text) else None
        # One pair alone in Cyrillic may be chance: capital letters come in all orders.
        if repaired and (encoding != "cp1251" or len(_NON_ASCII.findall(repaired)) > 2):
            return repaired
    return _MOJIBAKE.sub(lambda pair: _repair(pair[0], "cp1252") or pair[0], text) if _MOJIBAKE.search(text) else None


def _repair(text: str, encoding: str) -> str | None:
    try:
        repaired = text.translate(_BYTES[encoding]).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None
    return repaired if repaired.isprintable() or "\n" in repaired else None


def _loses_backslash(prose: str) -> bool:
    escaped = len(_ESCAPED_DOLLAR.findall(prose)) if "\\$" in prose else 0
    return escaped > 0 and escaped + len(_DOLLAR.findall(prose)) > 1


def _formula_garbling(prose: str) -> Iterator[str]:
    money = _MONEY.search(prose) if prose.count("$") > 1 else None
    if money:
        yield f"{_quote(money[0])} becomes a formula: keep one dollar sign only, or write USD"
    if "\\" not in prose:
        return
    latex = _LATEX.search(_FORMULA.sub(" ", prose))
    for source in (latex and latex[0], _find_bracketed(prose)):
        if source:
            yield f"{_quote(source)} is outside of dollar signs: learners see its source. Write it between $$ and $$"


def _find_bracketed(prose: str) -> str | None:
    """The first formula in brackets of LaTeX. What does not end behind the first bracket ends behind none."""
    starts = [(prose.find(opening), closing) for opening, closing in _BRACKETS]
    parts = [(start, prose.find(closing, start + 3)) for start, closing in starts if start >= 0]
    return next((prose[start : stop + 2] for start, stop in sorted(parts) if stop >= 0), None)
