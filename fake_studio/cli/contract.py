"""fake-studio contract: play scenarios against a Studio, record and compare its answers, capture a chef's requests."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from fake_studio.cli.errors import describe_error
from fake_studio.cli.options import DIALECTS, new_file, print_chef_line
from fake_studio.contract import report
from fake_studio.contract.capture import capture
from fake_studio.contract.compare import ABSENT, compare
from fake_studio.contract.player import StepFailed
from fake_studio.contract.record import record_scenarios, text_of, write
from fake_studio.contract.scenario import PACKAGED, Scenario, load_scenarios, load_users
from fake_studio.contract.suite import DIFFERS, SKIPPED, Outcome, Suite, count, new_name
from fake_studio.contract.target import TargetUnusable, connect
from fake_studio.core.json_text import to_json
from fake_studio.core.visible_text import harmless_lines
from fake_studio.core.words import count_of

if TYPE_CHECKING:
    from fake_studio.cli.options import Commands

STEP = 50  # scenarios between two lines, where a line cannot be written over: a log of CI shall not have 500
WIDTH = 60  # columns: a longer line would wrap, and could not be written over
CLICKS = {"deploy": "Press Deploy at", "settle": "Wait until it is published at"}


class Progress:
    """Counts scenarios. To be used with `with`, so that the line goes at the end."""

    def __init__(self, number: int, stream: TextIO) -> None:
        self._number = number
        self._stream = stream
        self._moves = stream.isatty()
        self._verdicts: dict[str, int] = {}

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._moves:
            self._stream.write(f"\r{'':{WIDTH}}\r")
            self._stream.flush()

    def say(self, outcome: Outcome) -> None:
        """Tell of one more."""
        self._verdicts[outcome.verdict] = self._verdicts.get(outcome.verdict, 0) + 1
        done, differing = sum(self._verdicts.values()), self._verdicts.get(DIFFERS, 0)
        line = f"{done}/{self._number}" + (f", {differing} differ" if differing else "")
        if self._moves:
            self._stream.write(f"\r{f'{line}  {outcome.scenario.name}'[:WIDTH]:{WIDTH}}")
            self._stream.flush()
        elif done % STEP == 0 or done == self._number:
            print(line, file=self._stream, flush=True)


def add_to(commands: Commands) -> None:
    """Add the command and its parts."""
    playing = commands.add_parser("contract", help="play contract scenarios against any Studio")
    _add_target_options(playing)
    playing.set_defaults(run=_play)
    recording = commands.add_parser("contract record", help="play scenarios and write the answers as new recordings")
    _add_target_options(recording)
    recording.add_argument("--out", type=Path, default=Path("recorded"), metavar="FOLDER", help="default: %(default)s")
    recording.set_defaults(run=_record)
    _add_comparing(commands)
    _add_capturing(commands)


def _add_comparing(commands: Commands) -> None:
    comparing = commands.add_parser("contract compare", help="what changed between two recordings")
    comparing.add_argument(
        "old",
        type=_scenarios,
        metavar="OLD",
        help="a file or folder of scenarios, or a dialect: ours",
    )
    comparing.add_argument("new", type=_scenarios, metavar="NEW", help="the same, to compare with it")
    comparing.add_argument("--json", action="store_true", help="print the changes as JSON")
    comparing.set_defaults(run=_compare)


def _add_capturing(commands: Commands) -> None:
    capturing = commands.add_parser(
        "contract capture",
        help="record a chef's run as a scenario (usage: capture --out FILE -- python chef.py ...)",
        usage="fake-studio contract capture [-h] [--out FILE] [--name NAME] [--dialect DIALECT] -- COMMAND ...",
    )
    capturing.add_argument(
        "--out",
        type=Path,
        default=Path("captured.json"),
        metavar="FILE",
        help="where the scenario goes (default %(default)s)",
    )
    capturing.add_argument("--name", default="", help="the scenario's name (default: captured/ and that of the file)")
    capturing.add_argument(
        "--dialect", choices=DIALECTS, default="deployed", help="whose answers to expect (default %(default)s)"
    )
    capturing.set_defaults(run=_capture)


def _add_target_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", required=True, help="the Studio's address")
    parser.add_argument("--users", type=_users, required=True, metavar="FILE", help="tokens by role, as JSON")
    parser.add_argument("--dialect", choices=DIALECTS, help="which built-in scenarios (default: the server's dialect)")
    parser.add_argument("--reset", action="store_true", help="reset the server before each scenario: deletes its state")
    parser.add_argument("--leave-traces", action="store_true", help="also play scenarios that leave data on the server")
    parser.add_argument("--by-hand", action="store_true", help="prompt for the manual clicks that a scenario needs")
    parser.add_argument("--json", type=new_file, metavar="FILE", help="write the outcomes as JSON")
    parser.add_argument("--junit", type=new_file, metavar="FILE", help="write the outcomes as JUnit XML")
    parser.add_argument("--run-name", default="", metavar="NAME", help="seed of the ids (default: random)")
    parser.add_argument("scenarios", type=_scenarios, nargs="*", metavar="SCENARIOS", help="your own files or folders")


def _users(text: str) -> dict[str, dict[str, Any]]:
    try:
        return load_users(text)
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(describe_error(error)) from None


def _scenarios(text: str) -> list[Scenario]:
    """A dialect's name stands for the scenarios that come with the package, where no file has that name."""
    is_packaged = text in DIALECTS and not Path(text).exists()
    try:
        scenarios = load_scenarios(PACKAGED / text if is_packaged else text)
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(describe_error(error)) from None
    if not scenarios:
        raise argparse.ArgumentTypeError(f"there are no scenarios in {text}")
    return scenarios


def _play(options: argparse.Namespace) -> int:
    """Exit code 0 if all that could be played holds, 1 if something differs, 2 if nothing could be played."""
    try:
        suite, outcomes = _outcomes(options)
    except TargetUnusable as unusable:
        return _unusable(unusable)
    _print(report.lines(outcomes, suite))
    _write_outcomes(options, outcomes, suite)
    return _code(outcomes)


def _write_outcomes(options: argparse.Namespace, outcomes: list[Outcome], suite: Suite) -> None:
    if options.json:
        options.json.write_text(report.as_json(outcomes, suite), encoding="utf-8")
    if options.junit:
        options.junit.write_text(report.as_junit(outcomes, suite), encoding="utf-8")


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(harmless_lines(line))


def _code(outcomes: list[Outcome]) -> int:
    numbers = count(outcomes)
    return 2 if numbers[SKIPPED] == len(outcomes) else int(numbers[DIFFERS] > 0)


def _outcomes(options: argparse.Namespace) -> tuple[Suite, list[Outcome]]:
    """Raises TargetUnusable."""
    target = connect(options.url, options.users)
    if options.by_hand:
        target.by_hand = partial(_ask_a_person, target.url)
    # Two runs of one name would take each other's channels for somebody else's.
    name = options.run_name or new_name()
    suite = Suite(target, reset=options.reset, name=name, leave_traces=options.leave_traces)
    packaged = PACKAGED / (options.dialect or target.dialect or "deployed")
    chosen = [scenario for scenarios in options.scenarios for scenario in scenarios] or load_scenarios(packaged)
    print(report.introduction(suite, len(chosen)), flush=True)
    with Progress(len(chosen), sys.stderr) as progress:
        return suite, suite.play_all(chosen, progress.say)


def _ask_a_person(url: str, operation: str, channel: str) -> None:
    """Wait for somebody to do an operation. Raises StepFailed if nobody is there."""
    print(f"\n{CLICKS[operation]} {url}/channels/{channel}/ and press Enter.", file=sys.stderr, flush=True)
    if not sys.stdin.readline():
        raise StepFailed(f"it needs a click in Studio, and nobody made it: {operation}")


def _unusable(unusable: TargetUnusable) -> int:
    print(harmless_lines(f"fake-studio: {unusable}"), file=sys.stderr)
    return 2


def _record(options: argparse.Namespace) -> int:
    """Exit code 0 if every scenario was recorded, 1 if one could not be played to its end, 2 if none could."""
    try:
        suite, outcomes = _outcomes(options)
    except TargetUnusable as unusable:
        return _unusable(unusable)
    results = [outcome.result for outcome in outcomes if outcome.result]
    whole = [result for result in results if result.complete]
    files = write([record_scenarios(result) for result in whole], options.out)
    cut = [outcome for outcome in outcomes if outcome.result and not outcome.result.complete]
    _print(line for outcome in cut for line in ("", *str(outcome.result).split("\n")))
    _print(report.skipped_lines(outcomes))
    changed = sum(not result.ok for result in whole)
    print(f"{len(whole)} of {len(outcomes)} scenarios in {len(files)} files in {options.out}; {changed} changed.")
    _print(report.left_lines(suite))
    _write_outcomes(options, outcomes, suite)
    return 2 if not whole else int(len(whole) < len(outcomes))


def _compare(options: argparse.Namespace) -> int:
    """Exit code 0 if nothing changed, 1 if something did, 2 if a file cannot be read: as diff has it.

    What the new recording does not hold is no change: it may be a part of the scenarios.
    """
    changes = compare(options.old, options.new)
    if options.json:
        print(to_json([change.to_dict() for change in changes], indent=2, ensure_ascii=False))
    else:
        _print(report.change_lines(changes))
    return int(any(change.kind != ABSENT for change in changes))


def _capture(options: argparse.Namespace) -> int:
    """The command's exit code if it failed; otherwise 1 if the scenario is not the whole run, or the token is wrong."""
    if not options.others:
        print("fake-studio: say what to run: contract capture -- python chef.py", file=sys.stderr)
        return 2
    name = options.name or f"captured/{options.out.stem}"
    captured = capture(name, options.others, options.dialect, say=print_chef_line)
    if not captured.scenario.steps:
        print("fake-studio: it asked the Studio nothing. Does it read STUDIO_URL?", file=sys.stderr)
        return 2
    options.out.write_text(text_of([captured.scenario]), encoding="utf-8")
    _print(f"does not go as it went: {stray}" for stray in captured.strays)
    steps = count_of(captured.requests, "step")
    print(f"The command ended with exit code {captured.exit_code}. {options.out}: {steps} as {name}.")
    if captured.strangers:
        requests = count_of(captured.strangers, "request")
        print(f"{requests} came with an unknown token. Pass no --token: a chef reads STUDIO_TOKEN.", file=sys.stderr)
    return captured.exit_code or int(bool(captured.strays or captured.strangers))
