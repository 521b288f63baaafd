"""python -m benchmarks [start] [requests] [uploads] [growth] [chef]: measure, and print a table.

A run of everything also writes results.json, the table in README.md and the plot beside it.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time

from benchmarks import cooking, growing, requesting, starting, telling, uploading
from benchmarks.measuring import Row
from benchmarks.sizes import FULL, TINY, Sizes

SUBJECTS = {
    "start": starting.rows,
    "requests": requesting.rows,
    "uploads": uploading.rows,
    "growth": growing.rows,
    "chef": cooking.rows,
}


def measured(subjects: list[str], sizes: Sizes) -> list[Row]:
    """The rows of these subjects; each is printed as soon as it is known."""
    found = []
    for subject in subjects:
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
    began = time.monotonic()
    found = measured(options.subjects or list(SUBJECTS), TINY if options.tiny else FULL)
    if not (options.subjects or options.tiny):
        place = f"Python {platform.python_version()}, {platform.system()} on {platform.machine()}"
        telling.keep(found, f"{time.strftime('%Y-%m-%d')}, {place}, {time.monotonic() - began:.0f} s in all")


if __name__ == "__main__":
    sys.exit(main())
