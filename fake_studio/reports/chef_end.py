"""How a chef's run ended, and which rejected requests that concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from fake_studio.core.chef_run import ChefRun
from fake_studio.core.exchange import Exchange
from fake_studio.core.store import Store
from fake_studio.findings.cause import Cause
from fake_studio.findings.declared import FailedFile, parse_failed_files
from fake_studio.findings.diagnosis import diagnose
from fake_studio.findings.endings import describe_end

_STEPS = ("authenticate_user_internal", "check_version", "create_channel", "finish_channel")


def find_ending_cause(studio: Store, run: ChefRun, refused: Sequence[Exchange]) -> str:
    """The key of the cause that ended a chef before its time; empty if it came to its end."""
    return ending_key(run, diagnose_run(studio, run, refused), refused)


def diagnose_run(
    studio: Store, run: ChefRun | None, refused: Sequence[Exchange], allow: Collection[str] = ()
) -> Cause | None:
    """The cause that lies in a run itself; ``allow`` are codes to pass over."""
    missing_step = "" if "run-unfinished" in allow else _find_missing_step(studio, refused)
    return diagnose(run, refused, missing_step) if run else None


def _find_missing_step(studio: Store, refused: Iterable[Exchange]) -> str:
    """The endpoint that the last chef should have called and did not, and was not kept from by a rejection."""
    if any(exchange.endpoint in _STEPS for exchange in refused):
        return ""
    # Only where the log of requests has the beginning of the run: it may have been emptied since.
    has_begun, has_created = (studio.journal.find({"endpoint": endpoint}) for endpoint in (_STEPS[0], "create_channel"))
    if not studio.state.channels or (has_begun and not has_created and not studio.journal.dropped):
        return "create_channel"
    runs = [channel.run for channel in studio.state.channels.values() if channel.run]
    last = max(runs, key=lambda run: run.started, default=None)
    return "finish_channel" if last and last.finished is None else ""


def ending_key(run: ChefRun | None, ended: Cause | None, refused: Sequence[Exchange]) -> str:
    """The key of a cause that was found already; of a failed chef without one, that of the last rejected request."""
    if ended is not None:
        return ended.key
    return f"request-{refused[-1].number}" if run and run.is_failed and refused else ""


def end_problems(run: ChefRun | None, ended: Cause | None) -> list[str]:
    """How a chef failed, also where a rejected request is the cause of that."""
    if ended is not None:
        return [ended.message]
    return [describe_end(run)[0]] if run and run.is_failed else []


def without_failed_files(
    refused: Sequence[Exchange], files: Collection[FailedFile], run: ChefRun | None
) -> list[Exchange]:
    """Those that did not ask this Studio for a file that nobody has: that is a failed file, and told of as that."""
    if not any(map(_asks_for_file, refused)):
        return list(refused)
    failures = run.node_failures if run else []
    failed = files or parse_failed_files(run.output if run else ())
    paths = [*(file.path for file in failed), *(path for failure in failures for path in failure.files)]
    return [
        exchange
        for exchange in refused
        if not (_asks_for_file(exchange) and any(path.endswith(exchange.path) for path in paths if path))
    ]


def _asks_for_file(exchange: Exchange) -> bool:
    return not exchange.endpoint and exchange.method in ("GET", "HEAD")
