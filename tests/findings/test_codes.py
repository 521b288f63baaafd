"""Every code of a finding can be brought about, and names its node and cause."""

from __future__ import annotations

from typing import Any

import pytest

from fake_studio.findings import CODES, ERROR, Finding
from support import (  # noqa: F401  (they add their own to PROVOCATIONS)
    provocations_for_learners,
    provocations_in_runs,
)
from support.chefs_driver import CHANNEL, Chef, an_id, state_of
from support.provocations import PDF, PROVOCATIONS, document, send


@pytest.mark.parametrize("code", PROVOCATIONS)
def test_is_found(documented: Chef, deployed: Chef, code: str) -> None:
    wanted = PROVOCATIONS[code]
    chef = documented if wanted.dialect == "documented" else deployed
    told = wanted.act(chef) or {}
    before = state_of(chef.studio)
    report = chef.studio.report(**told)
    assert state_of(chef.studio) == before, "looking must change nothing"
    [finding] = [finding for finding in report.findings if finding.code == code][:1]
    check_words(finding, wanted.node, wanted.says)
    assert finding in report.failures or finding.severity != ERROR
    assert code not in {each.code for each in chef.studio.report(**told, allow=[code]).findings}


def check_words(finding: Finding, node: str | None, says: str) -> None:
    known = CODES[finding.code]
    assert (finding.severity, finding.cure, finding.channel) == (known.severity, known.cure, CHANNEL)
    assert finding.message.startswith(known.meaning)
    assert says in finding.message
    assert finding.title == node
    if node:
        assert finding.node_id
        assert finding.path.endswith(node)
    assert str(finding).startswith(f"{finding.severity} {finding.code}: ")


def test_every_code_is_provoked() -> None:
    assert PROVOCATIONS.keys() == CODES.keys()


def test_every_code_has_a_severity_a_meaning_and_a_cure() -> None:
    for code, known in CODES.items():
        assert known.severity in ("error", "warning"), code
        assert known.meaning.endswith("."), code
        assert known.cure.endswith("."), code


def test_nothing_is_found_about_a_clean_run(chef: Chef) -> None:
    thumbnail = png()
    chef.upload(thumbnail[1], "a.png", "channel_thumbnail")
    send(chef, document(), thumbnail=thumbnail[0])
    report = chef.studio.report(declared=[{"id": CHANNEL, "children": [document()]}], strict=True)
    assert (report.findings, report.refusals, report.problems, report.ok) == ([], [], [], True)
    assert chef.studio.storage.get(document()["files"][0]["filename"]).size == len(PDF)


@pytest.mark.parametrize("content", [["x"], "abc", {"a": 1}, [["x"]], [5], None])
def test_lost_children_that_are_no_nodes_break_no_report(chef: Chef, content: Any) -> None:
    chef.create()
    chef.post("add_nodes", {"root_id": None, "content_data": content})
    told = chef.client.get(f"/_fake/channels/{CHANNEL}/findings")
    assert told.status_code == 200
    assert "parent-lost" in [finding["code"] for finding in told.json]


def test_lost_children_of_a_body_too_large_to_keep_are_named_by_their_ids(chef: Chef) -> None:
    chef.create()
    chef.add(None, document(odd="x" * 300_000))
    (found,) = [each for each in chef.studio.channel(CHANNEL).findings if each.code == "parent-lost"]
    assert an_id("d") in found.message


def png() -> tuple[str, bytes]:
    """An image, and its name in storage."""
    import io

    from PIL import Image

    from support.chefs_driver import md5

    out = io.BytesIO()
    Image.new("RGB", (16, 9), "navy").save(out, "PNG")
    return f"{md5(out.getvalue())}.png", out.getvalue()
