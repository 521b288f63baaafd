"""Which ricecooker versions Studio takes.

Source: Studio ricecooker_versions.py and views/internal.py check_version; Python's own distutils defines the
comparison there: the parts of a version are compared in turn, and a number cannot be compared with a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from fake_studio.core.refusals import VersionNotComparable

_PARTS = r"\d+|[a-z]+|[^\da-z.]+"

MESSAGES = (
    "Ricecooker v{version} is up-to-date.",
    "You are using Ricecooker v{version}, however v{newest} is available. "
    "You should consider upgrading your Ricecooker.",
    "Ricecooker v{version} is deprecated. Any channels created with this version will be unlinked with any future "
    "upgrades. You are strongly recommended to upgrade to v{newest}.",
    "Ricecooker v{version} is no longer compatible. You must upgrade to v{newest} to continue.",
)


@dataclass(frozen=True)
class Thresholds:
    """The lowest version that is up to date (status 0), outdated (1), deprecated (2); below that is status 3."""

    up_to_date: str
    outdated: str
    deprecated: str


DEPLOYED = Thresholds(up_to_date="0.7.3", outdated="0.7.0", deprecated="0.6.21")  # Studio ricecooker_versions.py


def status_of(version: Any, thresholds: Thresholds) -> tuple[int, str]:
    """The page's status, 0 (up to date) to 3 (refused), and its message. Raises VersionNotComparable."""
    parts = _parts(version)
    steps = (thresholds.up_to_date, thresholds.outdated, thresholds.deprecated)
    status = next((n for n, step in enumerate(steps) if _at_least(parts, step, version)), 3)
    return status, MESSAGES[status].format(version=version, newest=thresholds.up_to_date)


def _parts(version: Any) -> list[int | str]:
    if not isinstance(version, str) or not version:
        raise VersionNotComparable(f"{version!r:.60} is not a version such as '0.7.3'.", field="version")
    try:
        return [int(part) if part.isdecimal() else part for part in re.findall(_PARTS, version)]
    except ValueError:  # Python reads numbers of 4300 digits at most
        raise VersionNotComparable(f"{version!r:.60} has a number that is too long.", field="version") from None


def _at_least(parts: list[int | str], step: str, version: str) -> bool:
    try:
        return parts >= _parts(step)
    except TypeError:
        raise VersionNotComparable(
            f"{version!r:.60} cannot be compared with {step!r}: write it as '0.7.3'.", field="version"
        ) from None
