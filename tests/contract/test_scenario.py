from __future__ import annotations

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from fake_studio.contract import PACKAGED, load_scenarios, load_users
from fake_studio.contract.scenario import Placeholders, UnknownPlaceholder, file_bytes, scenario_id


def test_placeholders_take_their_own_type_or_the_texts() -> None:
    placeholders = Placeholders("group/one", {"chef": "t0k"})
    placeholders.save({"root": ["root"], "pk:t": ["ids", "{{id:t}}"]}, answer_with_ids())
    digest = hashlib.md5(b"group/one a.pdf\n")
    filled = {
        "{{root}}": 7,
        "root {{root}}": "root 7",
        "{{pk:t}}": "abc",
        "{{token:chef}}": "t0k",
        "{{id:t}}": scenario_id("group/one", "t"),
        "{{size:a.pdf}}": 16,
        "{{name:a.pdf}}": "a.pdf",
        "{{md5:a.pdf}}.pdf": digest.hexdigest() + ".pdf",
        "{{MD5:a.pdf}}": digest.hexdigest().upper(),
        "{{md5[0]:a.pdf}}/{{md5[31]:a.pdf}}": f"{digest.hexdigest()[0]}/{digest.hexdigest()[31]}",
    }
    assert placeholders.fill(list(filled)) == list(filled.values())
    assert placeholders.fill({"{{name:k}}": [1, None]}) == {"k": [1, None]}
    assert len(placeholders.fill("{{md5b64:a.pdf}}")) == 24


def answer_with_ids() -> dict[str, Any]:
    return {"root": 7, "ids": {scenario_id("group/one", "t"): "abc"}}


def test_a_placeholder_without_a_value_is_refused() -> None:
    with pytest.raises(UnknownPlaceholder, match="root"):
        Placeholders("group/one", {}).fill("{{root}}")


def test_file_bytes_by_kind() -> None:
    assert file_bytes("s", "empty:a.txt") == b""
    assert file_bytes("s", "a.txt") == b"s a.txt\n"
    assert file_bytes("s", "big:a.txt") == b"s big:a.txt\n" * 500


def test_a_png_is_valid_and_its_own() -> None:
    png = file_bytes("published/rich", "q.png")
    assert hashlib.md5(png).hexdigest() == "390c528e7a14f4ff7be2a3c88fffe64a"
    assert file_bytes("published/rich", "c.png") != png
    kinds, at = [], 8
    while at < len(png):
        size = int.from_bytes(png[at : at + 4], "big")
        data, check = png[at + 4 : at + 8 + size], png[at + 8 + size : at + 12 + size]
        assert zlib.crc32(data) == int.from_bytes(check, "big")
        kinds.append(data[:4])
        at += 12 + size
    assert kinds == [b"IHDR", b"tEXt", b"IDAT", b"IEND"]
    assert png[16:24] == (16).to_bytes(4, "big") + (9).to_bytes(4, "big")


def test_only_scenarios_are_loaded(tmp_path: Path) -> None:
    assert [scenario.name for scenario in load_scenarios(PACKAGED / "deployed" / "put.json")] == ["put/twice"]
    with pytest.raises(ValueError, match="not a list of scenarios"):
        load_scenarios(PACKAGED / "users.json")
    with pytest.raises(OSError, match="nowhere"):
        load_scenarios(tmp_path / "nowhere.json")
    (tmp_path / "users.json").write_text('[{"username": "a", "token": "b"}]')
    with pytest.raises(ValueError, match="role"):
        load_users(tmp_path / "users.json")


GOOD = {"as": "chef", "method": "GET", "path": "/"}


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"method": "GET", "path": "/"}, "step 1 has no as"),
        ({"as": "chef", "method": "GET"}, "step 1 has neither path nor url"),
        ({**GOOD, "headers": []}, "needs an object as its headers"),
        ({**GOOD, "data": 3}, "needs text as its data"),
        ({**GOOD, "expect": {"status": 200, "type": None}}, "expects an answer without body"),
        ({**GOOD, "multipart": {"file": {"file": "a"}}}, "has a part file without a filename"),
        ({"op": "dance", "channel": "c"}, "must be one of deploy, settle"),
        ({"op": "deploy"}, "for a channel"),
        ("GET /", "not a list of scenarios"),
    ],
)
def test_a_step_that_cannot_be_played_is_refused(tmp_path: Path, step: Any, said: str) -> None:
    (tmp_path / "mine.json").write_text(json.dumps([{"name": "group/one", "steps": [step]}]))
    with pytest.raises(ValueError, match=said):
        load_scenarios(tmp_path / "mine.json")


def test_a_file_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text("[")
    with pytest.raises(ValueError, match=r"mine\.json"):
        load_scenarios(tmp_path / "mine.json")
