"""What the plugin does when something is wrong, refusals and reports, and what it does not do to anybody else."""

from __future__ import annotations

import subprocess
import sys

import pytest

from support.inner import pytest_command, run, run_with_workers

pytest_plugins = ["pytester"]

# Refusals


REFUSED = """
@pytest.mark.fake_studio({marker})
def test_it({fixture}):
    fake = {fake}
    assert ask(fake, channel_data={{"id": "c" * 32}}).status_code == 400
"""


def refused(marker: str = "", *, factory: bool = False) -> str:
    fixture, fake = ("fake_studio_factory", "fake_studio_factory()") if factory else ("fake_studio", "fake_studio")
    return REFUSED.format(marker=marker, fixture=fixture, fake=fake)


@pytest.mark.parametrize("factory", [False, True], ids=["fixture", "factory"])
def test_what_was_refused_fails_the_test(pytester: pytest.Pytester, factory: bool) -> None:
    done = run(pytester, refused(factory=factory))
    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines(
        ["The fake Studio rejected 1 request:", "*400 create_channel (request 1)", "*channel_data.name: is required*"]
    )


def test_an_unexpected_request_fails_the_test(pytester: pytest.Pytester) -> None:
    done = run(pytester, "def test_it(fake_studio): requests.get(fake_studio.url + '/api/internal/nothing')")
    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines(["*404 /api/internal/nothing*", "*Page or endpoint not found: '/api/internal/nothing'*"])


def test_asking_for_a_file_that_is_not_there_is_no_refusal(pytester: pytest.Pytester) -> None:
    source = """
    def test_it(fake_studio):
        assert requests.head(f"{fake_studio.url}/content/storage/a/b/{'ab' * 16}.pdf").status_code == 404
    """
    run(pytester, source).assert_outcomes(passed=1)


ALLOWED = ["'*'", "400", "'400'", "'create_channel'", "'KeyMissing'", "['add_nodes', 'KeyMissing']", "(403, 400)"]


@pytest.mark.parametrize("allow", ALLOWED)
@pytest.mark.parametrize("factory", [False, True], ids=["fixture", "factory"])
def test_allowed_refusals(pytester: pytest.Pytester, allow: str, factory: bool) -> None:
    run(pytester, refused(f"allow={allow}", factory=factory)).assert_outcomes(passed=1)


@pytest.mark.parametrize("allow", ["'add_nodes'", "403", "'ChannelNotFound'", "[]", "()"])
def test_other_refusals_are_not_allowed(pytester: pytest.Pytester, allow: str) -> None:
    run(pytester, refused(f"allow={allow}")).assert_outcomes(passed=1, errors=1)


def test_ini_allows_too(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nfake_studio_allow = 403 KeyMissing\n")
    run(pytester, refused()).assert_outcomes(passed=1)
    run(pytester, refused("allow='add_nodes'")).assert_outcomes(passed=1)


def test_a_fault_is_what_the_test_asked_for(pytester: pytest.Pytester) -> None:
    source = """
    def test_it(fake_studio):
        fake_studio.studio.faults.add(endpoint="create_channel", status=503)
        assert ask(fake_studio).status_code == 503
    """
    run(pytester, source).assert_outcomes(passed=1)


# Reports


FAILING = """
def test_fails(fake_studio):
    for number in range(20):
        requests.get(f"{fake_studio.url}/api/public/info", params={"v": number})
    assert False

def test_passes(fake_studio):
    requests.get(f"{fake_studio.url}/api/public/info")
"""


def check_tail(done: pytest.RunResult) -> None:
    done.assert_outcomes(failed=1, passed=1)
    done.stdout.fnmatch_lines(
        ["*fake Studio http://127.0.0.1:*: last requests*", "   6 200 GET /api/public/info", "*20 200 GET*"]
    )
    lines = [line for line in done.outlines if line.endswith("200 GET /api/public/info")]
    assert len(lines) == 15


def test_last_requests_are_in_the_report_of_a_failing_test(pytester: pytest.Pytester) -> None:
    check_tail(run(pytester, FAILING))


def test_last_requests_are_there_with_xdist(pytester: pytest.Pytester) -> None:
    check_tail(run_with_workers(pytester, FAILING))


def test_every_server_of_the_test_is_in_its_report(pytester: pytest.Pytester) -> None:
    source = """
    @pytest.mark.fake_studio(allow=400)
    def test_it(fake_studio, fake_studio_factory):
        ask(fake_studio_factory())
        assert False
    """
    done = run(pytester, source)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*last requests*", "none", "*last requests*", "*400 POST*create_channel*channel_data*"])


def test_workers_have_servers_of_their_own(pytester: pytest.Pytester) -> None:
    source = """
    @pytest.mark.parametrize("number", range(8))
    def test_it(fake_studio, number):
        data = {"id": f"{number:032}", "name": "n", "description": "", "thumbnail": None}
        assert ask(fake_studio, channel_data=data).status_code == 200
        assert [channel.id for channel in fake_studio.channels] == [data["id"]]
    """
    run_with_workers(pytester, source, sys.executable).assert_outcomes(passed=8)  # once as users have it


# Being a good guest


def test_nothing_happens_to_suites_that_use_other_fixtures(pytester: pytest.Pytester) -> None:
    run(pytester, "def test_it(tmp_path): pass").assert_outcomes(passed=1)


def test_can_be_switched_off(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(): pass\ndef test_other(fake_studio): pass")
    done = pytester.runpytest_inprocess("-p", "no:fake_studio", "-p", "no:cacheprovider")
    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines(["*fixture 'fake_studio' not found*"])


def test_nothing_heavy_is_imported_when_pytest_starts(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("import sys\n\ndef test_it(): print('imported:', *sys.modules)")
    ours = _imported(pytester) - _imported(pytester, "-p", "no:fake_studio")  # other plugins may do as they like
    assert ours == {"fake_studio", "fake_studio.testing", "fake_studio.testing.plugin"}


def _imported(pytester: pytest.Pytester, *options: str) -> set[str]:
    command = [*pytest_command(sys.executable), "-s", "-p", "no:xdist", *options]
    done = subprocess.run(command, capture_output=True, text=True, cwd=pytester.path, check=True)
    (told,) = (line for line in done.stdout.splitlines() if "imported:" in line)
    return set(told.partition("imported: ")[2].split())
