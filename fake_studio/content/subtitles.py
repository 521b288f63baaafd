"""Subtitles: whether a player takes a WebVTT file, when its cues come, and in which writing systems they are.

Source: W3C WebVTT, 6.1 (file parsing) and 6.3 (timings): players drop a cue whose timings they cannot read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

from fake_studio.content.bounded import size_of
from fake_studio.content.flaw import Flaw, Inspection
from fake_studio.content.garbled import find_lost_characters
from fake_studio.content.scripts import count_scripts

_LIMIT = 1024 * 1024  # bytes: the subtitles of a long film take a fifth of it
_MANY = 20_000  # cues
_TIME = r"(?:(\d+):)?([0-5]\d):([0-5]\d\.\d{3})"  # players take hours of one digit too
_TIMINGS = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s|$)")
_BEGIN = re.compile(r"\ufeff?WEBVTT(?=[ \t\r\n]|$)")
_NO_CUE = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t]|$)")  # an arrow in these is not one of times
_LINE_END = re.compile(r"\r\n|\n|\r")
# What is heard and who speaks are often English in any language: [Music], (laughs), <v Anna>.
_NOT_SPOKEN = re.compile(r"<[^<>]*>|\[[^\[\]]*\]|\([^()]*\)|https?://\S+|www\.\S+")


@dataclass(frozen=True)
class Cue:
    """A text with its times in seconds; None for times that cannot be read."""

    text: str
    start: float | None
    line: str


def inspect_subtitles(stream: BinaryIO) -> Inspection:
    """What keeps subtitles from being shown.

    ``facts``: "last_cue" is when the last cue begins (seconds), "scripts" how many letters the cues have of each
    writing system.
    """
    size = size_of(stream)
    if not size:
        return Inspection((Flaw("file-empty", "It has 0 bytes: no subtitle appears."),))
    if size > _LIMIT:
        return Inspection(unchecked=("The subtitles are too large to read: they were not checked.",))
    content = stream.read()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return Inspection((_unreadable(_encoding_fault(content, error)),))
    if not _BEGIN.match(text):
        return Inspection((_unreadable(f"the file does not begin with WEBVTT, but with {text.lstrip()[:20]!r}"),))
    cues = list(islice(_cues(text), _MANY))
    if len(cues) == _MANY:
        return Inspection(unchecked=(f"The subtitles have {_MANY:,} cues or more: they were not checked.",))
    return Inspection((*_flaws(cues), *_garbling(cues)), facts=_facts(cues))


def _unreadable(reason: str) -> Flaw:
    return Flaw("subtitle-unreadable", f"The subtitles do not appear: {reason}.")


def _encoding_fault(content: bytes, error: UnicodeDecodeError) -> str:
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "they are UTF-16" if is_utf16 else f"byte {error.start:,} is not UTF-8"
    return f"{encoding}. Save them as UTF-8"


def _flaws(cues: list[Cue]) -> Iterator[Flaw]:
    broken = [cue for cue in cues if cue.start is None]
    if not cues:
        yield _unreadable("the file has no cue")
    elif broken:
        share = "all" if len(broken) == len(cues) else f"{len(broken)} of {len(cues)}"
        yield Flaw(
            "subtitle-unreadable",
            f"The player drops {share} cues, because it cannot read their times: {broken[0].line!r:.80}. "
            "Write them as 00:01:02.500 --> 00:01:04.000.",
            place=broken[0].line[:80],
        )


def _garbling(cues: list[Cue]) -> Iterator[Flaw]:
    """UTF-8 that was read as something else: of many cues the first, for they were all saved at once."""
    for cue in cues:
        garbling = find_lost_characters(cue.text) if not cue.text.isascii() else None
        if garbling:
            yield Flaw("text-looks-wrong", f"Subtitles: {garbling}.", place=cue.line[:80])
            return


def _facts(cues: list[Cue]) -> dict[str, Any]:
    starts = [cue.start for cue in cues if cue.start is not None]
    spoken = _NOT_SPOKEN.sub(" ", "\n".join(cue.text for cue in cues))
    return {"scripts": count_scripts(spoken), **({"last_cue": max(starts)} if starts else {})}


def _cues(text: str) -> Iterator[Cue]:
    """The cues of a file: of each block, the text behind the line of times, which is its first line or its second."""
    for block in _blocks(_without_header(text)):
        times = next((n for n, line in enumerate(block[:2]) if "-->" in line), None)
        if times is not None and (_TIMINGS.match(block[times]) or not _NO_CUE.match(block[0])):
            yield Cue("\n".join(block[times + 1 :]), _start(block[times]), block[times])


def _without_header(text: str) -> str:
    """What follows the header: up to the first blank line, or the first cue where somebody left that line away."""
    lines = _LINE_END.split(text)
    end = next((n for n, line in enumerate(lines) if not line or "-->" in line), len(lines))
    return "\n".join(lines[end:])


def _blocks(text: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in [*_LINE_END.split(text), ""]:
        if line:
            block.append(line)
        elif block:
            yield block
            block = []


def _start(line: str) -> float | None:
    times = _TIMINGS.match(line)
    return int(times[1] or 0) * 3600 + int(times[2]) * 60 + float(times[3]) if times else None
