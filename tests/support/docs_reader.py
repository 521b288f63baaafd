"""Somebody who does what a page says: files are written, tests run, commands typed, outputs compared."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from support.docs_pages import ROOT, Block
from support.inner import pytest_command
from support.stand_ins import shell_command

SECONDS = 300
OWN_CHEF = ROOT / "fixtures" / "chefs" / "small.py"  # what the pages call chef.py, unless they write one
STAYS = re.compile(r"^(?:\w+=\S+ )*fake-studio .*|^make serve$", re.M)
# What is other in every run. After a minute pytest says "98.90s (0:01:38)".
PASSING = re.compile(
    r"\x1b\[\d+m|/tmp/\S+|\b[0-9a-f]{32}\b|\b[a-z]{5}-[a-z]{5}\b|(?<=127.0.0.1:)\d+|\d+\.\d+ ?s\b(?: \([\d:]+\))?"
)


class Reader:
    """Follows one page from its top in a folder of its own, with one server at a time in the background."""

    def __init__(self, folder: Path, python: str, kolibri: str | None) -> None:
        """``python`` runs what the page runs with any Python, ``kolibri`` what it runs with Kolibri, if it is here."""
        self.folder = folder
        self.printed: str | None = ""
        self._port = "8000"
        self._server: subprocess.Popen[str] | None = None
        self._programs = folder / ".programs"
        self._programs.mkdir()
        programs = _programs(python)
        if kolibri is not None:
            programs["kolibri"] = kolibri
        for name, command in programs.items():
            _write_program(self._programs / name, command)
        (folder / "fixtures").symlink_to(ROOT / "fixtures")
        (folder / "chef.py").symlink_to(OWN_CHEF)

    def leave(self) -> None:
        """Stop the server."""
        if self._server is not None:
            with self._server as server:
                server.terminate()
                self._listener.join(SECONDS)
            self._server = None

    def follow(self, blocks: list[Block]) -> None:
        """Do what all blocks of a page say; tests that are no files of their own come last. AssertionError if not."""
        tests = []
        for number, block in enumerate(blocks):
            if block.name:
                self._write(block.name, block.text)
            elif block.language == "python":
                tests.append(self._write(f"test_snippet_{number}.py", block.text))
            if block.language != "python":
                getattr(self, f"_do_{block.language}")(block)
        if tests:
            self._type(f"pytest -q {' '.join(tests)}")

    def _write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(self._ported(text), encoding="utf-8")
        return name

    def _ported(self, text: str) -> str:
        return text.replace("8000", self._port)

    def _do_sh(self, block: Block) -> None:
        if re.search(r"^kolibri ", block.text, re.M) and not (self._programs / "kolibri").exists():
            return
        if block.text == "make test\n":
            self.printed = None  # that is what runs
            return
        if _stays(block.text):
            self._start(block.text)
        else:
            self._type(block.text)

    def _do_text(self, block: Block) -> None:
        """What the commands before it printed: these lines, in this order, with others between them at most."""
        if self.printed is None:
            return
        printed = iter(map(_lasting, self.printed.splitlines()))
        for line in map(_lasting, block.text.splitlines()):
            assert "..." in line or not line or line in printed, f"not printed: {line}\n\n{self.printed}"

    def _do_json(self, block: Block) -> None:
        json.loads(block.text)

    def _do_ini(self, block: Block) -> None:
        configparser.ConfigParser().read_string(block.text)

    def _do_yaml(self, block: Block) -> None:
        """A pipeline: the commands of each of its jobs, in a folder where none ran yet."""
        for command in commands_of(yaml.safe_load(block.text)):
            self._type(command)

    def _type(self, text: str) -> None:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self._ported(text)],
            **self._where(),
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
        )
        self.printed = done.stdout
        assert done.returncode == _expected(text), f"{text}\nended with {done.returncode}:\n{done.stdout[-3000:]}"

    def _start(self, text: str) -> None:
        self.leave()
        command = re.sub(r" --port \d+", "", text.strip()).replace("make serve", "fake-studio serve") + " --port 0"
        # exec: the signal at the end is the server's.
        self._server = subprocess.Popen(["bash", "-c", f"exec {command}"], **self._where())
        self.printed = ""
        for line in self._server.stdout or ():
            self.printed += line
            self._port = (re.findall(r"STUDIO_URL=http://.*:(\d+)$", line) or [self._port])[0]
            if line.startswith("The Studio is still there" if "--keep" in text else "TOKEN="):
                # Whoever stops reading would stop the server, too, after some hundred lines.
                self._listener = threading.Thread(target=self._server.stdout.read, daemon=True)
                self._listener.start()
                return
        raise AssertionError(f"{text}\ndid not stay:\n{self.printed}")

    def _where(self) -> dict[str, Any]:
        path = os.pathsep.join([str(self._programs), str(Path(sys.executable).parent), os.environ["PATH"]])
        wanted = {"PATH": path, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", "NO_COLOR": "1"}
        environment = {**os.environ, **wanted}
        for name in [name for name in environment if name.startswith(("PYTEST_", "STUDIO_URL"))]:
            if name != "PYTEST_DEBUG_TEMPROOT":
                del environment[name]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return {"cwd": self.folder, "env": environment, "text": True, "encoding": "utf-8", **streams}


def _programs(python: str) -> dict[str, str]:
    """What each command of a page runs."""
    dry_run = f'{shutil.which("make")} --no-print-directory -n -C {ROOT} "$@"'
    return {
        **{name: f'exec {shell_command(python, name)} "$@"' for name in ("pip", "docker", "python3")},
        "python": f'exec {python} "$@"',
        "pytest": f'exec {shlex.join(pytest_command(python))} "$@"',
        "fake-studio": f'exec {python} -m fake_studio "$@"',
        "make": f'exec sh -c "$({dry_run} | tail -n 1 | sed s,^.venv/bin/,,)"',
    }


def _write_program(path: Path, command: str) -> None:
    path.write_text(f"#!/bin/sh\n{command}\n", encoding="utf-8")
    path.chmod(0o755)


def _stays(text: str) -> bool:
    found = STAYS.match(text)
    return bool(found) and (" serve" in found[0] or "--keep" in found[0])


def _expected(text: str) -> int:
    """The exit code that a comment promises."""
    return int((re.findall(r"# exit code (\d)", text) or [0])[-1])


def _lasting(line: str) -> str:
    return " ".join(PASSING.sub("#", line).split()).strip("= ")


def commands_of(pipeline: Any) -> Iterator[str]:
    """The commands of a workflow of GitHub Actions or of a pipeline of GitLab, with the first of every choice."""
    for name, job in pipeline.get("jobs", pipeline).items():
        assert isinstance(job, dict), f"{name} is no job"
        steps = job.get("steps", [{"run": line} for line in job.get("script", ())])
        lines = [line for step in steps if "run" in step for line in _lines_of(step)]
        text = _without_expressions("\n".join(lines), pipeline, job)
        assert "${{" not in text, text
        if text:
            yield text


def _lines_of(step: dict[str, Any]) -> Iterator[str]:
    for name, value in step.get("env", {}).items():
        yield f"export {name}='{value}'"
    yield step["run"]


def _without_expressions(text: str, pipeline: Any, job: Any) -> str:
    # YAML 1.1 reads the key "on" as true.
    triggers = pipeline.get(True, {})
    inputs = (triggers.get("workflow_call") or {}).get("inputs", {}) if isinstance(triggers, dict) else {}
    values = {f"inputs.{key}": told["default"] for key, told in inputs.items()}
    values.update({f"matrix.{key}": told[0] for key, told in job.get("strategy", {}).get("matrix", {}).items()})
    for key, value in values.items():
        text = text.replace(f"${{{{ {key} }}}}", str(value))
    return text
