"""Cooking from a test: a chef's file as a subprocess, a chef object in this process, and a Studio elsewhere.

ricecooker keeps its state in modules, so the tests that run a chef in process run in a pytest of their own.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from fake_studio import FakeStudio
from fake_studio.cooking.subprocess_chef import last_line
from support.inner import pytest_command
from support.warm_python import warm_python

pytest_plugins = ["pytester"]

CHEFS = Path(__file__).parents[2] / "fixtures" / "chefs"
START = f"""
import json, logging, os, socket, sys, tempfile
from pathlib import Path
import pytest

CHEFS = Path({str(CHEFS)!r})
sys.path.insert(0, str(CHEFS))
"""


def run(pytester: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    pytester.makepyfile(START + textwrap.dedent(source))
    command = [*pytest_command(warm_python()), f"--basetemp={pytester.path / 'temporary'}"]
    return pytester.run(*command, "-W", "error", "--strict-markers", *options)


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ([], ""),
        (["", "\x1b[32mINFO    \x1b[0m \x1b[34mDone\x1b[0m", ""], "INFO Done"),
        (
            ["Traceback (most recent call last):", "TypeError: no", "\x1b[32mINFO    \x1b[0m \x1b[34mTidy\x1b[0m"],
            "TypeError: no",
        ),
        (["one", "  two  "], "two"),
    ],
)
def test_last_words(output: list[str], said: str) -> None:
    assert last_line(output) == said


IN_PROCESS = r"""
from small import SmallChef, document
from ricecooker import config
from ricecooker.utils.caching import FILECACHE
from fake_studio.cooking.cooked import ChefResult

WATCHED = ("DOMAIN", "SESSION", "DOWNLOAD_SESSION", "FAILED_FILES", "STORAGE_DIRECTORY", "FILECACHE_DIRECTORY",
           "STAGE", "PUBLISH", "UPDATE", "PROGRESS_MANAGER")

def surroundings():
    root = logging.getLogger()
    return {
        "globals": [(name, id(getattr(config, name, None))) for name in WATCHED],
        "sessions": [(dict(s.headers), dict(s.adapters), s.auth) for s in (config.SESSION, config.DOWNLOAD_SESSION)],
        "cache": FILECACHE.directory,
        "folder": os.getcwd(),
        "files": sorted(os.listdir()),
        "temp": tempfile.gettempdir(),
        "arguments": list(sys.argv),
        "timeout": socket.getdefaulttimeout(),
        "handlers": list(root.handlers),
        "level": root.level,
    }

@pytest.fixture(autouse=True)
def all_is_put_back():
    socket.setdefaulttimeout(77)
    before = surroundings()
    yield
    assert surroundings() == before

class Fails(SmallChef):
    def construct_channel(self, **kwargs):
        config.LOGGER.warning("the stove is cold")
        raise ValueError("no gas")

class LosesOne(SmallChef):
    def construct_channel(self, **kwargs):
        config.STRICT = False
        channel = super().construct_channel(**kwargs)
        channel.children[0].add_child(document("lakes", "Lakes"))
        return channel

def test_good_chef(fake_studio):
    cooked = fake_studio.cook(SmallChef())
    cooked.assert_ok()
    assert (cooked.exit_code, cooked.error, cooked.ok) == (0, None, True)
    assert cooked.folder.is_dir() and cooked.folder != Path.cwd()
    assert (cooked.folder / "storage").is_dir()
    assert fake_studio.channel().status == "staged"
    assert any("DONE: Channel created" in line for line in cooked.output)
    assert len(fake_studio.channel().nodes()) == 6

def test_arguments(fake_studio):
    fake_studio.cook(SmallChef(), "--deploy").assert_ok()
    assert fake_studio.channel().status == "unpublished"

def test_chef_that_raises(fake_studio):
    cooked = fake_studio.cook(Fails())
    assert isinstance(cooked.error, ValueError)
    assert cooked.exit_code == 1 and not cooked.ok
    assert "the stove is cold" in cooked.output
    with pytest.raises(AssertionError, match=r"^The chef failed: ValueError: no gas \(test_\w+\.py, line \d+"):
        cooked.assert_ok()

def test_chef_that_loses_a_node(fake_studio):
    with pytest.raises(AssertionError, match="^error file-failed: Read > Lakes: .*lakes.pdf"):
        fake_studio.cook(LosesOne()).assert_ok()

@pytest.mark.fake_studio(allow="authenticate_user_internal")
def test_token_of_its_own(fake_studio):
    cooked = fake_studio.cook(SmallChef(), "--token=" + "0" * 40)
    assert cooked.exit_code == 0
    with pytest.raises(AssertionError, match="^rejected by authenticate_user_internal with 403.*belongs to no user"):
        cooked.assert_ok()

def test_two_studios_and_one_tree(fake_studio, fake_studio_factory):
    other = fake_studio_factory(dialect="deployed", seed=3)
    for fake in (fake_studio, other):
        fake.cook(SmallChef()).assert_ok()
    assert fake_studio.channel().tree() == other.channel().tree()
"""


def test_chef_objects(pytester: pytest.Pytester) -> None:
    run(pytester, IN_PROCESS).assert_outcomes(passed=6)


def test_chef_objects_with_xdist(pytester: pytest.Pytester) -> None:
    """Workers share a working folder, which ricecooker would like to have for itself."""
    run(pytester, IN_PROCESS, "-n2").assert_outcomes(passed=6)


POINTED = """
from ricecooker import config
from ricecooker.utils.caching import FILECACHE

AT_FIRST = dict(vars(config))
SESSION_AT_FIRST = dict(config.SESSION.headers)
def surroundings():
    files = set(os.listdir()) - {"temporary"}  # pytest makes it for the first test that asks for a folder
    return os.getcwd(), FILECACHE.directory, files

SURROUNDINGS = surroundings()

def test_the_imported_ricecooker_talks_to_the_fake(fake_studio, fake_studio_ricecooker):
    assert fake_studio_ricecooker is fake_studio
    assert config.SESSION.post(config.authentication_url()).json()["username"] == "chef@example.org"
    assert "Authorization" not in config.DOWNLOAD_SESSION.headers
    assert set(config.DOWNLOAD_SESSION.adapters) == set(AT_FIRST["DOWNLOAD_SESSION"].adapters)
    for name in ("http://", "https://", "file://"):
        before, now = (session.adapters[name] for session in (AT_FIRST["DOWNLOAD_SESSION"], config.DOWNLOAD_SESSION))
        assert before is not now
        assert vars(before).get("max_retries") is None or before.max_retries.total == now.max_retries.total
    config.FAILED_FILES.append("a file")
    config.STAGE = config.ADDED_BY_A_RUN = True
    config.SESSION.headers["X-Left-Behind"] = "yes"
    Path("left behind").touch()

def test_and_everything_is_put_back():
    assert vars(config) == AT_FIRST
    assert (dict(config.SESSION.headers), config.FAILED_FILES) == (SESSION_AT_FIRST, [])
    assert surroundings() == SURROUNDINGS

def test_a_chef_object_inside_it(fake_studio_ricecooker):
    from small import SmallChef
    fake_studio_ricecooker.cook(SmallChef()).assert_ok()
    assert config.DOMAIN == fake_studio_ricecooker.url
    assert config.SESSION.headers["Authorization"] == f"Token {fake_studio_ricecooker.token}"
"""


def test_an_imported_ricecooker(pytester: pytest.Pytester) -> None:
    run(pytester, POINTED, "-p", "no:randomly").assert_outcomes(passed=3)


FILES = """
from fake_studio.cooking.cooked import ChefResult

def test_a_file_and_its_golden_tree(fake_studio, monkeypatch):
    monkeypatch.setenv("SOMETHING_OF_THE_AUTHORS", "passed on")
    trees = []
    for _ in range(2):
        cooked = fake_studio.cook(CHEFS / "small.py")
        cooked.assert_ok(allow=["channel-thumbnail-missing"], strict=True)
        trees.append(fake_studio.channel().tree())
        fake_studio.reset()
    assert trees[0] == trees[1]
    assert json.loads(json.dumps(trees[0])) == trees[0]

@pytest.mark.fake_studio(seed=5)
def test_tree_that_is_not_as_expected(fake_studio):
    fake_studio.cook(str(CHEFS / "small.py")).assert_ok()
    channel = fake_studio.channel()
    expected = channel.tree()
    channel.assert_tree(expected)
    expected["children"][0]["children"][1]["title"] = "Streams"
    expected["children"][1]["children"].pop()
    channel.assert_tree(expected)
"""


def test_chef_files(pytester: pytest.Pytester) -> None:
    done = run(pytester, FILES)
    done.assert_outcomes(passed=1, failed=1)
    shown = [line for line in done.outlines if line.startswith("E  ")]
    assert "the tree of 'A small channel' is not as expected" in shown[0]
    said = "\n".join(shown)
    for words in ("Rivers", "Streams", "What do you remember?"):
        assert words in said
    assert "difference(expected" not in str(done.stdout), "the failure starts in the test, not in our helper"


ELSEWHERE = """
import copy
import pytest

def test_cooks_there(fake_studio):
    cooked = fake_studio.cook(CHEFS / "small.py")
    assert (cooked.exit_code, cooked.fake.url) == (0, fake_studio.url)

def test_asks_for_what_cannot_be_seen(fake_studio):
    assert fake_studio.channel().name == "nobody knows"

def test_cooks_an_object(fake_studio):
    fake_studio.cook(object())

@pytest.mark.parametrize("name", ["studio", "app", "dialect", "channels", "requests", "report", "reset"])
def test_asks_for_more(fake_studio, name):
    getattr(fake_studio, name)

def test_looks_what_it_is(fake_studio):
    assert not hasattr(fake_studio, "chanels")
    assert not hasattr(fake_studio, "_saving")
    assert copy.copy(fake_studio).url == fake_studio.url
    with pytest.raises(AttributeError, match="chanels"):
        fake_studio.chanels

def test_makes_another(fake_studio_factory):
    assert fake_studio_factory().url
"""


def test_a_studio_elsewhere(pytester: pytest.Pytester) -> None:
    with FakeStudio() as there:
        given = (f"--fake-studio-url={there.url}/", f"--fake-studio-token={there.token}")
        done = run(pytester, ELSEWHERE, "-rs", *given)
        done.assert_outcomes(passed=3, skipped=9)
        assert f"fake_studio.channel works with a fake only, not with the Studio at {there.url}" in str(done.stdout)
        assert there.channel().name == "A small channel"


def test_a_studio_elsewhere_needs_a_token(pytester: pytest.Pytester) -> None:
    done = run(pytester, "def test_it(fake_studio): pass", "--fake-studio-url=http://127.0.0.1:9")
    done.assert_outcomes(errors=1)
    assert "--fake-studio-url needs --fake-studio-token" in str(done.stdout)
