"""Why a chef's run failed: known causes by their names, else the exception with what was in work when it came."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Callable

from fake_studio.core.chef_run import ChefRun, NodeFailure
from fake_studio.core.exchange import Exchange
from fake_studio.core.labels import name_lists
from fake_studio.findings.cause import Affected, Cause
from fake_studio.findings.chef_log import (
    exercises_with_pasted_pictures,
    last_line,
    shared_files,
    strip_colours,
)
from fake_studio.findings.endings import (
    Sentences,
    describe_early_end,
    describe_end,
    describe_work,
    names_in_work,
)
from fake_studio.findings.failing_files import find_file_fault

RUN = "run"
_ADDRESS = re.compile(r"(https?://[^\s'\"/)]+)/(?:api/internal|content/storage|api/file)|host='([^']+)', port=(\d+)")
_MISSING_MODULE = re.compile(r"(?:ModuleNotFoundError|ImportError): No module named '?([\w.]+)'?")
_RACE = re.compile(r"\[Errno (?:17|22)\]|No required format preset|File exists")
_REJECTED_SHOWN = 12  # nodes
_INCOMPATIBLE = re.compile(r"Incompatible extension (\w+) for (\w+) at (.+)")
_HTTP_ERROR = re.compile(r"HTTPError: (\d{3}) .* for url: \S+?([\w-]+)/?$")


def diagnose(run: ChefRun, refusals: Sequence[Exchange] = (), missing_step: str = "") -> Cause | None:
    """The cause that lies in the run itself, or None: it went well, or a rejected request says why it did not.

    ``missing_step`` is the endpoint that every chef calls and this one did not, empty if it called all.
    """
    words = last_line(run.output)
    for rule in _RULES:
        sentences = rule(run, words)
        if sentences is not None:
            return Cause(RUN, RUN, *sentences, nodes=_nodes(run))
    if not run.is_failed:
        return Cause(RUN, RUN, *describe_early_end(run, missing_step)) if missing_step else None
    if refusals and _is_of_refusal(words, refusals):
        return None
    return Cause(RUN, RUN, *describe_end(run), nodes=_nodes(run))


def _nodes(run: ChefRun) -> list[Affected]:
    failures = {failure.title: failure for failure in run.node_failures}
    return [_affected(failure) for failure in failures.values()] if run.is_failed else []


def _affected(failure: NodeFailure) -> Affected:
    # ricecooker's own exception repeats what the cause says already.
    error = failure.error.replace("InvalidNodeException: ", "", 1)
    return Affected(failure.title, "", name_lists(error), None, failure.title)


def _is_of_refusal(words: str, refusals: Sequence[Exchange]) -> bool:
    """Whether an exception only repeats what Studio answered."""
    error = _HTTP_ERROR.search(words)
    if error:
        return any(str(exchange.status) == error[1] and exchange.endpoint == error[2] for exchange in refusals)
    kinds = {str((exchange.refusal or {}).get("kind")) for exchange in refusals}
    return "InsufficientStorageException" in words and bool(kinds)


def _elsewhere(run: ChefRun, words: str) -> Sentences | None:
    """No request came here: ricecooker was given another address, or the log names one that was asked."""
    if run.requests is None or run.requests > 0 or not run.url:
        return None
    other = next((url for url in reversed(run.addresses) if url != run.url), None)
    if other is None and not run.addresses:
        asked = [match[1] or f"http://{match[2]}:{match[3]}" for match in _ADDRESS.finditer("\n".join(run.output))]
        other = next((url for url in reversed(asked) if url != run.url), None)
    if other is not None:
        return (
            f"Not one request reached this Studio at {run.url}: the chef sent them to {other}.",
            "Remove STUDIO_URL from the chef's code and .env file: ricecooker reads it when it is imported.",
        )
    if run.is_failed:
        return None
    return (
        f"The chef ended without one request to this Studio at {run.url}.",
        "Check that the file runs its chef: Chef().main() at its end, and no command such as dryrun.",
    )


def _timed_out(run: ChefRun, words: str) -> Sentences | None:
    if run.timeout is None:
        return None
    doing = describe_work(run) or f" Its last line was: {words or 'none'}"
    return (
        f"The chef was still running after {run.timeout:g} s and was ended.{doing}",
        "Give it more time with --timeout, or find what it waits for.",
    )


def _question(run: ChefRun, words: str) -> Sentences | None:
    if not words.startswith("EOFError"):
        return None
    prompt = next(
        (line for line in strip_colours(run.output) if line.endswith("Traceback (most recent call last):")), ""
    )
    asked = prompt.replace("Traceback (most recent call last):", "").strip()
    if "Continue anyways?" in "\n".join(run.output):
        return (
            "Studio calls this ricecooker deprecated; it asks whether to continue, and nobody answers (EOFError).",
            "Upgrade ricecooker.",
        )
    return (
        f"The chef asked a question with input(), and nobody is there to answer (EOFError): {asked or 'no prompt'}",
        "Pass the answer as an argument or an environment variable; a chef in CI has no keyboard.",
    )


def _missing_module(run: ChefRun, words: str) -> Sentences | None:
    match = _MISSING_MODULE.search(words)
    if match is None:
        return None
    python = run.python or "Python"
    return (
        f"The module {match[1]!r} is not installed for {python}.",
        f"Run '{python} -m pip install {match[1].partition('.')[0]}', or name another Python with --python.",
    )


def _body_bug(run: ChefRun, words: str) -> Sentences | None:
    """ricecooker 0.8.0 reads body.text of an index.html, and there is none if an element follows <body> at once."""
    if "'NoneType' object has no attribute 'strip'" not in words or "validate_archive" not in "\n".join(run.output):
        return None
    files = ", ".join(names_in_work(run)) or "an HTML5 zip"
    return (
        f"ricecooker 0.8.0 has a bug with {files}: the <body> of its index.html begins with an element.",
        "Put a line break right after <body>, or use a ricecooker newer than 0.8.0. The zip itself is good.",
    )


def _pasted_picture(run: ChefRun, words: str) -> Sentences | None:
    """ricecooker 0.8.0 makes a file of a data: address, and forgets which node it belongs to."""
    if "'NoneType' object has no attribute 'get_thumbnail_preset'" not in words:
        return None
    titles = ", ".join(exercises_with_pasted_pictures(run.output)) or "see the exercises of the chef's log"
    return (
        f"ricecooker cannot send a picture that is pasted into a question (data:...;base64): {titles:.200}.",
        "Save the picture as a file, and give its path in the question: ![](picture.png).",
    )


def _invalid_node(run: ChefRun, words: str) -> Sentences | None:
    """ricecooker's own check of a node: its exception names no node for a question, and labels by their ids."""
    failures = [failure for failure in run.node_failures if failure.step == "validate"]
    if not run.is_failed or not failures:
        return None
    titles: dict[str, list[str]] = {}
    for failure in failures[:_REJECTED_SHOWN]:
        titles.setdefault(failure.error, []).append(repr(failure.title))
    rejected = "; ".join(f"{', '.join(names)}: {error}" for error, names in titles.items())
    return (
        f"ricecooker rejects {name_lists(rejected)}",
        "Correct it in the chef: nothing is sent before every node is valid.",
    )


def _wrong_class(run: ChefRun, words: str) -> Sentences | None:
    """A file class of ricecooker that was given a file of another kind; what is in that file does not matter then."""
    match = _INCOMPATIBLE.search(words)
    if match is None or not run.is_failed:
        return None
    titles = ", ".join(repr(failure.title) for failure in run.node_failures[:3])
    about = f" of {titles:.200}" if titles else ""
    return (
        f"ricecooker ended at a file{about}: {match[2]} takes no .{match[1]} files ({match[3]:.200}).",
        "Use the file class of that format, or pass the file to the node as uri.",
    )


def _bad_file(run: ChefRun, words: str) -> Sentences | None:
    fault = find_file_fault(run) if run.is_failed else None
    if fault is None:
        return None
    titles = ", ".join(repr(title) for title in dict.fromkeys(failure.title for failure in run.node_failures))
    return f"ricecooker ended at a file of {titles:.200}: {fault[0]} ({words:.200})", fault[1]


def _shared_bytes(run: ChefRun, words: str) -> Sentences | None:
    shared = shared_files(run.output)
    if not run.is_failed or not shared or not _RACE.search(words):
        return None
    failed = {PurePath(path).name for failure in run.node_failures for path in failure.files}
    if failed and not failed.intersection(PurePath(path).name for path in shared):
        return None
    return (
        f"Two of ricecooker's threads used the same file at once: {', '.join(shared[:5])} ({words:.200}).",
        "Set TASK_THREADS=1 in the environment, or add the file to one node only.",
    )


def _bad_node(run: ChefRun, words: str) -> Sentences | None:
    """ricecooker's own rules for nodes, which end a strict run."""
    _, _, said = words.partition("InvalidNodeException: ")
    if not said or not run.is_failed:
        return None
    fix = "Give the node its file." if ": 0 files: No required format" in said else "Change what it names."
    titles = [failure.title for failure in run.node_failures if failure.title not in said]
    about = f" It is about {', '.join(map(repr, titles)):.300}." if titles else ""
    return f"ricecooker rejects a node: {said:.300}{'' if said.endswith('.') else '.'}{about}", fix


def _unknown_argument(run: ChefRun, words: str) -> Sentences | None:
    """ricecooker splits what it does not know at "=", and takes it for an option of the chef."""
    if "not enough values to unpack" not in words or "in parse_args_and_options" not in "\n".join(run.traceback):
        return None
    return (
        "The chef was given an argument that ricecooker does not know.",
        "Check the arguments after --: those of the chef itself are written name=value.",
    )


_RULES: Sequence[Callable[[ChefRun, str], Sentences | None]] = (
    _timed_out,
    _question,
    _missing_module,
    _elsewhere,
    _body_bug,
    _pasted_picture,
    _wrong_class,
    _invalid_node,
    _bad_file,
    _shared_bytes,
    _bad_node,
    _unknown_argument,
)
