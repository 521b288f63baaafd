"""Texts: what was read in the wrong encoding or shows its marks is said, and odd but right texts are left alone."""

from __future__ import annotations

import pytest

from fake_studio.content.garbled import find_garbled_markdown, find_garbling

GARBLED = {
    "Tom &amp; Jerry": "&amp;",
    "It&#39;s raining": "&#39;",
    "Water&nbsp;cycle": "&nbsp;",
    "Caf\u00c3\u00a9": "it should be 'Caf\u00e9'",
    "It\u00e2\u20ac\u2122s raining": "it should be 'It\u2019s raining'",
    "\u00d0\u0178\u00d1\u20ac\u00d0\u00b8\u00d0\u00b2\u00d0\u00b5\u00d1\u201a": "it should be 'Привет'",
    "\u0420\u045f\u0421\u0402\u0420\u0451\u0420\u0406\u0420\u00b5\u0421\u201a": "it should be 'Привет'",
    "\u00d8\u00a7\u00d9\u201e\u00d9\u2026\u00d8\u00a7\u00d8\u00a1": "it should be 'الماء'",
    "A \u201cCaf\u00c3\u00a9\u201d of \u00e9lan": "it should be",
    "caf\ufffd": "could not be decoded",
    "<b>Bold</b> title": "<b>Bold</b>",
    "Lesson%201": "%20",
    "Caf\\u00e9": "\\u00e9",
    "\\frac{1}{2} of a cake": "\\frac{",
    "Caf\u251c\u2310 du matin": "it should be 'Caf\u00e9 du matin'",
    "b'Lesson one'": "b'Lesson one'",
    "\\xc3\\xa9cole": "\\xc3\\xa9",
}
RIGHT = [
    "Tom & Jerry",
    "R&D; and more",
    "HTML entities: &lt; and &amp;",
    "How to escape &quot;",
    "The <b> tag",
    "3 < 5 > 2, a<b",
    "\u00abAMANH\u00c3\u00bb",
    "\u00abVIVE LA LIBERT\u00c9\u00bb",
    "N\u00c3O, S\u00e3o Tom\u00e9, \u00dcn\u00efc\u00f6d\u00e9",
    "\u20ac5 \u2013 \u00a36, \u00bd \u00b0C, na\u00efve \u201cquote\u201d",
    "Привет мир, ПРИВЕТ, Р",
    "مدرسة الماء 100%",
    "\u200fالوحدة 1: \u200eH\u2082O",
    "日本語と中文",
    "C:\\temp\\pi",
    "100% pure, 20%20",
    "b 'quoted' and b\"x\"",
    "\\x41 and \u251c\u2500\u2500 a tree",
    "Read https://example.org/My%20File.pdf?a=1&copy;=2",
]


@pytest.mark.parametrize("text", GARBLED)
def test_garbled_titles(text: str) -> None:
    garbling = find_garbling(text)
    assert garbling
    assert GARBLED[text] in garbling


@pytest.mark.parametrize("text", RIGHT)
def test_right_titles(text: str) -> None:
    assert find_garbling(text) is None


GARBLED_MARKDOWN = {
    "One costs \\$5 and two cost \\$6": "Studio publishes \\$ as $",
    "One costs \\$5 and $x$ cost more": "Studio publishes \\$ as $",
    "It costs $5 and then $6 more": "becomes a formula",
    "What is \\frac{1}{2}?": "outside of dollar signs",
    "2 \\times 3": "outside of dollar signs",
    "Solve \\(x^2\\)": "outside of dollar signs",
    "Solve \\[x^2\\]": "outside of dollar signs",
    "The caf\u00c3\u00a9": "it should be 'The caf\u00e9'",
    "It costs $5-$10": "becomes a formula",
    "Does $5 buy $x$ apples?": "becomes a formula",
    "3&amp;nbsp;+ 4": "&amp;nbsp;",
    "The caf\\u00e9": "\\u00e9",
}
RIGHT_MARKDOWN = [
    "Is $a < b$ when $\\frac{a}{2} = 1$ and $b = 3$?",
    "$$\\sqrt{x}$$ of it, and $$2 \\times 3$$",
    "What does `if (a < b)` mean in *code*? It costs $5.",
    "It costs \\$5.",
    "Is 3 &lt; 5?",  # Markdown shows it as <
    "`\\frac{1}{2}` is LaTeX, and `\\$` a dollar, `\\$` too",
    "$3x$ and $4y$",
    "AT&amp;T and $5-10",
    "The Unicode escape \\u00e9",
    "a\\_b \\* c \\# d",
    "The folder C:\\temp\\times",
    "![w](${\u2623 CONTENTSTORAGE}/a.png) and ![h](${\u2623 CONTENTSTORAGE}/b.png)",
]


@pytest.mark.parametrize("text", GARBLED_MARKDOWN)
def test_garbled_questions(text: str) -> None:
    garbling = find_garbled_markdown(text)
    assert garbling
    assert GARBLED_MARKDOWN[text] in garbling


@pytest.mark.parametrize("text", RIGHT_MARKDOWN)
def test_right_questions(text: str) -> None:
    assert find_garbled_markdown(text) is None


def test_perseus_knows_how_to_escape_a_dollar() -> None:
    assert find_garbled_markdown("One costs \\$5 and two cost \\$6", is_perseus=True) is None
    assert find_garbled_markdown("What is \\frac{1}{2}?", is_perseus=True)
