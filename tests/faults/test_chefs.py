"""What ricecooker does under the presets: as facts of its own behaviour say (add_nodes 500: a warning, exit code 0...).

The chef is fixtures/chefs/small.py: two topics of two, three files.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from fake_studio import FakeStudio
from fake_studio.cooking.subprocess_chef import Chef, ChefResult
from fake_studio.core.refusals import FaultInvalid
from fake_studio.faults import PRESETS
from fake_studio.testing import fault_trials
from fake_studio.testing.fault_trials import FaultTrialResult, table, try_faults
from support.warm_python import warm_python

CHEFS = Path(__file__).parents[2] / "fixtures" / "chefs"
SMALL = CHEFS / "small.py"
IN_ORDER = ["Read", "Use", "Water", "Rivers", "How to use this channel", "What do you remember?"]


def cook(fake: FakeStudio, preset: str) -> ChefResult:
    fake.studio.faults.add_preset(preset)
    cooked = fake.cook(SMALL, python=warm_python())
    assert fake.studio.faults.unused() == []
    return cooked


def asked(fake: FakeStudio) -> Counter[str | None]:
    return Counter(exchange.endpoint for exchange in fake.requests.entries())


def arrived(fake: FakeStudio) -> list[str]:
    return sorted(node["title"] for node in fake.channel().nodes())


def test_a_version_that_is_refused_ends_the_run_with_0(fake: FakeStudio) -> None:
    cooked = cook(fake, "version-refused")
    assert (cooked.exit_code, sum(asked(fake).values()), fake.channels) == (0, 2, [])
    assert not cooked.ok


@pytest.mark.parametrize("fake", ["documented", "deployed"], indirect=True)
def test_a_token_that_expires_ends_the_run_with_1(fake: FakeStudio) -> None:
    cooked = cook(fake, "token-expired-mid-run")
    assert (cooked.exit_code, fake.channels) == (1, [])
    assert asked(fake)["create_channel"] == 1


def test_a_quota_that_is_used_up_ends_the_run_with_1(fake: FakeStudio) -> None:
    cooked = cook(fake, "quota-in-the-middle")
    assert (cooked.exit_code, asked(fake)["create_channel"]) == (1, 0)
    assert "You have run out of storage space." in cooked.output[-1]


def test_upload_url_is_asked_twice_and_then_nodes_are_left_out(fake: FakeStudio) -> None:
    cooked = cook(fake, "upload-url-400")
    assert (cooked.exit_code, asked(fake)["upload_url"]) == (0, 6)
    assert arrived(fake) == ["Read", "Use", "What do you remember?"]


def test_storage_that_fails_once_is_survived(fake: FakeStudio) -> None:
    cooked = cook(fake, "bad-gateway-from-storage")
    assert (cooked.exit_code, asked(fake)["put_file"]) == (0, 4)
    assert arrived(fake) == sorted(IN_ORDER)


def test_a_head_that_fails_is_a_file_that_is_not_there(fake: FakeStudio) -> None:
    assert cook(fake, "storage-head-500").exit_code == 0
    assert asked(fake)["put_file"] == 3


@pytest.mark.parametrize("fake", ["documented", "deployed"], indirect=True)
def test_add_nodes_is_never_sent_again(fake: FakeStudio) -> None:
    cooked = cook(fake, "add-nodes-500-once")
    assert (cooked.exit_code, asked(fake)["add_nodes"], asked(fake)["finish_channel"]) == (0, 3, 1)
    assert sorted(set(IN_ORDER) - set(arrived(fake))) == ["Rivers", "Water"]
    lost = [finding for finding in cooked.report().findings if finding.code == "node-not-received"]
    (faulted,) = fake.requests.find({"fault": "add-nodes-500-once"})
    assert len(lost) == 2
    assert all(f"It was in request {faulted.number}, which Studio rejected." in str(finding) for finding in lost)


@pytest.mark.parametrize("fake", ["documented", "deployed"], indirect=True)
def test_a_gateway_timeout_loses_the_answer_and_not_the_nodes(fake: FakeStudio) -> None:
    cooked = cook(fake, "gateway-timeout-on-large-add-nodes")
    assert cooked.exit_code == 0
    assert arrived(fake) == sorted(IN_ORDER)
    assert any("GATEWAY TIMEOUT" in line for line in cooked.output)


def test_a_connection_that_is_reset_kills_the_run(fake: FakeStudio) -> None:
    cooked = cook(fake, "answer-lost-on-add-nodes")
    assert (cooked.exit_code, asked(fake)["finish_channel"]) == (1, 0)
    assert arrived(fake) == ["Read", "Rivers", "Use", "Water"]


def test_finish_channel_500_ends_the_run_with_1(fake: FakeStudio) -> None:
    assert cook(fake, "finish-channel-500").exit_code == 1
    assert fake.channel().status != "staged"


# A chef's conduct


def test_try_faults() -> None:
    said: list[str] = []
    presets = ["add-nodes-500-once", "truncated-upload", "finish-channel-500", "publish-fails"]
    plain, dropped, cut, unfinished, not_met = try_faults(
        Chef(SMALL, python=warm_python()), presets, on_progress=said.append, dialect="deployed"
    )
    assert said == [fault_trials.NO_FAULT, *presets]
    assert (plain.verdict, plain.noticed, plain.requests) == (fault_trials.NOTHING_LOST, False, 16)
    assert (dropped.verdict, dropped.lost_nodes) == (fault_trials.ONLY_LOGGED, ["Read > Water", "Read > Rivers"])
    assert "could not be created" in dropped.said
    assert (cut.verdict, cut.exit_code, len(cut.lost_files), cut.ok) == (fault_trials.UNNOTICED, 0, 1, False)
    assert (unfinished.verdict, unfinished.unfinished) == (fault_trials.LOUD, "the channel was not finished")
    assert unfinished.said.startswith("requests.exceptions.HTTPError: 500")
    assert (not_met.verdict, not_met.fired) == (fault_trials.NOT_MET, 0)
    assert [each.ok for each in (plain, dropped, cut, unfinished)] == [True, False, False, True]


def test_a_publish_that_fails_is_seen() -> None:
    chef = Chef(SMALL, ["--deploy", "--publish"], warm_python())
    plain, failed = try_faults(chef, ["publish-fails"])
    assert (plain.verdict, plain.unfinished) == (fault_trials.NOTHING_LOST, None)
    assert (failed.verdict, failed.unfinished) == (fault_trials.UNNOTICED, "the publish failed")


def test_a_chef_that_fails_by_itself_is_run_once() -> None:
    (plain,) = try_faults(Chef(CHEFS / "broken" / "stops_halfway.py", python=warm_python()), ["slow-studio"])
    assert (plain.exit_code, plain.verdict) == (1, fault_trials.LOUD)
    assert plain.said.startswith("TypeError")


def test_an_unknown_preset_is_refused_before_anything_runs() -> None:
    with pytest.raises(FaultInvalid, match="'smoke' is not a preset"):
        try_faults(Chef(SMALL), ["smoke"])


def test_the_table() -> None:
    lost = FaultTrialResult("add-nodes-500-once", 0, True, "WARNING: " + "x" * 200, 1, 16, 1.25, ["Read > Water"])
    plain = FaultTrialResult(fault_trials.NO_FAULT, 0, False, "", 0, 16, 1.0)
    cut = FaultTrialResult(
        "finish-channel-500", 1, True, "HTTPError", 1, 9, 1.0, unfinished="the channel was not finished"
    )
    heading, *rows = table([plain, lost, cut])
    assert heading.split("  ")[0] == "preset"
    columns = [heading.index(name) for name in fault_trials.HEADINGS]
    cells = [[row[begin:end].strip() for begin, end in zip(columns, [*columns[1:], None])] for row in rows]
    assert cells[0] == ["(no fault)", "nothing lost", "0", "", "", "16", "1.0", ""]
    assert cells[1][:5] == ["add-nodes-500-once", "only logged", "0", "1", ""]
    assert cells[1][7] == "WARNING: " + "x" * 91 + "..."
    assert cells[2][7] == "(the channel was not finished) HTTPError"
    assert lost.to_dict()["verdict"] == "only logged"


def test_presets_are_documented() -> None:
    page = Path(__file__).parents[2] / "docs" / "faults.md"
    rows = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| `") and "-" in line]
    told = [f"| `{name}` | {preset.happens} | {preset.source} |" for name, preset in PRESETS.items()]
    assert [row for row in rows if row in told] == told
