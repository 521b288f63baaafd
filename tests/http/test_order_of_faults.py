"""What of several faults in one call is answered, and odd values that the deployed Studio keeps."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fake_studio.rules.language_tags import is_language_tag
from support.chefs_driver import Chef, an_id, exercise_data, file_data, md5, node_data, question_data, without

INVALID = (400, "Validation error")
CRASH = (500, "Internal server error")
TAGS, LABEL = {"tags": ["x" * 31]}, {"categories": ["nope"]}
CRITERIA = {"extra_fields": '{"options": {"completion_criteria": {"model": "nope"}}}'}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)


def document(word: str = "d", **changes: Any) -> Any:
    return node_data(word, "document", **changes)


def said(chef: Chef, *nodes: Any) -> tuple[int, str]:
    answer = chef.add(chef.create(), *nodes)
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "key", [{"language": "zz"}, {"kind": "hologram"}, {"language": ""}, {"kind": ["x"]}, {"language": 5}]
)
@pytest.mark.parametrize("fault", [TAGS, LABEL, {"questions": [question_data(type="matching")]}])
def test_foreign_keys_come_last(deployed: Chef, key: Any, fault: Any) -> None:
    assert said(deployed, document(**key)) == CRASH
    assert said(deployed, document(**key, **fault)) == INVALID
    assert said(deployed, document(**key), document("other", **fault)) == INVALID
    assert deployed.tree() == []


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ([document(license="nope", **LABEL)], CRASH),  # a license is looked up at once
        ([document(**CRITERIA, **LABEL, license=None)], INVALID),
        ([document(kind="x" * 201, **TAGS)], CRASH),  # what is too long for its column is found at once
        ([document(language="x" * 15, **TAGS)], CRASH),
        ([document(language="x" * 15, **LABEL)], INVALID),
        ([document(extra_fields='["a"]', **TAGS)], INVALID),  # Studio's check of completeness comes after tags
        ([document(extra_fields='["a"]')], CRASH),
        ([document(extra_fields='["options"]', **LABEL)], CRASH),
        ([document(extra_fields="5", **LABEL)], CRASH),
    ],
)
def test_order(deployed: Chef, nodes: Any, expected: Any) -> None:
    assert said(deployed, *nodes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"language": "a b", "type": "matching"}, INVALID),
        ({"language": "a b", "type": []}, CRASH),
        ({"language": "a b", "assessment_id": 5}, CRASH),
        ({"language": ["en"]}, INVALID),
        ({"randomize": "maybe", "assessment_id": 5}, INVALID),  # choices are made before the id is looked at
        ({"randomize": "maybe", "assessment_id": 5, "type": "input_question"}, CRASH),
        ({"randomize": "maybe", "answers": '[{"answer": 5}]'}, CRASH),
        ({"language": "a b", "answers": '[{"answer": 5}]'}, CRASH),
        ({"language": "a b", "hints": '[{"hint": 5}]'}, CRASH),
        ({"language": "a b", "answers": "[]"}, INVALID),
        ({"source_url": [], "language": "en"}, INVALID),
    ],
)
def test_order_within_a_question(deployed: Chef, changes: Any, expected: Any) -> None:
    assert said(deployed, exercise_data(question_data(**changes))) == expected


def test_an_image_that_was_only_announced_is_shown_once(deployed: Chef) -> None:
    deployed.announce(PNG, "i.png", "exercise_image")
    image = f"![](${{☣ CONTENTSTORAGE}}/{md5(PNG)}.png)"
    one, other = question_data("a", question=image), question_data("b", question=image)
    assert said(deployed, exercise_data(one, other)) == INVALID
    assert said(deployed, exercise_data(one))[0] == 200
    deployed.upload(PNG, "i.png", "exercise_image")
    assert said(deployed, exercise_data(one, other))[0] == 200


def test_every_question_is_made_before_a_field_of_one_is_checked(deployed: Chef) -> None:
    checked, unmade = question_data(source_url=[]), question_data("b", answers="[5]")
    assert said(deployed, exercise_data(checked, unmade)) == CRASH
    assert said(deployed, exercise_data(checked)) == INVALID


@pytest.mark.parametrize(
    "tag",
    ["en", "EN", "en_US", "123", "zh-Hant-TW", "es-419", "de-1901", "x-a", "i-klingon", "zh-min-nan", "en-a-bb-x-y"],
)
def test_language_tags(tag: str) -> None:
    assert is_language_tag(tag)


@pytest.mark.parametrize(
    "tag", ["e", "e-", "a b", "a\tb", "x" * 9, "en-", "en--US", "ü", "x-", "en-US-Latn", "en-a", "en\n"]
)
def test_no_language_tags(tag: str) -> None:
    assert not is_language_tag(tag)


@pytest.mark.parametrize(
    ("sent", "kept", "key"),
    [
        (5, "5", "5"),
        (True, "true", "true"),
        (1.5, "1.5", "1.5"),
        (1e20, "1" + 20 * "0", "1e+20"),
        (1e-7, "0.0000001", "1e-07"),
        (-0.0, "0.0", "-0.0"),
    ],
)
def test_a_number_as_node_id(deployed: Chef, sent: Any, kept: str, key: str) -> None:
    status, text = said(deployed, node_data(node_id=sent))
    assert (status, list(json.loads(text)["root_ids"])) == (200, [key])
    assert [node["node_id"] for node in deployed.tree()] == [kept]


@pytest.mark.parametrize(
    ("sent", "kept"), [(float("nan"), "NaN"), (float("inf"), "Infinity"), (float("-inf"), "-Infinity")]
)
def test_a_node_id_that_no_answer_can_name(deployed: Chef, sent: float, kept: str) -> None:
    status, text = said(deployed, node_data(node_id=sent))
    assert (status, "<h1>" in text) == (500, True)
    assert [node["node_id"] for node in deployed.tree()] == [kept]


@pytest.mark.parametrize("sent", [1e32, 10**32, ["x"], {}, None])
def test_no_node_id(deployed: Chef, sent: Any) -> None:
    assert said(deployed, node_data(node_id=sent)) == CRASH


def test_true_is_no_number_of_a_node(documented: Chef) -> None:
    assert 1 in documented.studio.state.numbered or documented.create()
    answer = documented.add(True, node_data())
    assert (answer.status_code, "root_id" in answer.get_json()["error"]) == (400, True)


@pytest.mark.parametrize(
    ("language", "count"), [(["en"], 0), ({"a": 1}, 0), (True, 0), ("zz", 0), ("en", 1), (None, 1)]
)
def test_a_file_with_an_odd_language(deployed: Chef, language: Any, count: int) -> None:
    deployed.upload(b"a document")
    file = file_data(b"a document", "pdf", "document", language=language)
    assert said(deployed, document(files=[file]))[0] == 200
    (node,) = [each for each in deployed.studio.state.nodes.values() if each.kind == "document"]
    assert len(node.files) == count
    assert deployed.ask("GET", "/_fake/report").status_code == 200


@pytest.mark.parametrize("language", ["", 0, False, [], {}])
def test_a_file_with_an_empty_language_fails_last(deployed: Chef, language: Any) -> None:
    deployed.upload(b"a document")
    file = file_data(b"a document", "pdf", "document", language=language)
    assert said(deployed, document(files=[file])) == CRASH
    assert said(deployed, document(files=[file]), document("b", **LABEL)) == INVALID


def test_a_file_that_is_not_stored_comes_before_its_language(deployed: Chef) -> None:
    assert said(deployed, document(files=[file_data(b"lost", "pdf", "document", language="zz")])) == CRASH


@pytest.mark.parametrize(
    ("preset", "guessed"), [(None, "audio_thumbnail"), ("nope", "audio_thumbnail"), ([], "audio_thumbnail")]
)
def test_a_picture_without_a_preset(deployed: Chef, preset: Any, guessed: str) -> None:
    deployed.upload(PNG, "a.png", "document_thumbnail")
    assert said(deployed, document(files=[file_data(PNG, "png", preset)]))[0] == 200
    (node,) = [each for each in deployed.studio.state.nodes.values() if each.kind == "document"]
    assert [file.preset for file in node.files] == [guessed]


def test_the_preset_of_a_slide_is_a_foreign_key(deployed: Chef) -> None:
    deployed.upload(PNG, "a.png", "slideshow_image")
    slide = {"sort_order": 1, "checksum": md5(PNG), "extension": "png"}
    fields = json.dumps({"slideshow_data": [slide]})
    show = node_data("s", "slideshow", files=[file_data(PNG, "png", "nope")], extra_fields=fields)
    assert said(deployed, show) == CRASH
    assert said(deployed, show, document(**LABEL)) == INVALID


@pytest.mark.parametrize("fields", ['""', "[]", [], "", None])
def test_what_passes_for_no_extra_fields(deployed: Chef, fields: Any) -> None:
    assert said(deployed, document(extra_fields=fields))[0] == 200
    (node,) = [each for each in deployed.studio.state.nodes.values() if each.kind == "document"]
    assert node.extra_fields == {'""': "", "[]": []}.get(str(fields) if isinstance(fields, str) else "", {})
    assert said(deployed, exercise_data(extra_fields=fields))[0] == (500 if fields in ('""', "[]") else 200)


def test_what_was_not_sent_is_null(deployed: Chef) -> None:
    assert said(deployed, without(document(), "source_id", "source_domain"))[0] == 200
    (node,) = [each for each in deployed.studio.state.nodes.values() if each.kind == "document"]
    assert (node.source_id, node.source_domain) == (None, None)


def test_a_remote_node_looks_for_its_source_first(deployed: Chef) -> None:
    remote = {"source_channel_id": "c" * 32, "source_node_id": an_id("nope"), "node_id": ["x"], "title": "x" * 201}
    assert said(deployed, remote) == INVALID
    assert said(deployed, {**remote, "source_channel_id": []}) == INVALID
    assert said(deployed, {**remote, "source_channel_id": ["x"]}) == CRASH
    assert said(deployed, {**remote, "source_node_id": ["x"]}) == CRASH
