"""Perseus: JSON, widgets, images and answers of a question."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fake_studio.content.flaw import Inspection
from fake_studio.content.perseus import inspect_perseus

FIELD = "[[\u2603 numeric-input 1]]"
STORED = "${\u2623 CONTENTSTORAGE}/" + "a" * 32


def number(*values: Any) -> dict[str, Any]:
    answers = [{"value": value, "status": "correct"} for value in values]
    return {"type": "numeric-input", "graded": True, "options": {"answers": answers}}


def choice(*correct: bool) -> dict[str, Any]:
    choices = [{"content": f"choice {place}", "correct": right} for place, right in enumerate(correct)]
    return {"type": "radio", "options": {"choices": choices}}


def item(content: str, widgets: Any = None, **more: Any) -> str:
    given = {"numeric-input 1": number(7)} if widgets is None else widgets
    return json.dumps({"question": {"content": content, "images": {}, "widgets": given}, "hints": [], **more})


def inspect(content: str, widgets: Any = None, **more: Any) -> Inspection:
    return inspect_perseus(item(content, widgets, **more))


def codes(inspection: Inspection) -> list[str]:
    return [flaw.code for flaw in inspection.flaws]


GROUP = {
    "graded-group 1": {"type": "graded-group", "options": {"content": FIELD, "widgets": {"numeric-input 1": number(7)}}}
}
RIGHT = [
    (FIELD, None),
    (f"![a picture]({STORED}.png) ![]({STORED}.svg) ![](data:image/png;base64,AA==) {FIELD}", None),
    (f"![](web+graphie:{STORED}) {FIELD}", None),
    (f"See [the museum](https://example.org) {FIELD}", None),
    ("[[\u2603 radio 1]]", {"radio 1": choice(False, True)}),
    ("[[\u2603 graded-group 1]]", GROUP),
    ("[[\u2603 orderer 1]]", {"orderer 1": {"type": "orderer", "options": {"correctOptions": [{"content": "1"}]}}}),
    (
        f"{FIELD} [[\u2603 radio 1]]",
        {"numeric-input 1": number(0, -1.5), "radio 1": {**choice(False), "graded": False}},
    ),
    (
        "[[\u2603 expression 1]]",
        {"expression 1": {"type": "expression", "options": {"answerForms": [{"value": "x", "considered": "correct"}]}}},
    ),
    (
        f"{FIELD} [[\u2603 image 1]]",
        {
            "numeric-input 1": number(7),
            "image 1": {"type": "image", "options": {"backgroundImage": {"url": f"{STORED}.png"}}},
        },
    ),
]


@pytest.mark.parametrize(("content", "widgets"), RIGHT)
def test_what_can_be_answered_has_no_flaw(content: str, widgets: Any) -> None:
    assert (inspect(content, widgets).flaws, inspect(content, widgets).unchecked) == ((), ())


def test_images_of_the_package_are_named() -> None:
    facts = inspect(f"![]({STORED}.png) ![](web+graphie:{STORED}) {FIELD}").facts
    assert (facts["images"], facts["graphies"]) == (("a" * 32 + ".png",), ("a" * 32,))


@pytest.mark.parametrize("raw", ["{no", "", "[]", "7", "{}", '{"question": []}', '{"question": {}}', "[" * 99_999])
def test_what_is_no_perseus(raw: str) -> None:
    assert codes(inspect_perseus(raw)) == ["perseus-invalid"]


def test_widgets_that_nobody_defines() -> None:
    [flaw] = inspect(f"{FIELD} [[\u2603 expression 2]] [[\u2603 expression 2]]").flaws
    assert (flaw.code, flaw.place) == ("question-widget-missing", "expression 2")
    hint = {"content": "[[\u2603 image 3]]", "widgets": {}}
    assert codes(inspect(FIELD, hints=[hint])) == ["question-widget-missing"]


OUTSIDE = [
    "//graphs.example.org/b.svg",
    "https://example.org/b.png",
    "file:///home/me/b.png",
    "/home/me/b.png",
    "b.png",
]


@pytest.mark.parametrize("address", [*OUTSIDE, "web+graphie://graphs.example.org/b"])
def test_images_that_are_not_in_the_package(address: str) -> None:
    picture = {"type": "image", "options": {"backgroundImage": {"url": address}}}
    in_text = inspect(f"![bars]({address}) {FIELD}")
    in_widget = inspect(f"{FIELD} [[\u2603 image 1]]", {"numeric-input 1": number(7), "image 1": picture})
    in_hint = inspect(FIELD, hints=[{"content": f"![bars]({address})"}])
    for inspection in (in_text, in_widget, in_hint):
        [flaw] = inspection.flaws
        assert (flaw.code, flaw.place) == ("question-image-missing", address)


UNANSWERABLE = [
    ("What is 3 + 4?", {}),
    ("[[\u2603 image 1]]", {"image 1": {"type": "image", "options": {}}}),
    ("[[\u2603 radio 1]]", {"radio 1": choice(False, False)}),
    (FIELD, {"numeric-input 1": number()}),
    (FIELD, {"numeric-input 1": number(None)}),
    ("[[\u2603 input-number 1]]", {"input-number 1": {"type": "input-number", "options": {"value": "many"}}}),
    ("[[\u2603 dropdown 1]]", {"dropdown 1": {"type": "dropdown", "options": {"choices": [{"content": "a"}]}}}),
]


@pytest.mark.parametrize(("content", "widgets"), UNANSWERABLE)
def test_what_nobody_can_answer(content: str, widgets: Any) -> None:
    assert codes(inspect(content, widgets)) == ["question-not-answerable"]


def test_parts_of_the_wrong_type_break_nothing() -> None:
    for odd in (None, 7, "x", [], {}):
        for widget in (odd, {"type": odd}, {"type": "radio", "options": odd}, choice() | {"options": {"choices": odd}}):
            inspect("[[\u2603 radio 1]]", {"radio 1": widget})
        inspect_perseus(json.dumps({"question": {"content": FIELD, "widgets": odd}, "hints": odd, "answerArea": odd}))
