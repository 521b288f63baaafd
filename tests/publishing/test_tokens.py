from __future__ import annotations

import random
import re

from fake_studio.publishing import new_token, shown_token


def test_a_token_is_two_words_that_can_be_spoken() -> None:
    for seed in range(50):
        token = new_token(random.Random(seed))
        assert re.fullmatch("([bdfghjklmnprstvz][aiou][bdfghjklmnprstvz][aiou][bdfghjklmnprstvz]){2}", token)


def test_a_seed_gives_the_same_token_again() -> None:
    assert new_token(random.Random(3)) == new_token(random.Random(3)) != new_token(random.Random(4))


def test_a_token_is_shown_with_a_dash() -> None:
    assert shown_token("lusabbabad") == "lusab-babad"
