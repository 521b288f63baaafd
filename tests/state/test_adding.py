"""add_nodes without HTTP: what is kept of a node, and that a refused call changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fake_studio import Studio
from fake_studio.core.model import Node, User
from fake_studio.core.refusals import NodeInvalid, NodeNotStorable, NotEditor, ParentNotFound, Refusal, ValueUnusable
from fake_studio.rules import Strictness
from support.chefs_driver import (
    CHANNEL,
    LENIENT,
    STRICT,
    Data,
    an_id,
    exercise_data,
    file_data,
    node_data,
    question_data,
    state_of,
    without,
)

PDF = b"%PDF the document"


def add(studio: Studio, user: User, root_id: Any, *nodes: Any, strictness: Strictness = STRICT) -> list[Node]:
    return studio.add_nodes(user, root_id, list(nodes), strictness=strictness, by_number=False)


def refused(studio: Studio, user: User, root_id: Any, *nodes: Any, strictness: Strictness = STRICT) -> Refusal:
    """The refusal of a call, once it is certain that the call changed nothing."""
    before = state_of(studio)
    with pytest.raises(Refusal) as caught:
        add(studio, user, root_id, *nodes, strictness=strictness)
    assert state_of(studio) == before
    return caught.value


def test_a_node_is_kept_with_everything_that_was_sent(studio: Studio, user: User, root: Node) -> None:
    studio.storage.put(PDF, file_data(PDF, "pdf", "document")["filename"], "application/pdf")
    sent = node_data(
        "d",
        "document",
        files=[file_data(PDF, "pdf", "document", language="en")],
        tags=["one", "two", "one"],
        author="An author",
        categories=["d&WXdXWF"],
        suggested_duration="90",
        an_unknown_key="kept too",
    )
    (node,) = add(studio, user, root.id, sent)
    assert (node.title, node.kind, node.license, node.copyright_holder) == ("Node d", "document", "CC BY", "Holder")
    assert (node.node_id, node.content_id) == (an_id("d"), an_id("content d"))
    assert node.tags == ["one", "two"]
    assert node.labels["categories"] == ["d&WXdXWF"]
    assert node.suggested_duration == 90
    assert [(file.name, file.size, file.language) for file in node.files] == [
        (sent["files"][0]["filename"], len(PDF), "en")
    ]
    assert node.sent["an_unknown_key"] == "kept too"


def test_nodes_keep_their_order_and_nest(studio: Studio, user: User, root: Node) -> None:
    topics = add(studio, user, root.id, *(node_data(f"t{n}") for n in range(10)))
    (child,) = add(studio, user, topics[3].id, node_data("child"))
    assert [node.title for node in root.children] == [f"Node t{n}" for n in range(10)]
    assert child.parent is topics[3]
    assert [node.sort_order for node in root.children] == [float(n) for n in range(1, 11)]


def test_node_ids_below_the_parent_are_skipped_even_if_broken(studio: Studio, user: User, root: Node) -> None:
    add(studio, user, root.id, node_data("a"))
    added = add(studio, user, root.id, {"node_id": an_id("a")}, node_data("b"))
    assert [node.title for node in added] == ["Node b"]
    assert [node.title for node in root.children] == ["Node a", "Node b"]


def test_one_node_id_twice_in_a_call_stands_twice(studio: Studio, user: User, root: Node) -> None:
    add(studio, user, root.id, node_data("a"), node_data("a"))
    assert [node.node_id for node in root.children] == [an_id("a")] * 2


def test_the_same_node_id_may_stand_under_another_parent(studio: Studio, user: User, root: Node) -> None:
    (topic,) = add(studio, user, root.id, node_data("t"))
    assert add(studio, user, topic.id, node_data("t"))


def test_all_or_nothing(studio: Studio, user: User, root: Node) -> None:
    refusal = refused(studio, user, root.id, node_data("good"), node_data("bad", license="Nobody's"))
    assert refusal.place is not None
    assert (refusal.place.index, refusal.place.title, refusal.field) == (1, "Node bad", "license")
    assert "CC BY" in (refusal.allowed or [])
    assert not root.children


BROKEN: dict[str, tuple[Data, type[Refusal], str]] = {
    "long title": (node_data(title="x" * 201), NodeNotStorable, "title"),
    "NUL": (node_data(title="a\0b"), NodeNotStorable, "title"),
    "half a surrogate pair": (node_data(description="\ud800"), NodeNotStorable, "description"),
    "NUL in extra_fields": (node_data(extra_fields='{"a": "\\u0000"}'), NodeNotStorable, "extra_fields"),
    "NaN in extra_fields": (node_data(extra_fields='{"a": [NaN]}'), NodeNotStorable, "extra_fields"),
    "extra_fields no JSON": (node_data(extra_fields="nope"), NodeNotStorable, "extra_fields"),
    "unknown license": (node_data("d", "document", license="mine"), NodeNotStorable, "license"),
    "unknown kind": (node_data(kind="book"), NodeNotStorable, "kind"),
    "unknown language": (node_data(language="xx-nope"), NodeNotStorable, "language"),
    "description null": (node_data(description=None), NodeNotStorable, "description"),
    "long author": (node_data(author="x" * 201), NodeNotStorable, "author"),
    "duration in words": (node_data(suggested_duration="ten"), NodeNotStorable, "suggested_duration"),
    "duration over 32 bits": (node_data(suggested_duration=2**31), NodeNotStorable, "suggested_duration"),
    "long tag": (node_data(tags=["ok", "x" * 31]), NodeInvalid, "tags[1]"),
    "unknown label": (node_data(categories=["no such"]), NodeInvalid, "categories"),
    "label no list": (node_data(categories={}), NodeInvalid, "categories"),
    "files no list": (node_data(files=5), NodeNotStorable, "files"),
    "file without name": (node_data(files=[{"size": 1}]), NodeNotStorable, "files[0].filename"),
    "file never uploaded": (
        node_data(files=[file_data(PDF, "pdf", "document")]),
        NodeNotStorable,
        "files[0].filename",
    ),
    "long node_id": (node_data(node_id="x" * 33), NodeNotStorable, "node_id"),
    "node_id a list": (node_data(node_id=[]), NodeNotStorable, "node_id"),
    "pages on an exercise": (
        exercise_data(extra_fields='{"options": {"completion_criteria": {"model": "pages", "threshold": 1}}}'),
        NodeInvalid,
        "extra_fields.options.completion_criteria",
    ),
    "slideshow of no object": (node_data("s", "slideshow", extra_fields="[1]"), NodeNotStorable, "extra_fields"),
    "not an object": (None, NodeNotStorable, ""),  # type: ignore[dict-item]
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_node_is_refused_by_name(studio: Studio, user: User, root: Node, case: str) -> None:
    data, kind, field = BROKEN[case]
    refusal = refused(studio, user, root.id, data)
    assert isinstance(refusal, kind)
    assert (refusal.field or "") == field
    assert str(refusal).startswith("content_data[0] (node_id ")


LENIENTLY_REFUSED = [name for name in BROKEN if name != "file never uploaded"]


@pytest.mark.parametrize("case", LENIENTLY_REFUSED)
def test_a_broken_node_is_refused_by_the_page_too(studio: Studio, user: User, root: Node, case: str) -> None:
    data, _, field = BROKEN[case]
    refusal = refused(studio, user, root.id, data, strictness=LENIENT)
    assert (refusal.field or "") == field


@pytest.mark.parametrize("key", ["kind", "license", "files", "questions", "extra_fields", "author", "description"])
def test_every_key_that_studio_reads_is_needed(studio: Studio, user: User, root: Node, key: str) -> None:
    refusal = refused(studio, user, root.id, without(node_data(), key))
    assert refusal.field == key


@pytest.mark.parametrize("key", ["license", "files", "questions", "extra_fields", "author", "description", "tags"])
def test_the_page_needs_fewer_keys(studio: Studio, user: User, root: Node, key: str) -> None:
    assert add(studio, user, root.id, without(node_data(), key), strictness=LENIENT)


def test_numbers_become_text_as_in_studios_database(studio: Studio, user: User, root: Node) -> None:
    (node,) = add(studio, user, root.id, node_data(title=5, node_id=7, author=True))
    assert (node.title, node.node_id, node.author) == ("5", "7", "True")
    assert refused(studio, user, root.id, node_data("b", title=5), strictness=LENIENT).field == "title"


def test_a_parent_must_be_a_topic(studio: Studio, user: User, root: Node) -> None:
    (document,) = add(studio, user, root.id, node_data("d", "document"))
    assert isinstance(refused(studio, user, document.id, node_data()), NodeInvalid)


@pytest.mark.parametrize(("root_id", "kind"), [("0" * 32, ParentNotFound), (None, ParentNotFound), (5, ValueUnusable)])
def test_a_parent_must_be_there(studio: Studio, user: User, root: Node, root_id: Any, kind: type[Refusal]) -> None:
    assert isinstance(refused(studio, user, root_id, node_data()), kind)


def test_a_parent_may_be_named_by_its_number(studio: Studio, user: User, root: Node) -> None:
    added = studio.add_nodes(user, root.number, [node_data()], strictness=LENIENT, by_number=True)
    assert root.children == added


def test_only_editors_and_admins_add(studio: Studio, users: dict[str, User], root: Node) -> None:
    assert isinstance(refused(studio, studio.state.users[users["other"].id], root.id, node_data()), NotEditor)
    assert add(studio, studio.state.users[users["admin"].id], root.id, node_data())


def test_an_unknown_language_of_a_file_ends_the_list_without_a_word(studio: Studio, user: User, root: Node) -> None:
    names = []
    for content in (b"one", b"two", b"three"):
        names.append(file_data(content, "pdf", "document"))
        studio.storage.put(content, names[-1]["filename"], "application/pdf")
    names[1]["language"] = "xx-nope"
    (node,) = add(studio, user, root.id, node_data("d", "document", files=names))
    assert [file.name for file in node.files] == [names[0]["filename"]]
    refusal = refused(studio, user, root.id, node_data("e", "document", files=names), strictness=LENIENT)
    assert refusal.field == "files[1].language"


def test_of_two_thumbnails_the_last_stays(studio: Studio, user: User, root: Node) -> None:
    files = []
    for colour in ("red", "blue"):
        content = picture(colour)
        files.append(file_data(content, "png", "document_thumbnail"))
        studio.storage.put(content, files[-1]["filename"], "image/png")
    (node,) = add(studio, user, root.id, node_data("d", "document", files=files))
    assert [file.name for file in node.files] == [files[1]["filename"]]


def test_a_thumbnail_must_be_an_image(studio: Studio, user: User, root: Node) -> None:
    file = file_data(b"no image", "png", "document_thumbnail")
    studio.storage.put(b"no image", file["filename"], "image/png")
    assert refused(studio, user, root.id, node_data("d", "document", files=[file])).field == "files[0]"


def picture(colour: str) -> bytes:
    from io import BytesIO

    from PIL import Image

    target = BytesIO()
    Image.new("RGB", (16, 9), colour).save(target, "PNG")
    return target.getvalue()


def test_slides_find_their_images_by_checksum(studio: Studio, user: User, root: Node) -> None:
    content = picture("green")
    file = file_data(content, "png", "slideshow_image")
    studio.storage.put(content, file["filename"], "image/png")
    slides = [{"caption": "c", "descriptive_text": "d", "checksum": file["filename"][:32], "sort_order": 0}]
    sent = node_data("s", "slideshow", files=[file], extra_fields=json.dumps({"slideshow_data": slides}))
    (node,) = add(studio, user, root.id, sent)
    assert [(slide.caption, [each.name for each in slide.files]) for slide in node.slides] == [
        ("c", [file["filename"]])
    ]


def test_an_old_mastery_model_becomes_completion_criteria(studio: Studio, user: User, root: Node) -> None:
    old = '{"mastery_model": "m_of_n", "m": 1, "n": 2, "randomize": true}'
    (node,) = add(studio, user, root.id, exercise_data(extra_fields=old))
    threshold = {"m": 1, "n": 2, "mastery_model": "m_of_n"}
    assert node.extra_fields == {
        "randomize": True,
        "options": {"completion_criteria": {"model": "mastery", "threshold": threshold}},
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"type": "riddle"}, "questions[1].type"),
        ({"answers": "nope"}, "questions[1].answers"),
        ({"answers": "[]"}, "questions[1].answers"),
        ({"assessment_id": "x"}, "questions[1].assessment_id"),
        ({"question": "[a](http://example.org)"}, "questions[1].question"),
        ({"question": "![](${☣ CONTENTSTORAGE}/" + "0" * 32 + ".png)"}, "questions[1]"),
        ({"hints": "nope"}, "questions[1].hints"),
        ({"randomize": "perhaps"}, "questions[1].randomize"),
    ],
)
def test_a_broken_question_is_refused_by_name(
    studio: Studio, user: User, root: Node, changes: Data, field: str
) -> None:
    refusal = refused(studio, user, root.id, exercise_data(question_data(), question_data("other", **changes)))
    assert isinstance(refusal, NodeInvalid)
    assert refusal.field == field


def test_assessment_ids_are_unique_in_an_exercise(studio: Studio, user: User, root: Node) -> None:
    assert refused(studio, user, root.id, exercise_data(question_data(), question_data())).field == (
        "questions[1].assessment_id"
    )


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("single_selection", {}),
        ("multiple_selection", {}),
        ("true_false", {}),
        ("input_question", {"hints": '[{"hint": "Think", "order": 1}]'}),
        ("free_response", {"answers": "[]"}),
        ("perseus_question", {"raw_data": '{"question": {}}'}),
    ],
)
def test_every_question_type_is_kept(studio: Studio, user: User, root: Node, kind: str, changes: Data) -> None:
    (node,) = add(studio, user, root.id, exercise_data(question_data("q", kind, **changes)))
    (question,) = node.questions
    assert (question.type, question.assessment_id) == (kind, an_id("q"))
    assert node.sent["questions"][0] == question.sent


def test_the_channel_of_all_this_is_the_one_that_was_made(studio: Studio, root: Node) -> None:
    assert studio.channel(CHANNEL).to_dict()["trees"] == {
        "chef": 0,
        "staging": None,
        "main": 0,
        "previous": None,
        "trash": 0,
    }
