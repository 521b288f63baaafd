"""Plain questions as QTI items: each rule by itself. The whole items are compared in test_qti_recorded.py."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from fake_studio.markdown import MarkupInvalid, ValueUnfit, content_of
from fake_studio.publishing.exercises.qti.plain_item import item_of
from support.desk import a_question

TAG = "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}"


def root_of(**question: Any) -> ET.Element:
    return ET.fromstring(item_of(a_question(**question)))


def prompt_of(text: str) -> str:
    """What is inside the prompt of a question with this text."""
    item = item_of(a_question(text=text))
    return item.partition("<qti-prompt>")[2].partition("</qti-prompt>")[0]


def declaration_of(**question: Any) -> tuple[str | None, str | None, list[str | None]]:
    root = root_of(**question)
    declaration = next(root.iter(f"{TAG}qti-response-declaration"))
    return (
        declaration.get("cardinality"),
        declaration.get("base-type"),
        [value.text for value in declaration.iter(f"{TAG}qti-value")],
    )


def answers(*texts: Any, correct: Any = True) -> list[dict[str, Any]]:
    return [{"answer": text, "correct": correct} for text in texts]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["4"], "float"),
        ([" 4 ", "1e3", "nan", "1_000", "٣"], "float"),
        ([4, 2.5, True], "float"),
        (["4", "four"], "string"),
        ([""], "string"),
        (["1/2"], "string"),
        ([], "string"),
    ],
)
def test_typed_answers_are_numbers_if_python_reads_them_all(values: list[Any], kind: str) -> None:
    told = declaration_of(kind="input_question", answers=answers(*values))
    assert told == ("multiple" if len(values) > 1 else "single", kind, [str(value) or None for value in values])


def test_wrong_typed_answers_count_for_the_type_only() -> None:
    told = [*answers("4"), *answers("many", correct=False)]
    assert declaration_of(kind="free_response", answers=told) == ("single", "string", ["4"])


def test_choices_keep_the_order_of_the_list() -> None:
    told = [{"answer": "last", "correct": False, "order": 9}, {"answer": "first", "correct": True, "order": 1}]
    assert declaration_of(answers=told) == ("single", "identifier", ["choice_1"])
    texts = ["".join(choice.itertext()) for choice in root_of(answers=told).iter(f"{TAG}qti-simple-choice")]
    assert texts == ["last", "first"]


@pytest.mark.parametrize(("kind", "most", "cardinality"), [
    ("single_selection", "1", "single"), ("true_false", "1", "single"), ("multiple_selection", "2", "multiple"),
])  # fmt: skip
def test_how_many_choices(kind: str, most: str, cardinality: str) -> None:
    interaction = next(root_of(kind=kind, randomize=True).iter(f"{TAG}qti-choice-interaction"))
    assert (interaction.get("max-choices"), interaction.get("shuffle")) == (most, "true")
    assert declaration_of(kind=kind)[0] == cardinality


def test_nothing_right_is_no_response() -> None:
    assert "qti-correct-response" not in item_of(a_question(answers=answers("a", "b", correct=False)))


def test_empty_texts_are_empty_elements() -> None:
    item = item_of(a_question(text=" ", answers=answers("")))
    assert "<qti-prompt />" in item
    assert '<qti-simple-choice identifier="choice_0" show-hide="show" fixed="false" />' in item


@pytest.mark.parametrize(
    ("orders", "hints"),
    [([2, 1, 0], ["c", "b", "a"]), ([1, None, 0], ["a", "b", "c"]), (["x", 1, 2], ["a", "b", "c"])],
)
def test_hints_stand_by_their_order(orders: list[Any], hints: list[str]) -> None:
    told = [{"hint": text, "order": order} for text, order in zip("abc", orders)]
    cards = list(root_of(hints=told).iter(f"{TAG}qti-card"))
    assert ["".join(card.itertext()) for card in cards] == hints
    assert {card.get("support") for card in cards} == {"ext:kolibri-hint"}


def test_a_hint_without_order_is_first_and_one_without_text_is_gone() -> None:
    told = [{"hint": "b", "order": 1}, {"hint": "a"}, {"hint": " ", "order": 0}, {"order": 0}]
    assert ["".join(card.itertext()) for card in root_of(hints=told).iter(f"{TAG}qti-card")] == ["a", "b"]
    assert "qti-catalog-info" not in item_of(a_question(hints=[{"hint": ""}]))


@pytest.mark.parametrize(
    ("language", "tag"),
    [(None, "en"), ("", "en"), ("ar", "ar"), ("pt_BR", "pt-BR"), ("EN-us", "en-US"), ("iw", "he")],
)
def test_the_language_is_the_questions_own(language: str | None, tag: str) -> None:
    root = root_of(sent={"language": language})
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == tag


def test_what_is_no_language_tag_is_refused() -> None:
    with pytest.raises(ValueUnfit, match="must be a language tag, not 'a b'"):
        item_of(a_question(sent={"language": "a b"}))


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("a <b & c", "<p>a &lt;b &amp; c</p>"),
        ("&eacute; ☃", "<p>é ☃</p>"),
        ("*a* **b**", "<p><em>a</em><strong>b</strong></p>"),
        ("1. a\n2. b", '<ol type="1"><li>a</li><li>b</li></ol>'),
        ("3. a", '<ol start="3" type="1"><li>a</li></ol>'),
        ("- a\n  - b", "<ul><li>a\n<ul><li>b</li></ul></li></ul>"),
        ("| a |\n|---|\n| 1 |", "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>"),
        ("```py\nx < 1\n```", '<pre><code class="language-py">x &lt; 1\n</code></pre>'),
        ('<span lang="pt_br" id="x" dir="rtl">a</span>', '<p><span id="x" lang="pt-BR" dir="rtl">a</span></p>'),
        ('<div>\n<td colspan="1">x</td></div>', ""),
        ("http://example.org", "<p>http://example.org</p>"),
        ('![a "b"](x.png "t")', ""),
        ("![](x.png =10x20)", "<p>![](x.png =10x20)</p>"),
        ("<b>block</b>", "<p><b>block</b></p>"),
        ("<p>in</p>\n\nout", "<p>in</p><p>out</p>"),
    ],
)
def test_markdown(text: str, inside: str) -> None:
    if inside:
        assert prompt_of(text) == inside
    else:
        with pytest.raises(MarkupInvalid):
            item_of(a_question(text=text))


def test_a_formula_carries_its_tex() -> None:
    assert prompt_of("so $$x<y$$ holds") == (
        '<p>so <math display="inline"><semantics><mrow><mi>x</mi><mo>&lt;</mo><mi>y</mi></mrow>'
        '<annotation encoding="application/x-tex">x&lt;y</annotation></semantics></math> holds</p>'
    )
    assert prompt_of("$$x$$").startswith('<math display="block">')


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ('<img src="x.png" alt="" width="50%">', "not well-formed"),
        ('<img src="x.png" alt="" width="50%"/>', "must be a whole number, not '50%'"),
        ('<img src="/x.png" alt=""/>', "Studio rejects external links"),
        ('<img src="x.png"/>', "needs the attribute alt"),
        ('<ol type="a"><li>x</li></ol>', "may not have the attribute type"),
        ('<details open="open"><summary>s</summary></details>', "must be true or false"),
        ("<details><p>p</p></details>", "in an order, or in a number"),
        ('<math><mspace width="2"/></math>', "must be a length"),
        ('<span dir="up">x</span>', "must be one of ltr, rtl, auto"),
        ("~~gone~~", "the element <s> is not allowed"),
        ('<a href="http://example.org">x</a>', "Studio rejects external links"),
    ],
)
def test_what_studio_refuses(markup: str, fault: str) -> None:
    with pytest.raises(MarkupInvalid, match=fault):
        content_of(markup)


@pytest.mark.parametrize(
    ("markup", "kept"),
    [
        ('<img src="x.png" alt="" height=" 1_0 " width="+7.0"/>', '<img alt="" src="x.png" width="7" height="10" />'),
        ('<details open="YES"><summary>s</summary>t</details>', '<details open="true"><summary>s</summary>t</details>'),
        ('<video src="v.mp4" controls="1"/>', '<video src="v.mp4" controls="true" preload="metadata" />'),
        ('<blockquote cite="HTTP://E.org">q</blockquote>', '<blockquote cite="http://e.org/">q</blockquote>'),
        ("<table><colgroup><col/></colgroup></table>", '<table><colgroup><col span="1" /></colgroup></table>'),
    ],
)
def test_attributes_are_written_anew(markup: str, kept: str) -> None:
    text = "".join(ET.tostring(part, encoding="unicode") for part in content_of(f"{markup}\n\n"))
    assert text.removeprefix("<p>").removesuffix("</p>") == kept


def test_numbers_are_written_as_python_writes_them() -> None:
    values = json.loads("[1e22, 1e-7, true, 12345678901234567890]")
    told = declaration_of(kind="input_question", answers=answers(*values))
    assert told[2] == ["1e+22", "1e-07", "True", "12345678901234567890"]
