"""fake-studio serve: what it prints, whom it serves, how it stops."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from fake_studio import FakeStudio
from support.cook_command import command


def address_of(process: subprocess.Popen[str]) -> tuple[str, str]:
    assert process.stdout is not None
    url, token = process.stdout.readline().strip(), process.stdout.readline().strip()
    assert url.startswith("STUDIO_URL=http://127.0.0.1:")
    assert token.startswith("TOKEN=")
    return url.removeprefix("STUDIO_URL="), token.removeprefix("TOKEN=")


def who(url: str, token: str) -> requests.Response:
    headers = {"Authorization": f"Token {token}"}
    return requests.post(f"{url}/api/internal/authenticate_user_internal", headers=headers, timeout=5)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_serves_and_stops(background: Any, number: int) -> None:
    with background("serve", "--port", "0", python=sys.executable) as process:  # whom the signal reaches at once
        url, token = address_of(process)
        assert who(url, token).json()["username"] == "chef@example.org"
        assert who(url, "wrong").status_code == 403
        with requests.Session() as idle:
            assert idle.get(f"{url}/_fake/health", timeout=5).json() == {"status": "ok", "dialect": "documented"}
            process.send_signal(number)
            assert process.wait(10) == 0, "an idle connection, which lasts 75 s, must not hold it up"
        said = process.stderr.read().splitlines()
    assert said[0].startswith("200 POST /api/internal/authenticate_user_internal ")
    assert said[1].startswith("403 POST /api/internal/authenticate_user_internal ")
    assert said[1].endswith("belongs to no user of this Studio.")
    assert len(said) == 2, "control routes are not worth a line"


def test_a_path_forges_no_line(background: Any) -> None:
    with background("serve", "--port", "0") as process:
        url, _ = address_of(process)
        for path in ("x%0A::error::lost", "x%0D%1B%5B2J", "x%E2%80%A8::error::lost", "%23%23vso%5Btask.complete%5D"):
            requests.get(f"{url}/api/{path}", timeout=5)
        process.terminate()
        assert process.wait(10) == 0
        said = process.stderr.read()
    assert [line[:15] for line in said.splitlines()] == 3 * ["404 GET /api/x\\"] + ["404 GET /api/#\\"]
    assert said.replace("\n", "").isprintable()


def test_users_dialect_and_quiet(background: Any, tmp_path: Path) -> None:
    users = tmp_path / "users.json"
    accounts = [{"username": "ada", "token": "a" * 40}, {"username": "bob", "token": "b" * 40, "is_active": False}]
    users.write_text(json.dumps(accounts))
    options = (f"--users={users}", "--dialect=deployed", "--quiet", f"--files={tmp_path / 'kept'}", "--port=0")
    with background("serve", *options) as process:
        url, token = address_of(process)
        assert token == "a" * 40
        assert who(url, token).json()["username"] == "ada"
        assert who(url, "b" * 40).json() == {"detail": "User inactive or deleted."}
        process.terminate()
        assert process.wait(10) == 0
        assert process.stderr.read() == ""


def test_a_snapshot_outlives_the_server(background: Any, tmp_path: Path) -> None:
    path = tmp_path / "not there yet" / "studio.json"
    told = {"id": "c" * 32, "name": "Kept", "description": "", "thumbnail": None, "language": "en"}
    for created in (True, False):
        with background("serve", "--port=0", f"--snapshot={path}") as process:
            url, token = address_of(process)
            if created:
                headers = {"Authorization": f"Token {token}"}
                data = {"channel_data": told}
                assert requests.post(f"{url}/api/internal/create_channel", json=data, headers=headers).ok
            assert [channel["name"] for channel in requests.get(f"{url}/_fake/channels").json()] == ["Kept"]
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0


@pytest.mark.parametrize(
    ("content", "says"), [("{", "is not JSON"), ('{"format": 99}', "format: 99"), ('{"format": 1}', "ids: is missing")]
)
def test_a_damaged_snapshot_is_named(tmp_path: Path, content: str, says: str) -> None:
    snapshot = tmp_path / "studio.json"
    snapshot.write_text(content)
    done = subprocess.run(
        command("serve", "--port=0", f"--snapshot={snapshot}"), capture_output=True, text=True, check=False, timeout=20
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"fake-studio: {snapshot}: ")
    assert says in done.stderr
    assert snapshot.read_text() == content


def test_public_url(background: Any) -> None:
    with background("serve", "--port=0", "--public-url=http://studio.test/", "--quiet") as process:
        assert process.stdout.readline() == "STUDIO_URL=http://studio.test\n"


def test_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(
            command("serve", "--port", str(taken.getsockname()[1])),
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
    assert done.returncode == 2
    assert "ddress already in use" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{}", "it must hold a list of users"),
        ("[]", "it must hold a list of users"),
        ('[{"token": "x"}]', "username"),
        ('[{"username": "ada", "token": "x", "disk_space": "much"}]', "disk_space: must not be a string"),
        ("nothing", "users.json"),
    ],
)
def test_bad_users_file(tmp_path: Path, content: str, says: str) -> None:
    users = tmp_path / "users.json"
    users.write_text(content)
    done = subprocess.run(
        command("serve", "--port=0", f"--users={users}"), capture_output=True, text=True, check=False, timeout=20
    )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert says in done.stderr


def test_installed_command() -> None:
    script = Path(sys.executable).with_name("fake-studio")
    if not script.exists():
        pytest.skip("the package is not installed")
    done = subprocess.run([str(script), "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("fake-studio ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["serve", "--users", __file__], "it is not JSON"),
        (["serve", "--faults", "nothing.json"], "there is no file or program 'nothing.json'"),
        (["contract", "--url", "http://127.0.0.1:9", "--users", "nothing.json"], "no file or program 'nothing.json'"),
        (["cook", __file__, "--python", "no-such-python"], "there is no file or program 'no-such-python'"),
        (["diff", __file__, __file__], "holds no tree: it is not JSON"),
    ],
)
def test_what_is_not_there_is_said_in_words(arguments: list[str], says: str) -> None:
    done = subprocess.run(command(*arguments), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Errno" not in done.stderr


def test_a_port_that_is_taken() -> None:
    with FakeStudio() as fake:
        port = fake.url.rpartition(":")[2]
        done = subprocess.run(command("serve", "--port", port), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Pass another --port, or 0 for any free one." in done.stderr
