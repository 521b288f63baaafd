"""Typed answers: what Kolibri's number field takes."""

from __future__ import annotations

import pytest

from fake_studio.content.numbers import is_number


@pytest.mark.parametrize(
    "text",
    ["7", "-1.5", "0", ".5", "0.5", "3/4", "-3/4", "1 1/2", "-2 1/2", "1,000", "12.5%", "1.5e3", " 4 ", "+2", "10/5"],
)
def test_numbers(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nan",
        "inf",
        "4 2/7th",
        "photosynthesis",
        "5 cm",
        "3,5",
        "1/0",
        "--1",
        "1 2",
        "\u22125",
        "x",
        "1.2.3",
        "\u0667",
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert not is_number(text)
