"""What ricecooker's log says between its lines: what was in work, which files two nodes shared, what it warned of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_COLOURS = re.compile(r"\x1b\[[\d;]*m")
_STEP = re.compile(r"(Initiating|Completed|Failed) [A-Z_]+ for (.+?)(?: with kwargs \{.*?\})?(?: saved to (\S.*))?$")
_BROKEN = re.compile(
    r"(?:connection broken by|Max retries exceeded).{0,500}?((?:\[Errno -?\d{1,9}\] )?[A-Z][\w ]{1,100})[\"']?\)"
)
_STATUS = re.compile(r"HTTPError: (\d{3} .{0,80}?) for url: ")
_EXERCISE = re.compile(r"\*\*\* (Processing images for exercise: (.+)|Images for (.+) have been processed)$")
# Of a topic or channel whose children were sent and not taken, by the answer that the chef got.
_NOT_TAKEN = re.compile(r"WARNING (.+) \((\w+)Node\) \((.*)\): \d+ descendants? \((.+)\)$")
_LEVEL = re.compile(r"^(?:WARNING|ERROR|CRITICAL)\b\s*")


def strip_colours(output: Sequence[str]) -> list[str]:
    """Lines without colours and without space to spare."""
    return [" ".join(_COLOURS.sub("", line).split()) for line in output]


def last_line(output: Sequence[str]) -> str:
    """The line with which a chef ended, an exception's as a rule. Empty if it printed nothing.

    ricecooker tidies up after an exception and says so: what is merely logged as information comes second.
    """
    lines = [line for line in strip_colours(output) if line]
    lines = [line for line in lines if line not in ("INFO", "WARNING", "ERROR")]
    return next((line for line in reversed(lines) if not line.startswith("INFO ")), lines[-1] if lines else "")


def files_in_work(output: Sequence[str]) -> list[str]:
    """The files and exercises that ricecooker began and did not finish, under the names that the chef knows."""
    began: dict[str, int] = {}
    names: dict[str, str] = {}  # a file in storage, by the path that it came from
    for line in strip_colours(output):
        step, exercise = _STEP.search(line), _EXERCISE.search(line)
        if step:
            verb, path, target = step.groups()
            name = names.get(path, path)
            began[name] = began.get(name, 0) + (1 if verb == "Initiating" else -1)
            if target:
                names.setdefault(target, name)
        elif exercise:
            name = exercise[2] or exercise[3]
            began[name] = began.get(name, 0) + (1 if exercise[2] else -1)
    return [name for name, count in began.items() if count > 0]


def shared_files(output: Sequence[str]) -> list[str]:
    """The files whose bytes several nodes used, by what the log says of downloads."""
    began: dict[str, int] = {}
    kept: dict[str, list[str]] = {}
    for line in strip_colours(output):
        step = _STEP.search(line)
        if step and " DOWNLOAD for " in line:
            verb, path, target = step.groups()
            began[path] = began.get(path, 0) + (verb == "Initiating")
            if target:
                kept.setdefault(target, []).append(path)
    twice = [path for path, count in began.items() if count > 1]
    return list(dict.fromkeys([*twice, *(path for paths in kept.values() if len(paths) > 1 for path in paths)]))


def exercises_with_pasted_pictures(output: Sequence[str]) -> list[str]:
    """The exercises in whose questions ricecooker met a picture as a data: address that was not in its cache."""
    titles, title = [], ""
    for line in strip_colours(output):
        exercise = _EXERCISE.search(line)
        title = exercise[2] if exercise and exercise[2] else title
        titles += [title] if "Initiating DOWNLOAD for data:" in line and title else []
    return list(dict.fromkeys(titles))


def kept_downloads(output: Sequence[str]) -> dict[str, str]:
    """Where ricecooker keeps what it downloaded or copied, by the address or path that the chef gave."""
    steps = (_STEP.search(line) for line in strip_colours(output) if " DOWNLOAD for " in line)
    return {step[2]: step[3] for step in steps if step and step[3]}


def failed_downloads(output: Sequence[str]) -> dict[str, str]:
    """The addresses that ricecooker could not download, each with the reason next to it: ``" (reason)"``, or empty."""
    failed, reason, last = {}, "", ""
    for line in strip_colours(output):
        step, broken, status = _STEP.search(line), _BROKEN.search(line), _STATUS.search(line)
        reason = f" ({broken[1]})" if broken else reason
        if step and step[1] == "Failed" and " DOWNLOAD for " in line:
            last = step[2]
            failed[last], reason = reason, ""
        elif status and failed.get(last) == "":
            failed[last] = f" ({status[1]})"
    return failed


def complaints_in(output: Sequence[str]) -> list[str]:
    """The warnings and errors of a log that may explain a loss, without their level."""
    lines = (_LEVEL.sub("", line) for line in strip_colours(output) if _LEVEL.match(line))
    return [line for line in lines if "could not be created" not in line]


class FailedRequest(NamedTuple):
    """The answer that made a chef give up what is below a topic, or below the channel."""

    title: str
    source_id: str
    answer: str
    is_channel: bool


def failed_requests(output: Sequence[str]) -> list[FailedRequest]:
    """The add_nodes that a chef took for failed, by the parent whose children it sent.

    ricecooker lists them at its end, with the reason of the answer's status (ChannelManager.check_failed).
    """
    lines = (_NOT_TAKEN.match(line) for line in strip_colours(output) if "Node) (" in line)
    return [FailedRequest(line[1], line[3], line[4], line[2].startswith("Channel")) for line in lines if line]


def complaint_about(names: Iterable[str], complaints: Sequence[str]) -> str:
    """The first of these lines that names one of these, a title or a source_id. Empty if there is none."""
    patterns = [re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])") for name in names if len(name) > 3]
    return next((line for line in complaints if any(pattern.search(line) for pattern in patterns)), "")
