"""Running a chef against a fake Studio: as a subprocess, in its own folder as by hand."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fake_studio.cooking.cooked import ChefResult, ChefTarget, attach_declared
from fake_studio.cooking.notes import read_notes
from fake_studio.cooking.output import Say
from fake_studio.cooking.process import Ended, run_process
from fake_studio.cooking.trees import TreeFiles
from fake_studio.cooking.workplace import Workplace, open_workplace
from fake_studio.core.chef_run import ChefRun
from fake_studio.core.secrets import mask_text
from fake_studio.findings.chef_log import last_line, strip_colours

__all__ = ["Chef", "ChefResult", "Limits", "attach_declared", "cook", "last_line", "run_command", "strip_colours"]

_INSIDE = Path(__file__).parent / "inside"


@dataclass(frozen=True)
class Chef:
    """A chef's file, the arguments for it, and the Python (and so the ricecooker) to run it with."""

    path: Path
    arguments: Sequence[str] = ()
    python: str = sys.executable


@dataclass(frozen=True)
class Limits:
    """How a chef is run: ``timeout`` in seconds, the ``folder`` to work in if not its own.

    With ``is_compared``, the trees of earlier runs are looked for, to say what this one takes away.
    """

    timeout: float | None = None
    folder: Path | None = None
    is_compared: bool = False


def cook(fake: ChefTarget, chef: Chef, limits: Limits | None = None, *, on_line: Say = lambda line: None) -> ChefResult:
    """Run a chef against a running fake; ``on_line`` gets each line that it prints, secrets masked.

    The chef inherits our environment. Raises OSError if its Python cannot be started, or its folder is not there.
    """
    limits = limits or Limits()
    began = time.monotonic()
    seen = requests_seen(fake)
    with open_workplace(chef.path, limits.folder) as place:
        trees = TreeFiles.of_folders(place.kitchen, place.folder, with_earlier=limits.is_compared)
        ended = run_process(
            _command(fake, chef),
            folder=place.folder,
            environment={**_environment(fake.url, fake.token), **_inside(place)},
            timeout=limits.timeout,
            on_line=on_line,
            mask=lambda line: mask_text(line, secrets_of(fake)),
        )
        run = _run(ended, fake, chef, place, limits)
        declared, earlier = trees.find_new(), trees.earlier
    run = ChefRun(**{**vars(run), "seconds": time.monotonic() - began, "requests": requests_seen(fake, seen)})
    return ChefResult(
        fake, run.exit_code, run.seconds, place.kitchen, run.output, run=run, declared=declared, earlier=earlier
    )


def _run(ended: Ended, fake: ChefTarget, chef: Chef, place: Workplace, limits: Limits) -> ChefRun:
    return ChefRun(
        exit_code=ended.exit_code,
        folder=str(place.folder),
        python=chef.python,
        url=fake.url,
        output=ended.output,
        timeout=limits.timeout if ended.is_timed_out else None,
        **vars(read_notes(place.notes)),
    )


def secrets_of(fake: ChefTarget) -> list[str]:
    """The tokens that a chef may print."""
    studio = getattr(fake, "studio", None) if hasattr(type(fake), "reset") else None
    return [user.token for user in studio.users] if studio else [fake.token]


def requests_seen(fake: ChefTarget, before: int | None = 0) -> int | None:
    """How many requests have reached the Studio since ``before``; None for a Studio that cannot be looked into."""
    studio = getattr(fake, "studio", None) if hasattr(type(fake), "reset") else None
    return studio.journal.seen - (before or 0) if studio else None


def run_command(command: Sequence[str], url: str, token: str, folder: Path, on_line: Say) -> tuple[int, list[str]]:
    """Run what talks to a Studio, in a folder; returns its exit code and the lines that it printed.

    It inherits our environment. Raises OSError if it cannot be started.
    """
    ended = run_process(command, folder=folder, environment=_environment(url, token), on_line=on_line)
    return ended.exit_code, ended.output


def _command(fake: ChefTarget, chef: Chef) -> list[str]:
    has_token = any(argument.startswith("--token") for argument in chef.arguments)
    token = [] if has_token else [f"--token={fake.token}"]
    return [_program(chef.python), str(chef.path.resolve()), *token, *chef.arguments]


def _program(python: str) -> str:
    """A path is meant from where we are, not from the chef's folder. Links stay: a venv's Python is one."""
    # Not os.sep: on Windows either slash makes a path.
    return python if Path(python).name == python else str(Path(python).absolute())


def _environment(url: str, token: str) -> dict[str, str]:
    # Old chefs know only the second name.
    own = {"STUDIO_URL": url, "CONTENTWORKSHOP_URL": url, "STUDIO_TOKEN": token, "PYTHONUNBUFFERED": "1"}
    return {**os.environ, **own}


def _inside(place: Workplace) -> dict[str, str]:
    """What lets the module in ``inside`` find its way, and the chef's Python find that."""
    folders = [str(_INSIDE), os.environ.get("PYTHONPATH", "")]
    own = {
        "PYTHONPATH": os.pathsep.join(filter(None, folders)),
        "FAKE_STUDIO_NOTES": str(place.notes),
        "FAKE_STUDIO_CHEF_TEMP": str(place.scratch / "temp"),
    }
    return {**own, "FAKE_STUDIO_CHEF_FOLDER": str(place.kitchen)} if place.is_redirected else own
