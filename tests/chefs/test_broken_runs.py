"""Chefs that end in the middle, or that ricecooker ends: one cause, with the nodes that it took along."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.cook_command import CHEFS, Cook, Outcome

PRELUDE = f"""
import os, signal, sys
sys.path.insert(0, {str(CHEFS / "broken")!r})
from pantry import SmallChef
from ricecooker import config
from ricecooker.classes.nodes import TopicNode

def after_nodes(count, act):
    post, seen = config.SESSION.post, []
    def call(url, **options):
        answer = post(url, **options)
        seen.extend([url] if url.endswith("add_nodes") else [])
        if url.endswith("add_nodes") and len(seen) == count:
            act(answer)
        return answer
    config.SESSION.post = call

class Chef(SmallChef):
    def construct_channel(self, **options):
        channel = super().construct_channel(**options)
        {{change}}
        return channel

Chef().main()
"""


def errors_of(cook: Cook, tmp_path: Path, change: str) -> tuple[Outcome, list[dict[str, str]]]:
    path = tmp_path / "chef.py"
    path.write_text(PRELUDE.format(change=change), encoding="utf-8")
    outcome = cook(str(path))
    assert outcome.code == 1
    return outcome, [cause for cause in outcome.json["causes"] if cause["severity"] == "error"]


@pytest.mark.parametrize(
    ("act", "says"),
    [
        ("lambda answer: os._exit(0)", "exit code 0 before finish_channel"),
        ("lambda answer: sys.exit(0)", "exit code 0 before finish_channel"),
        ("lambda answer: os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
    ],
)
def test_a_chef_that_ends_in_the_middle(cook: Cook, tmp_path: Path, act: str, says: str) -> None:
    outcome, errors = errors_of(cook, tmp_path, f"after_nodes(1, {act})")
    assert [cause["kind"] for cause in errors] == ["run"]
    assert says in errors[0]["message"]
    assert "node-not-received" in errors[0]["consequences"]
    assert says in outcome.failures["run"]


def test_an_answer_that_never_came(cook: Cook, tmp_path: Path) -> None:
    change = "after_nodes(1, lambda answer: vars(answer).update(status_code=504, reason='Gateway Time-out'))"
    _, errors = errors_of(cook, tmp_path, change)
    assert [cause["kind"] for cause in errors] == ["node-not-received"]
    assert "Gateway Time-out" in errors[0]["message"]


def test_siblings_with_one_source_id_are_named(cook: Cook, tmp_path: Path) -> None:
    change = "[channel.add_child(TopicNode('twin', title)) for title in ('Castor', 'Pollux')]"
    _, errors = errors_of(cook, tmp_path, change)
    assert len(errors) == 1
    assert "'Castor', 'Pollux'" in errors[0]["message"]
