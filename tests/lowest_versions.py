"""The lowest versions that setup.cfg allows, a requirement a line: python tests/lowest_versions.py setup.cfg

Of the package itself, and of what its tests need that touches none of it.
"""

from __future__ import annotations

import configparser
import re
import sys

_BOUND = re.compile(r"([A-Za-z0-9._-]+(?:\[[a-z,]+\])?)[>=]=([0-9.]+)")
TOOLS = ("pytest", "pytest-xdist", "hypothesis")


def lowest_versions(path: str) -> list[str]:
    """The requirements of a setup.cfg, each pinned to its lowest version. Raises ValueError for one without."""
    config = configparser.ConfigParser()
    config.read(path, encoding="utf-8")
    needed = config["options"]["install_requires"].split()
    tools = [line.strip() for line in config.get("options.extras_require", "test", raw=True).splitlines()]
    return [_pinned(line) for line in [*needed, *(line for line in tools if line.partition(">=")[0] in TOOLS)]]


def _pinned(requirement: str) -> str:
    match = _BOUND.fullmatch(requirement)
    if not match:
        raise ValueError(f"{requirement} names no lowest version")
    return f"{match[1]}=={match[2]}"


if __name__ == "__main__":
    print("\n".join(lowest_versions(sys.argv[1])))
