"""python -m benchmarks [start] [requests] [uploads] [growth] [chef] [report]: measure, and print a table.

What is measured takes the place of what results.json had of these subjects; the table in README.md and the plot are
made from it.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time

from benchmarks import cooking, growing, inspecting, requesting, starting, telling, uploading
from benchmarks.measuring import Row
from benchmarks.sizes import FULL, TINY, Sizes

SUBJECTS = {
    "start": starting.rows,
    "requests": requesting.rows,
    "uploads": uploading.rows,
    "growth": growing.rows,
    "chef": cooking.rows,
    "report": inspecting.rows,
}


def measured(subject: str, sizes: Sizes) -> list[Row]:
    """The rows of a subject; each is printed as soon as it is known."""
    found = []
    for row in SUBJECTS[subject](sizes):
        print(telling.line(row), flush=True)
        found.append(row)
    return found


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Ratios, measured in one run.")
    parser.add_argument("subjects", nargs="*", choices=[*SUBJECTS, []], metavar="SUBJECT", help=", ".join(SUBJECTS))
    parser.add_argument("--tiny", action="store_true", help="only see that everything runs: the figures mean nothing")
    options = parser.parse_args()
    for subject in options.subjects or SUBJECTS:
        found = measured(subject, TINY if options.tiny else FULL)
        if not options.tiny:
            telling.keep(subject, found, _circumstances())


def _circumstances() -> str:
    system = f"Python {platform.python_version()}, {platform.system()} on {platform.machine()}"
    return f"{time.strftime('%Y-%m-%d')}, {system}, {os.cpu_count()} cores, load average {os.getloadavg()[1]:.1f}"


if __name__ == "__main__":
    sys.exit(main())
