"""Subtitles beside their film: their languages, and whether their cues come while it lasts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Optional

from fake_studio.content.flaw import Inspection
from fake_studio.content.scripts import find_foreign_script
from fake_studio.core import values
from fake_studio.core.model import File, Node
from fake_studio.findings.examined import FilesOfNode
from fake_studio.findings.finding import Fault

InspectionOf = Callable[[File], Optional[Inspection]]
# A last cue, such as a credit, may begin where the sound has ended and the picture has not.
_TOLERANCE = 1.0  # seconds


def find_language_faults(files: FilesOfNode, node: Node) -> Iterator[Fault]:
    """Subtitles of a node without a language, and several in one."""
    return _language_faults(_subtitles(node))


def find_cue_faults(files: FilesOfNode, node: Node) -> Iterator[Fault]:
    """Subtitles of a node that seem to be in another language, or to belong to another film."""
    return find_subtitle_issues(node, files.inspection_of)


def _subtitles(node: Node) -> list[File]:
    presets = ((file, values.PRESETS.get(file.preset or "")) for file in node.files)
    return [file for file, preset in presets if preset and preset.subtitle]


def _language_faults(subtitles: list[File]) -> Iterator[Fault]:
    missing = [file.original_filename for file in subtitles if not file.language]
    if missing:
        yield "subtitle-language-missing", f"Without one: {', '.join(missing)}."
    for language, count in Counter(file.language for file in subtitles if file.language).items():
        if count > 1:
            yield "subtitle-repeated", f"It has {count} in {language_name(language)}."


def language_name(code: str) -> str:
    """A language as a person calls it, and its code: ``Hindi (hi)``."""
    language = values.LANGUAGES.get(code)
    return f"{language.name.partition(';')[0]} ({code})" if language else repr(code)


def find_subtitle_issues(node: Node, inspection_of: InspectionOf) -> Iterator[Fault]:
    """What is wrong with a node's subtitles by what stands in them: codes, each with a detail.

    ``inspection_of`` gives what is known of the inside of a file, or None. Of a film the fact "duration" is used, of
    subtitles "scripts" and "last_cue".
    """
    duration = _duration(node, inspection_of)
    for file in _subtitles(node):
        inspection = inspection_of(file)
        facts = inspection.facts if inspection else {}
        script = find_foreign_script(file.language or "und", facts.get("scripts", {}))
        if script:
            language = language_name(str(file.language))
            yield "subtitle-language-doubtful", f"The subtitles in {language} are written in {script} letters."
        last_cue = facts.get("last_cue", 0.0)
        if duration and last_cue > duration + _TOLERANCE:
            detail = f"The last cue begins at {_clock(last_cue)}, and the film ends at {_clock(duration)}."
            yield "subtitle-after-the-end", detail


def _duration(node: Node, inspection_of: InspectionOf) -> float | None:
    """How long the film of a node lasts, in seconds: its longest file, or what the chef said. None if unknown."""
    presets = ((file, values.PRESETS.get(file.preset or "")) for file in node.files)
    films = [file for file, preset in presets if preset and not preset.supplementary]
    facts = [inspection.facts for inspection in map(inspection_of, films) if inspection]
    measured = [float(fact["duration"]) for fact in facts if "duration" in fact]
    announced = [float(file.duration) for file in films if file.duration]
    return max(measured or announced, default=None)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
