from __future__ import annotations

import pytest

from fake_studio.publishing.exercises.numbers import number_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4", 4.0),
        ("-4", -4.0),
        ("0", 0.0),
        ("3.5", 3.5),
        (".5", 0.5),
        ("1,000", 1000.0),
        ("1,000.25", 1000.25),
        ("1/2", 0.5),
        ("-1/2", -0.5),
        ("2 1/2", 2.5),
        ("-2 1/2", -2.5),
        ("50%", 0.5),
        ("1e3", 1000.0),
        ("1.5e+3", 1500.0),
        ("1e-2", 0.01),
        ("1e0", 1.0),
        ("7 apples", 7.0),
        ("apples 7", None),
        ("word", None),
        ("", None),
        ("0 1/2", None),
        ("x%", None),
        ("-", None),
    ],
)
def test_a_typed_answer_as_a_number(text: str, number: float | None) -> None:
    assert number_of(text) == number
