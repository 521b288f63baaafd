"""``cook`` ends: after its time, by a signal, when a child holds the output, and whatever a chef prints."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fake_studio import FakeStudio
from fake_studio.cooking import process
from fake_studio.cooking.stragglers import orphans_adopted
from fake_studio.cooking.subprocess_chef import Chef, Limits, cook
from support.cook_command import command

SLEEPER = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("child", child.pid, flush=True)
{end}
"""


@pytest.fixture
def fake() -> Iterator[FakeStudio]:
    with FakeStudio() as made:
        yield made


def chef(tmp_path: Path, end: str) -> Path:
    path = tmp_path / "chef.py"
    path.write_text(SLEEPER.format(end=end))
    return path


def is_alive(pid: int) -> bool:
    """A process that ended and that nobody has waited for counts as gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 30
    while is_alive(pid):
        assert time.monotonic() < deadline, f"{pid} is still there"
        time.sleep(0.05)


def child_in(lines: list[str]) -> int:
    return next(int(line.rpartition(" ")[2]) for line in lines if "child " in line)


def test_a_chef_that_takes_too_long_is_ended_with_its_children(fake: FakeStudio, tmp_path: Path) -> None:
    path = chef(tmp_path, "print('INFO Initiating DOWNLOAD for film.mp4', flush=True); time.sleep(60)")
    cooked = fake.cook(path, timeout=2)
    wait_until_gone(child_in(cooked.output))
    assert cooked.seconds < 20
    [problem, *_] = cooked.problems
    assert problem == "The chef was still running after 2 s and was ended. In work: film.mp4."
    assert not cooked.ok


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux adopts orphans")
def test_children_that_end_when_they_are_asked_to_are_not_waited_for(
    fake: FakeStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "GRACE", 30.0)
    with orphans_adopted():
        assert fake.cook(chef(tmp_path, "time.sleep(60)"), timeout=1).seconds < 20


DAEMON = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
print("child", child.pid, flush=True)
if not os.fork():
    os.setsid()
    daemon = os.fork()
    if daemon:
        print("daemon child", daemon, flush=True)
        os._exit(0)
    time.sleep(60)
{end}
"""


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux shows the environment of processes")
@pytest.mark.parametrize("end", ["time.sleep(60)", "os.wait()"])
def test_what_left_the_group_of_its_chef_is_ended_too(fake: FakeStudio, tmp_path: Path, end: str) -> None:
    path = tmp_path / "chef.py"
    path.write_text(DAEMON.format(end=end))
    cooked = fake.cook(path, timeout=3)
    processes = [int(line.rpartition(" ")[2]) for line in cooked.output if "child " in line]
    assert len(processes) == 2
    for pid in processes:
        wait_until_gone(pid)


ESCAPED = """
import os
if not os.fork():
    os.setsid()
    if not os.fork():
        print("child", os.getpid(), flush=True)
        os.execve("/bin/sleep", ["sleep", "60"], {})
    os._exit(0)
os.wait()
"""


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux adopts orphans")
def test_a_daemon_with_an_environment_of_its_own_is_ended_by_the_command(tmp_path: Path) -> None:
    path = tmp_path / "chef.py"
    path.write_text(ESCAPED)
    done = subprocess.run(
        command("cook", str(path), python=sys.executable), capture_output=True, text=True, timeout=60, check=False
    )
    wait_until_gone(child_in(done.stdout.splitlines()))


def test_a_child_that_holds_the_output_does_not_hold_us(fake: FakeStudio, tmp_path: Path) -> None:
    cooked = fake.cook(chef(tmp_path, "sys.exit(3)"))
    assert (cooked.exit_code, cooked.seconds < 20) == (3, True)
    wait_until_gone(child_in(cooked.output))


@pytest.fixture
def _signals_as_by_default() -> Iterator[None]:
    """In a child too, and where a shell or nohup has these tests in the background, whose signals it switches off."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGINT, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("_signals_as_by_default")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_chef_and_children_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    temp = tmp_path / "temp"
    temp.mkdir()
    cooking = command("cook", str(chef(tmp_path, "time.sleep(60)")), "--timeout=50", python=sys.executable)
    environment = {**os.environ, "TMPDIR": str(temp)}
    with subprocess.Popen(cooking, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as run:
        assert run.stdout is not None
        lines = [run.stdout.readline() for _ in range(3)]
        run.send_signal(number)
        assert run.wait(15) == 128 + number
        assert run.stderr is not None
        assert f"ended by {number.name}" in run.stderr.read()
    wait_until_gone(child_in([line.strip() for line in lines]))
    assert list(temp.iterdir()) == []


def test_a_signal_finds_no_lock_taken_while_a_chef_is_waited_for(
    fake: FakeStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Popen.wait, broken off just after it has taken its lock, leaves it locked: the chef's end would wait for ever."""
    takers: list[int] = []

    class Lock:
        def __init__(self) -> None:
            self._lock = threading.Lock()
            self.release = self._lock.release

        def acquire(self, blocking: bool = True) -> bool:
            takers.append(threading.get_ident())
            return self._lock.acquire(blocking)

        def __enter__(self) -> None:
            self.acquire()

        def __exit__(self, *error: object) -> None:
            self.release()

    start, end = process._start, process.end_group

    def start_with_lock(*arguments: Any) -> Any:
        started = start(*arguments)
        monkeypatch.setattr(started, "_waitpid_lock", Lock())
        return started

    def end_after(*arguments: Any) -> None:
        assert takers
        assert threading.get_ident() not in takers
        end(*arguments)

    monkeypatch.setattr(process, "_start", start_with_lock)
    monkeypatch.setattr(process, "end_group", end_after)
    assert fake.cook(chef(tmp_path, "time.sleep(60)"), timeout=1).seconds < 20


def test_much_output_is_kept_in_bounds(fake: FakeStudio, tmp_path: Path) -> None:
    path = tmp_path / "chef.py"
    path.write_text(
        "import sys\nfor n in range(30_000):\n    print(n, 'x' * 1000)\nsys.stdout.write('y' * 20_000_000)\n"
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    said = []
    cooked = cook(fake, Chef(path), Limits(timeout=100), on_line=lambda line: said.append(len(line)))
    assert sum(said) > 50_000_000
    assert sum(map(len, cooked.output)) < 12_000_000
    assert any("lines are left out here" in line for line in cooked.output)
    assert cooked.output[0].startswith("0 xxx")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 * 1024


def test_what_the_terminal_has_no_letters_for_ends_nothing(tmp_path: Path) -> None:
    path = tmp_path / "chef.py"
    path.write_text("import sys\nsys.stdout.buffer.write('before 中文\\nafter\\n'.encode())\n")
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(
        command("cook", str(path), python=sys.executable), capture_output=True, env=environment, check=False
    )
    assert b"  | before \\u4e2d\\u6587\n  | after\n" in done.stdout.replace(b"\r", b"")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("text", ["0", "-1", "soon", "nan", "inf"])
def test_a_timeout_is_a_number_of_seconds(text: str) -> None:
    done = subprocess.run(command("cook", __file__, f"--timeout={text}"), capture_output=True, text=True, check=False)
    assert (done.returncode, "is not a number of seconds above 0" in done.stderr) == (2, True)
