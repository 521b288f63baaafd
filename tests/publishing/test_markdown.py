"""Texts of questions, to HTML and back: what comes out of Studio."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from fake_studio.publishing.exercises.items import find_item
from fake_studio.publishing.exercises.markdown import markdown_of
from fake_studio.publishing.exercises.qti.plain_item import item_of
from support.desk import a_question


def round_trip(text: str) -> str:
    """A question's text as QTI, and read back from that."""
    item = find_item("item", ET.fromstring(item_of(a_question(text=text))), randomize=False)
    assert item is not None
    return item.question


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "**bold** and *slanted*",
        "# A heading",
        "one\n\ntwo",
        "- a\n- b",
        "1. a\n2. b\n   - c",
        "> a\n>\n> b",
        "`code`",
        "```py\nx = 1\n```",
        "a line  \nand another",
        "$$x^2$$",
        "[a link](page.html)",
        "| a | b |\n| --- | --- |\n| 1 | 2 |",
    ],
)
def test_most_texts_come_back_as_they_were(text: str) -> None:
    assert round_trip(text) == text


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("", ""),
        (" \n ", ""),
        ("*a* **b**", "*a***b**"),  # the space between two tags is lost
        ("__a__", "**a**"),
        ("* a\n* b", "- a\n- b"),
        ("3. a", "1. a"),
        ("    code", "```\ncode\n```"),
        ("2 \\* 3", "2 * 3"),
        ("***", "---"),
        ("a\n: b", "a\n: b"),
        ("<b>a</b>", "**a**"),
        ("<p>a</p> tail", "a"),
        ("$$\nx\n$$\n\nafter", "$$\nx\n$$\n\nafter"),
        ("| a |\n|---|", "| a |\n| --- |"),
    ],
)
def test_others_are_written_anew(text: str, back: str) -> None:
    assert round_trip(text) == back


def test_an_image_gets_the_place_of_stored_files_before_its_name() -> None:
    text = "![a](${☣ CONTENTSTORAGE}/0123.png)"
    assert round_trip(text) == text
    assert round_trip("![a](other.png)") == "![a](${☣ CONTENTSTORAGE}/other.png)"


@pytest.mark.parametrize("tag", ["s", "del", "strike"])
def test_struck_text_of_native_items_is_marked(tag: str) -> None:
    assert markdown_of(ET.fromstring(f"<p><{tag}>gone</{tag}></p>")) == "~~gone~~"
