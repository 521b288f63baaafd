"""The tokens that people type into Kolibri: two words of five letters that can be spoken.

Source: Studio models.py SecretToken and Channel.make_token; the words are proquints (arXiv 0901.4016): 16 bits each,
as consonant, vowel, consonant, vowel, consonant.
"""

from __future__ import annotations

from random import Random

_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aiou"
_WORD = 5


def new_token(random: Random) -> str:
    """A token such as ``lusabbabad``. Whether it is taken already is for the caller to know."""
    letters = (_CONSONANTS, _VOWELS, _CONSONANTS, _VOWELS, _CONSONANTS)
    return "".join(random.choice(kind) for _ in range(2) for kind in letters)


def shown_token(token: str) -> str:
    """The token as Studio shows it: ``lusab-babad``."""
    return f"{token[:_WORD]}-{token[_WORD:]}"
