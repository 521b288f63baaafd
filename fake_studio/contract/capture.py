"""A command that talks to a Studio, run against a fake one and turned into a scenario."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fake_studio.contract.listener import CapturedExchange, listen
from fake_studio.contract.player import PlayedStep, Player
from fake_studio.contract.record import record_scenarios
from fake_studio.contract.scenario import PACKAGED, Scenario, load_users
from fake_studio.contract.transcript import transcribe
from fake_studio.cooking.subprocess_chef import run_command
from fake_studio.server import FakeStudio
from fake_studio.views import dicts

ROLE = "chef"


@dataclass(frozen=True)
class Captured:
    """A scenario, how the command ended, and how many requests it made.

    `strays` are the steps that were answered otherwise when the scenario was played: it does not tell all of the run.
    `strangers` is how many requests came with a token that the fake does not know.
    """

    scenario: Scenario
    exit_code: int
    requests: int
    strays: list[str]
    strangers: int = 0


def capture(name: str, command: Sequence[str], dialect: str, say: Callable[[str], None]) -> Captured:
    """Run a command in the current folder against a fresh fake Studio, and write down what it asked.

    It finds the Studio by STUDIO_URL and STUDIO_TOKEN. What is expected is what the fake answers to the scenario, as
    it is written. Raises OSError if the command cannot be started.
    """
    users = load_users(PACKAGED / "users.json")
    accounts = [dicts.user_from_dict(user, number) for number, user in enumerate(users.values(), start=1)]
    fake = FakeStudio(dialect=dialect, users=accounts)
    heard = listen(fake.app)
    with fake:
        exit_code, _ = run_command(command, fake.url, users[ROLE]["token"], Path.cwd(), say)
        requests = list(transcribe(list(heard), {user["username"]: role for role, user in users.items()}))
        # The scenario is played on the same fake, from its beginning: what it expects is what it is answered then.
        fake.reset()
        scenario = Scenario(name, f"captured: {_command_line(command)}", [step for step, _ in requests])
        result = Player(fake.url, users).play(scenario)
    strays = [
        _stray(number, exchange, then)
        for number, (exchange, (_, then)) in enumerate(zip(result.exchanges, requests), 1)
    ]
    strangers = sum(exchange.user == "bad" for _, exchange in requests)
    return Captured(record_scenarios(result), exit_code, len(requests), list(filter(None, strays)), strangers)


def _command_line(command: Sequence[str]) -> str:
    """The command without what is this machine's business: folders, and a token of one's own."""
    return " ".join(Path(part).name or part for part in command if not part.startswith("--token"))


def _stray(number: int, played: PlayedStep, heard: CapturedExchange) -> str:
    if played.failure:
        return f"step {number}, {played.step}: {played.failure}"
    now = played.actual.status if played.actual else None
    return "" if now == heard.status else f"step {number}, {played.step}: {heard.status} then, {now} when played"
