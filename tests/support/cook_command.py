"""The command fake-studio as people run it, and what one run of it says."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from support.warm_python import warm_python

CHEFS = Path(__file__).parents[2] / "fixtures" / "chefs"


def command(*arguments: str, python: str = "") -> list[str]:
    """The command ``fake-studio`` with its arguments, for a warm Python if none is named."""
    return [python or warm_python(), "-m", "fake_studio", *arguments]


@dataclass(frozen=True)
class Outcome:
    """One run of ``fake-studio cook``: its exit code, what it printed, and the two reports that it wrote."""

    code: int
    printed: str
    errors: str
    json: Any
    junit: ET.Element

    @property
    def channel(self) -> Any:
        """The only channel of the report."""
        [channel] = self.json["channels"]
        return channel

    @property
    def codes(self) -> set[str]:
        """The codes of all findings."""
        return {finding["code"] for channel in self.json["channels"] for finding in channel["findings"]}

    @property
    def failures(self) -> dict[str, str]:
        """The message of each test case that failed in the JUnit report, by its name."""
        cases = [(case.get("name", ""), case.find("failure")) for case in self.junit]
        return {name: failure.get("message", "") for name, failure in cases if failure is not None}

    @property
    def folder(self) -> Path:
        """Where the chef's storage, logs and tree are."""
        places = re.findall(
            r"^The chef ran .* in (.*) and ended |^Its storage, logs and tree are in (.*)\.$", self.printed, re.M
        )
        return Path("".join(places[-1]))


Cook = Callable[..., Outcome]
