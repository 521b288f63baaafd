"""How a chef ended: the exception, signal or exit code, its place in the chef's code, and what was in work."""

from __future__ import annotations

import re
import signal
from pathlib import PurePath

from fake_studio.core.chef_run import ChefRun
from fake_studio.findings.chef_log import files_in_work, last_line

Sentences = tuple[str, str]
LOG_FIX = "Read the end of the chef's log."
_PLACE_FIX = "Correct the chef there: its log ends with the traceback."
_FRAME = re.compile(r'^\s*File "(.+?)", line (\d+), in (\S+)')
_LIBRARY = re.compile(
    r"(?:site-packages|dist-packages|[/\\]lib[/\\]python|<frozen|[/\\](?:ricecooker|requests|urllib3)[/\\]|cooking[/\\]inside[/\\])"
)
_SIGNAL_FIXES = {
    "SIGKILL": "Find who ended it: the system may have run out of memory.",
    "SIGINT": "Let it run to its end: somebody pressed Ctrl-C (KeyboardInterrupt), or stopped the job.",
    "SIGSEGV": "Update the library with compiled code that the chef was using: it crashed.",
}


def describe_end(run: ChefRun) -> Sentences:
    """How a chef failed, in a sentence, and what to do: the exception or exit code, its place, what was in work."""
    words = last_line(run.output)
    if run.error:
        return f"The chef failed: {run.error}{place_in_code(run)}{describe_work(run)}", LOG_FIX
    if run.exit_code < 0:
        name = _signal_name(-run.exit_code)
        fix = _SIGNAL_FIXES.get(name, f"Find who sent it {name}.")
        return f"The chef was ended by the signal {name}.{place_in_code(run)}{describe_work(run)}", fix
    place = place_in_code(run)
    message = (
        f"The chef ended with exit code {run.exit_code}: {words or 'it printed nothing'}{place}{describe_work(run)}"
    )
    return message, _PLACE_FIX if place else LOG_FIX


def describe_early_end(run: ChefRun, missing_step: str) -> Sentences:
    """How a chef ended as if all were well, before it sent this request: ``create_channel`` or ``finish_channel``."""
    words = last_line(run.output) or "none"
    return (
        f"The chef ended with exit code 0 before {missing_step}: Studio shows nothing of this run. "
        f"Its last line was: {words:.300}{describe_work(run)}",
        "Find what ended it: sys.exit() or os._exit() in the chef, or an exception that it catches and passes over.",
    )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def place_in_code(run: ChefRun) -> str:
    """The last line of the chef's own code in the traceback, in brackets; empty if there is none."""
    frames = [match for match in map(_FRAME.match, run.traceback) if match and not _LIBRARY.search(match[1])]
    return f" ({PurePath(frames[-1][1]).name}, line {frames[-1][2]}, in {frames[-1][3]})" if frames else ""


def describe_work(run: ChefRun) -> str:
    """What was in work when a chef ended, as a sentence; empty if nothing is known of it."""
    files = names_in_work(run)
    return f" In work: {', '.join(files[:5])}." if files else ""


def names_in_work(run: ChefRun) -> list[str]:
    """What was in work when it ended: the nodes that the exception came from, else the log's files."""
    failed = [path for failure in run.node_failures for path in failure.files if path]
    titles = [failure.title for failure in run.node_failures]
    names = failed or titles or files_in_work(run.output)
    return list(dict.fromkeys(PurePath(name).name or name for name in names))
