"""Exercises: mastery, the ids of questions, and the items of the archive."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fake_studio.core.model import Question
from fake_studio.publishing import CannotPublish
from fake_studio.publishing.exercises.qti.xml import qti_id
from support.desk import Desk, a_picture, a_question, an_id, mastery

STORED = "${☣ CONTENTSTORAGE}"
LOCAL = "${☣ LOCALPATH}/images"
QTI = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="{identifier}">
<qti-response-declaration identifier="RESPONSE" cardinality="single"><qti-correct-response>
<qti-value>a</qti-value></qti-correct-response></qti-response-declaration>
<qti-item-body>{body}</qti-item-body></qti-assessment-item>"""
CHOICE = """<qti-choice-interaction response-identifier="RESPONSE"><qti-prompt><p>Which <em>one</em> ?</p></qti-prompt>
<qti-simple-choice identifier="a">first</qti-simple-choice>
<qti-simple-choice identifier="b">second</qti-simple-choice></qti-choice-interaction>"""


def raw_perseus(name: str = "raw", text: str = "{}", **more: Any) -> Question:
    return Question(an_id(name), "perseus_question", raw_data=text, **more)


def native(name: str = "native", body: str = CHOICE, identifier: str = "item-1") -> Question:
    return Question(an_id(name), "QTI", raw_data=QTI.format(identifier=identifier, body=body))


def metadata(desk: Desk, questions: list[Question], fields: dict[str, Any]) -> dict[str, Any]:
    desk.add("exercise", "exercise", questions=questions, extra_fields=fields)
    [row] = desk.rows("assessmentmetadata")
    return row


def questions(count: int) -> list[Question]:
    return [a_question(f"question {number}") for number in range(count)]


@pytest.mark.parametrize(
    ("fields", "count", "model"),
    [
        (mastery("m_of_n", m=2, n=3), 1, {"type": "m_of_n", "n": 3, "m": 2}),
        (mastery("m_of_n"), 3, {"type": "m_of_n", "n": 3, "m": 3}),
        (mastery("m_of_n", m=None, n=None), 8, {"type": "m_of_n", "n": 5, "m": 5}),
        (mastery("m_of_n"), 0, {"type": "m_of_n", "n": 1, "m": 1}),
        (mastery("do_all"), 4, {"type": "do_all", "n": 4, "m": 4}),
        (mastery("do_all"), 0, {"type": "do_all", "n": 1, "m": 1}),
        (mastery("num_correct_in_a_row_2"), 1, {"type": "num_correct_in_a_row_2", "n": 2, "m": 2}),
        (mastery("num_correct_in_a_row_3"), 1, {"type": "num_correct_in_a_row_3", "n": 3, "m": 3}),
        (mastery("num_correct_in_a_row_5"), 1, {"type": "num_correct_in_a_row_5", "n": 5, "m": 5}),
        (mastery("num_correct_in_a_row_10"), 1, {"type": "num_correct_in_a_row_10", "n": 10, "m": 10}),
        ({"mastery_model": "m_of_n", "m": 1, "n": 2}, 1, {"type": "m_of_n", "n": 2, "m": 1}),
    ],
)
def test_mastery_models(desk: Desk, fields: dict[str, Any], count: int, model: dict[str, Any]) -> None:
    assert metadata(desk, questions(count), fields)["mastery_model"] == json.dumps(model)


@pytest.mark.parametrize(("sent", "randomize"), [({}, 1), ({"randomize": None}, 1), ({"randomize": False}, 0)])
def test_questions_come_at_random_unless_told_otherwise(desk: Desk, sent: dict[str, Any], randomize: int) -> None:
    assert metadata(desk, questions(1), {**mastery(), **sent})["randomize"] == randomize


def test_converted_questions_have_ids_of_qti(desk: Desk) -> None:
    row = metadata(desk, [a_question("a"), a_question("b")], mastery())
    assert json.loads(row["assessment_item_ids"]) == [qti_id(an_id("a")), qti_id(an_id("b"))]
    assert (row["number_of_assessments"], row["is_manipulable"]) == (2, 1)


def test_an_id_of_qti_is_the_16_bytes_in_base64(desk: Desk) -> None:
    assert qti_id("0e7d3c5a4cfd51c6a95fd13f031aefdc") == "KDn08Wkz9UcapX9E_Axrv3A"


def test_raw_perseus_alone_keeps_its_ids_and_its_text(desk: Desk) -> None:
    text = '{"image": "web+graphie:{☣ CONTENTSTORAGE}/x"}'
    row = metadata(desk, [raw_perseus(text=text)], mastery())
    assert json.loads(row["assessment_item_ids"]) == [an_id("raw")]
    item = desk.archive().read(f"{an_id('raw')}.json").decode()
    assert item == '{"image": "web+graphie:{☣ LOCALPATH}/images/x"}\n'


def test_raw_perseus_beside_others_is_in_a_package_only(desk: Desk) -> None:
    row = metadata(desk, [a_question("a"), raw_perseus()], mastery())
    assert json.loads(row["assessment_item_ids"]) == [qti_id(an_id("a")), qti_id(an_id("raw"))]
    assert [file["preset"] for file in desk.rows("file")] == ["qti"]


def test_an_exercise_without_questions_has_an_empty_package(desk: Desk) -> None:
    row = metadata(desk, [], mastery("m_of_n", m=1, n=2))
    assert (row["assessment_item_ids"], row["number_of_assessments"]) == ("[]", 0)
    assert desk.package().namelist() == ["imsmanifest.xml"]
    assert [file["preset"] for file in desk.rows("file")] == ["qti"]


def test_exercise_json_tells_mastery_and_items(desk: Desk) -> None:
    desk.add("exercise", "exercise", questions=[a_question("a", "true_false")], extra_fields=mastery("do_all"))
    assert json.loads(desk.archive().read("exercise.json")) == {
        "mastery_model": "m_of_n",
        "legacy_mastery_model": "do_all",
        "randomize": True,
        "m": 1,
        "n": 1,
        "all_assessment_items": [qti_id(an_id("a"))],
        "assessment_mapping": {qti_id(an_id("a")): "single_selection"},
    }


@pytest.mark.parametrize(
    ("kind", "several"), [("single_selection", False), ("multiple_selection", True), ("true_false", False)]
)
def test_questions_to_choose_from(desk: Desk, kind: str, several: bool) -> None:
    item = desk.item(a_question(kind=kind, text="Which?", randomize=True))
    assert item["question"]["content"] == "Which?\n\n[[☃ radio 1]]"
    options = item["question"]["widgets"]["radio 1"]["options"]
    assert [(choice["content"], choice["correct"]) for choice in options["choices"]] == [("4", True), ("5", False)]
    assert (options["multipleSelect"], options["randomize"]) == (several, True)


def test_choices_stand_in_the_order_of_the_list_and_empty_ones_are_gone(desk: Desk) -> None:
    answers = [{"answer": text, "correct": text == "b", "order": -n} for n, text in enumerate(("a", " ", "b"))]
    options = desk.item(a_question(answers=answers))["question"]["widgets"]["radio 1"]["options"]
    assert [choice["content"] for choice in options["choices"]] == ["a", "b"]


@pytest.mark.parametrize("kind", ["input_question", "free_response"])
def test_typed_answers_are_numbers(desk: Desk, kind: str) -> None:
    texts = ["4", "1/2", "word", "", 0, 2.5]
    answers = [{"answer": text, "correct": text != "4", "order": 0} for text in texts]
    item = desk.item(a_question(kind=kind, answers=answers))
    widget = item["question"]["widgets"]["numeric-input 1"]
    assert [answer["value"] for answer in widget["options"]["answers"]] == [0.5, 0.0, 2.5]
    assert item["question"]["content"] == "2 + 2?\n\n[[☃ numeric-input 1]]"


def test_large_numbers_are_written_out(desk: Desk) -> None:
    answers = [{"answer": "12345678901234567890", "correct": True}]
    desk.add(
        "exercise", "exercise", questions=[a_question(kind="input_question", answers=answers)], extra_fields=mastery()
    )
    item = desk.archive().read(f"{qti_id(an_id('question'))}.json").decode()
    assert '"value": 12345678901234567000,' in item


def test_hints_come_in_their_order_and_blank_ones_are_gone(desk: Desk) -> None:
    hints = [{"hint": "second", "order": 2}, {"hint": " ", "order": 0}, {"hint": "first", "order": 1}]
    item = desk.item(a_question(hints=hints))
    assert [hint["content"] for hint in item["hints"]] == ["first", "second"]


def test_hints_whose_orders_cannot_be_compared_stay_as_they_came(desk: Desk) -> None:
    hints = [{"hint": "one", "order": "b"}, {"hint": "two", "order": 1}]
    assert [hint["content"] for hint in desk.item(a_question(hints=hints))["hints"]] == ["one", "two"]


def test_formulas_are_marked_as_perseus_marks_them(desk: Desk) -> None:
    item = desk.item(a_question(text="What is $$x^2$$?"))
    assert item["question"]["content"] == "What is $x^2$?\n\n[[☃ radio 1]]"


def test_images_lie_in_the_archive_wherever_they_are_shown(desk: Desk) -> None:
    names = [desk.file(a_picture(shade), "png", "exercise_image").name for shade in (1, 2, 3)]
    shown = [f"![a picture]({STORED}/{name})" for name in names]
    item = desk.item(
        a_question(
            text=shown[0],
            answers=[{"answer": shown[1], "correct": True, "order": 0}],
            hints=[{"hint": shown[2], "order": 0}],
        )
    )
    assert item["question"]["content"].startswith(f"![a picture]({LOCAL}/{names[0]})")
    [choice] = item["question"]["widgets"]["radio 1"]["options"]["choices"]
    assert choice["content"] == f"![a picture]({LOCAL}/{names[1]})"
    assert item["hints"][0]["content"] == f"![a picture]({LOCAL}/{names[2]})"
    assert desk.archive().namelist() == [
        "exercise.json",
        *(f"images/{name}" for name in names),
        f"{qti_id(an_id('question'))}.json",
    ]


def test_an_image_that_is_no_stored_name_is_not_shown(desk: Desk) -> None:
    item = desk.item(a_question(text="Look ![](elsewhere.png) here"))
    assert item["question"]["content"] == "Look  here\n\n[[☃ radio 1]]"


def test_an_image_that_was_never_uploaded_cannot_be_published(desk: Desk) -> None:
    with pytest.raises(CannotPublish, match=r"the image 0{32}\.png was never uploaded"):
        desk.item(a_question(text=f"![]({STORED}/{'0' * 32}.png)"))


def test_an_image_that_was_never_uploaded_is_left_out_where_that_is_wanted(desk: Desk) -> None:
    desk.strict = False
    desk.item(a_question(text=f"![]({STORED}/{'0' * 32}.png)"))
    assert [name for name in desk.archive().namelist() if name.startswith("images/")] == []
    assert "never uploaded" in desk.publish().left_out[0][1]


def test_raw_perseus_brings_its_images_and_graphies(desk: Desk) -> None:
    image = desk.file(a_picture(), "png", "exercise_image")
    graphie = desk.file(b"<svg/>$$$GRAPHIE_BREAK$$${}", "graphie", "exercise_graphie", original_filename="abc")
    desk.add("exercise", "exercise", questions=[raw_perseus(files=[graphie, image])], extra_fields=mastery())
    archive = desk.archive()
    assert archive.read(f"images/{image.name}") == a_picture()
    assert (archive.read("images/abc.svg"), archive.read("images/abc-data.json")) == (b"<svg/>", b"{}")


def test_a_graphie_in_one_piece_cannot_be_published(desk: Desk) -> None:
    graphie = desk.file(b"<svg/>", "graphie", "exercise_graphie", original_filename="abc")
    desk.add("exercise", "exercise", questions=[raw_perseus(files=[graphie])], extra_fields=mastery())
    with pytest.raises(CannotPublish, match="'abc' has 1 parts"):
        desk.publish()


def test_qti_of_the_chefs_is_read_into_perseus(desk: Desk) -> None:
    row = metadata(desk, [native()], mastery())
    assert json.loads(row["assessment_item_ids"]) == ["item-1"]
    item = json.loads(desk.archive().read("item-1.json"))
    assert item["question"]["content"] == "Which *one* ?\n\n[[☃ radio 1]]"
    choices = item["question"]["widgets"]["radio 1"]["options"]["choices"]
    assert [(choice["content"], choice["correct"]) for choice in choices] == [("first", True), ("second", False)]


def test_qti_to_type_in_is_read_into_perseus(desk: Desk) -> None:
    body = '<div><p>How many?</p><p><qti-text-entry-interaction response-identifier="RESPONSE"/></p></div>'
    text = QTI.format(identifier="item-1", body=body).replace(">a<", ">7<")
    metadata(desk, [Question(an_id("native"), "QTI", raw_data=text)], mastery())
    item = json.loads(desk.archive().read("item-1.json"))
    assert item["question"]["content"] == "How many?\n\n[[☃ numeric-input 1]]"


@pytest.mark.parametrize("others", [[], [a_question("plain")]])
def test_qti_that_perseus_cannot_ask_is_in_a_package_only(desk: Desk, others: list[Question]) -> None:
    row = metadata(desk, [native(body="<qti-order-interaction/>"), *others], mastery())
    assert json.loads(row["assessment_item_ids"]) == ["item-1", *(qti_id(other.assessment_id) for other in others)]
    assert row["number_of_assessments"] == 1 + len(others)
    assert [file["preset"] for file in desk.rows("file")] == ["qti"]
    assert desk.publish().left_out == []


@pytest.mark.parametrize(
    ("second", "fault"),
    [
        ("item-1", "the identifier item-1 comes twice"),
        ("", "there is no identifier"),
        ("1 b", "the identifier '1 b' is not an XML name"),
    ],
)
def test_qti_needs_identifiers_of_its_own(desk: Desk, second: str, fault: str) -> None:
    desk.add("exercise", "exercise", questions=[native(), native("b", identifier=second)], extra_fields=mastery())
    with pytest.raises(CannotPublish, match=fault):
        desk.publish()
