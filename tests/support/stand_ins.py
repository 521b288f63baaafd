"""What a page's commands call where the real thing costs too much or is not at hand: pip, docker, an old Python.

They do nothing but look at their arguments, and fail if those could not work. See `shell_command`.
"""

from __future__ import annotations

import configparser
import importlib.metadata
import sys
from collections.abc import Callable
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
FROM_ELSEWHERE = {"kolibri"}  # is told of, and need not be installed here
OUR_IMAGE = "fake-studio"
FLAGS, VALUES = "flags", "values"
DOCKER = {
    "build": {FLAGS: (), VALUES: ("--tag", "-t", "--target", "--build-arg")},
    "run": {
        FLAGS: ("--rm", "--detach", "-d"),
        VALUES: ("--publish", "-p", "--name", "--network", "--volume", "-v", "--env"),
    },
    "stop": {FLAGS: (), VALUES: ()},
}
COMPOSE = {
    "up": {FLAGS: ("--build", "--detach", "--wait"), VALUES: ("--exit-code-from",)},
    "down": {FLAGS: ("--volumes",), VALUES: ()},
    "run": {FLAGS: ("--rm", "--build"), VALUES: ()},
}


def shell_command(python: str, name: str) -> str:
    """How a shell runs the stand-in of this name."""
    return f"env PYTHONPATH={ROOT}:{ROOT / 'tests'} {python} -m support.stand_ins {name}"


def pip(arguments: list[str]) -> None:
    """``pip install``: each requirement is a project that there is, with extras that it has."""
    command, *told = arguments
    assert command == "install"
    for text in told:
        assert not text.startswith("-"), f"{text} is not known to this stand-in"
        if text.endswith(".whl"):
            check_wheel(text)
        elif text != ".":  # this repository
            check_requirement(Requirement(text))


def check_wheel(path: str) -> None:
    """It is called as the wheel of this version is."""
    from fake_studio import __version__

    assert path.rpartition("/")[2] == f"fake_studio-{__version__}-py3-none-any.whl"


def check_requirement(wanted: Requirement) -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    if wanted.name == setup["metadata"]["name"]:
        assert wanted.extras <= set(setup["options.extras_require"]), wanted
    elif wanted.name not in FROM_ELSEWHERE:
        importlib.metadata.distribution(wanted.name)


def docker(arguments: list[str]) -> None:
    """``docker``: its command and options are known; what it starts of ours is a command of ours."""
    command, *told = arguments
    if command == "compose":
        command, *told = told
        check_services(_operands(told, COMPOSE[command]))
        return
    operands = _operands(told, DOCKER[command])
    if command == "build":
        assert (ROOT / operands[0] / "Dockerfile").exists()
    if command == "run" and operands[0] == OUR_IMAGE:
        check_arguments(operands[1:])


def _operands(arguments: list[str], known: dict[str, tuple[str, ...]]) -> list[str]:
    """What is left when the options are gone, all of which must be known."""
    left = list(arguments)
    while left and left[0].startswith("-"):
        option, _, value = left.pop(0).partition("=")
        assert option in (*known[FLAGS], *known[VALUES]), f"docker has no option {option} that these pages use"
        if option in known[VALUES] and not value:
            left.pop(0)
    return left


def check_services(names: list[str]) -> None:
    import yaml

    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert set(names) <= set(services), names


def check_arguments(arguments: list[str]) -> None:
    """Arguments of fake-studio, as a container gets them. Leaves if they are wrong."""
    from support.command_parser import parser

    if arguments:
        parser().parse_args(arguments)


def python3(arguments: list[str]) -> None:
    """``python3 -m venv FOLDER``: a folder whose Python is ours, and whose pip is the one above."""
    assert arguments[:2] == ["-m", "venv"], arguments
    programs = Path(arguments[2]) / "bin"
    programs.mkdir(parents=True)
    for name, command in (("python", sys.executable), ("pip", shell_command(sys.executable, "pip"))):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
        program.chmod(0o755)


COMMANDS: dict[str, Callable[[list[str]], None]] = {"pip": pip, "docker": docker, "python3": python3}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](sys.argv[2:])
