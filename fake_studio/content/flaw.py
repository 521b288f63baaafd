"""What is wrong inside a file, and what an inspection of it brings to light."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Flaw:
    """One thing inside a file that keeps learners from it.

    ``code`` is that of the finding, ``message`` says what is wrong and what a learner will see, ``place`` where in the
    file it is: a member's path, a cue, a question's part.
    """

    code: str
    message: str
    place: str = ""


@dataclass(frozen=True)
class Inspection:
    """What was found in a file.

    ``unchecked`` says what could not be looked at, a sentence each: a library is missing, a limit was met. ``facts`` is
    what other checks need: "duration" (seconds), "scripts" (letters used), "entry" and the like.
    """

    flaws: tuple[Flaw, ...] = ()
    unchecked: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
