"""The plugin as the writer of a chef's tests meets it: the scopes of its fixtures, marker, options, ini values."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

import pytest

from support.inner import run
from support.warm_python import warm_python

pytest_plugins = ["pytester"]

# Scopes


def test_one_server_for_the_session_and_nothing_left_of_the_test_before(pytester: pytest.Pytester) -> None:
    source = """
    SEEN = []

    @pytest.mark.fake_studio(allow="*")
    def test_leaves_a_mess(fake_studio):
        SEEN.append(fake_studio)
        ask(fake_studio)
        requests.patch(f"{fake_studio.url}/_fake/settings", json={"dialect": "deployed", "max_journal": 7})
        requests.post(f"{fake_studio.url}/_fake/users", json={"username": "b", "token": "b"})
        assert fake_studio.requests.entries()

    def test_finds_it_clean(fake_studio):
        assert fake_studio is SEEN[0]
        assert (fake_studio.channels, fake_studio.requests.entries(), len(fake_studio.studio.users)) == ([], [], 1)
        settings = requests.get(f"{fake_studio.url}/_fake/settings").json()
        assert (settings["dialect"], settings["max_journal"]) == ("documented", 10_000)
    """
    run(pytester, source).assert_outcomes(passed=2)


def test_another_server_for_other_options_and_the_same_for_the_same(pytester: pytest.Pytester) -> None:
    source = """
    SEEN = []

    @pytest.fixture(autouse=True)
    def seen(fake_studio):
        SEEN.append(fake_studio)

    def test_plain():
        pass

    @pytest.mark.fake_studio(dialect="deployed")
    def test_deployed(fake_studio):
        assert fake_studio.dialect == "deployed"

    @pytest.mark.fake_studio(seed=4)
    def test_seed(fake_studio):
        assert fake_studio.studio.seed == 4

    @pytest.mark.fake_studio(users=[{"username": "ada", "token": "a" * 40}])
    def test_users(fake_studio):
        assert (fake_studio.token, fake_studio.studio.users[0].username) == ("a" * 40, "ada")

    @pytest.mark.fake_studio(dialect="deployed", allow="*")
    def test_deployed_again():
        assert len(set(SEEN)) == 4
        assert SEEN[-1] is SEEN[1]
    """
    run(pytester, source).assert_outcomes(passed=5)


def test_servers_stop_with_the_session(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("""
    import requests

    URLS = []

    def pytest_unconfigure():
        for url in URLS:
            try:
                requests.get(url)
            except requests.ConnectionError:
                print("stopped", url)
    """)
    source = """
    def test_it(fake_studio, fake_studio_factory, request):
        from conftest import URLS
        URLS.extend([fake_studio.url, fake_studio_factory().url])
    """
    done = run(pytester, source)
    done.assert_outcomes(passed=1)
    assert str(done.stdout).count("stopped http") == 2


def test_users_from_an_overridden_fixture(pytester: pytest.Pytester) -> None:
    source = """
    @pytest.fixture
    def fake_studio_users():
        return [{"username": "ada", "token": "a" * 40, "disk_space": 5, "colour": "ignored"}]

    def test_users(fake_studio):
        assert (fake_studio.token, fake_studio.studio.users[0].disk_space) == ("a" * 40, 5)
    """
    run(pytester, source).assert_outcomes(passed=1)


# Marker, options, ini values


def test_closest_marker_wins_for_each_argument(pytester: pytest.Pytester) -> None:
    source = """
    pytestmark = pytest.mark.fake_studio(dialect="deployed", seed=1)

    @pytest.mark.fake_studio(seed=2)
    class TestClass:
        @pytest.mark.fake_studio(seed=3)
        def test_function(self, fake_studio):
            assert (fake_studio.dialect, fake_studio.studio.seed) == ("deployed", 3)

        def test_class(self, fake_studio):
            assert (fake_studio.dialect, fake_studio.studio.seed) == ("deployed", 2)

    def test_module(fake_studio):
        assert (fake_studio.dialect, fake_studio.studio.seed) == ("deployed", 1)
    """
    run(pytester, source).assert_outcomes(passed=3)


DIALECT = """
def test_default(fake_studio):
    assert fake_studio.dialect == "deployed"

@pytest.mark.fake_studio(dialect="documented")
def test_marker(fake_studio):
    assert fake_studio.dialect == "documented"
"""


def test_a_snapshot_to_begin_with(pytester: pytest.Pytester) -> None:
    examples = Path(__file__).parents[2] / "fixtures" / "channels"
    shutil.copytree(examples, pytester.path / "kept")
    source = """
    @pytest.mark.fake_studio(snapshot="kept/small_staged.json")
    def test_with_it(fake_studio):
        assert fake_studio.channel("A small channel").status == "staged"
        assert fake_studio.channel().node("Rivers")["files"]

    def test_without_it(fake_studio):
        assert fake_studio.channels == []
    """
    run(pytester, source).assert_outcomes(passed=2)


def test_files_beside_the_test(pytester: pytest.Pytester) -> None:
    """From pytest's root folder and from where it was started, too; a file that is nowhere is named with all paths."""
    fixtures = Path(__file__).parents[2] / "fixtures"
    for folder in ("inner", "rooted"):
        (pytester.path / folder).mkdir()
    shutil.copy(fixtures / "chefs" / "small.py", pytester.path / "rooted" / "chef.py")
    shutil.copytree(fixtures / "chefs" / "content", pytester.path / "rooted" / "content")
    shutil.copy(pytester.path / "rooted" / "chef.py", pytester.path / "inner" / "beside.py")
    shutil.copytree(fixtures / "chefs" / "content", pytester.path / "inner" / "content")
    shutil.copytree(fixtures / "channels", pytester.path / "inner" / "kept")
    source = f"""
    import pytest

    PYTHON = {warm_python()!r}

    @pytest.mark.fake_studio(snapshot="kept/small_staged.json")
    def test_beside(fake_studio):
        assert fake_studio.channels
        fake_studio.reset()
        fake_studio.cook("beside.py", python=PYTHON).assert_ok()

    def test_from_the_root(fake_studio):
        fake_studio.cook("rooted/chef.py", python=PYTHON).assert_ok()

    def test_nowhere(fake_studio):
        fake_studio.cook("chef.py")
    """
    (pytester.path / "inner" / "test_it.py").write_text(textwrap.dedent(source), encoding="utf-8")
    done = pytester.runpytest_inprocess("-W", "error", "-p", "no:cacheprovider", f"--rootdir={pytester.path}", "inner")
    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(
        ["E*There is no file 'chef.py'. Tried:", f"E*{pytester.path}/inner/chef.py", f"E*{pytester.path}/chef.py"]
    )


def test_a_channel_that_there_is_not(pytester: pytest.Pytester) -> None:
    source = """
    import pytest

    @pytest.mark.fake_studio(snapshot="kept/small_staged.json")
    def test_it(fake_studio):
        with pytest.raises(LookupError, match=r"no channel 'Fire'. It has:\\n  'A small channel' [0-9a-f]{32}$"):
            fake_studio.channel("Fire")
        fake_studio.reset()
        with pytest.raises(LookupError, match="no channel yet: did the chef run and succeed"):
            fake_studio.channel()
    """
    shutil.copytree(Path(__file__).parents[2] / "fixtures" / "channels", pytester.path / "kept")
    run(pytester, source).assert_outcomes(passed=1)


def test_ini_value_below_the_marker(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nfake_studio_dialect = deployed\n")
    run(pytester, DIALECT).assert_outcomes(passed=2)


def test_option_above_the_ini_value_and_below_the_marker(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nfake_studio_dialect = documented\n")
    run(pytester, DIALECT, "--fake-studio-dialect=deployed").assert_outcomes(passed=2)


def test_factory_has_the_dialect_of_the_option(pytester: pytest.Pytester) -> None:
    source = """
    def test_it(fake_studio_factory):
        assert fake_studio_factory().dialect == "deployed"
        assert fake_studio_factory(dialect="documented").dialect == "documented"
    """
    run(pytester, source, "--fake-studio-dialect=deployed").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("marker", "says"),
    [
        ("'deployed'", "'deployed' has no name"),
        ("dialekt='deployed'", "dialekt"),
        ("users=[{'token': 'x'}]", "username"),
    ],
)
def test_a_wrong_marker_is_an_error(pytester: pytest.Pytester, marker: str, says: str) -> None:
    done = run(pytester, f"@pytest.mark.fake_studio({marker})\ndef test_it(fake_studio): pass")
    done.assert_outcomes(errors=1)
    assert says in str(done.stdout)


def test_a_wrong_ini_value_is_an_error(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nfake_studio_dialect = deploid\n")
    done = run(pytester, "def test_it(fake_studio): pass")
    done.assert_outcomes(errors=1)
    assert "fake_studio_dialect is 'deploid', and must be one of documented, deployed" in str(done.stdout)


def test_help_names_everything(pytester: pytest.Pytester) -> None:
    said = str(pytester.runpytest_inprocess("--help").stdout)
    for name in ("--fake-studio-dialect", "--fake-studio-url", "--fake-studio-token", "fake_studio_allow"):
        assert name in said
    assert "fake_studio(dialect=" in str(pytester.runpytest_inprocess("--markers").stdout)
    fixtures = str(pytester.runpytest_inprocess("--fixtures").stdout)
    assert "fake_studio_factory" in fixtures
    assert "fake_studio_users" in fixtures


# The factory


def test_two_servers_at_once(pytester: pytest.Pytester) -> None:
    source = """
    URLS = []

    @pytest.mark.fake_studio(allow=403)
    def test_they_know_nothing_of_each_other(fake_studio, fake_studio_factory):
        one = fake_studio_factory(seed=1, users=[{"username": "ada", "token": "a" * 40}])
        two = fake_studio_factory(seed=1, users=[{"username": "bob", "token": "b" * 40}])
        URLS.extend([one.url, two.url])
        assert len({fake_studio.url, one.url, two.url}) == 3
        data = {"channel_data": {"id": "c" * 32, "name": "n", "description": "", "thumbnail": None}}
        assert ask(one, **data).status_code == 200
        assert ask(two, token=one.token, **data).status_code == 403
        assert (len(one.channels), len(two.channels), len(fake_studio.channels)) == (1, 0, 0)

    def test_they_are_gone_after_the_test():
        for url in URLS:
            with pytest.raises(requests.ConnectionError):
                requests.get(url)
    """
    run(pytester, source).assert_outcomes(passed=2)
