"""What Kolibri's number field takes for an answer: 7, -1.5, .5, 3/4, 1 1/2, 1,000, 12.5%, 1.5e3."""

from __future__ import annotations

import re

_WHOLE = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
_DECIMAL = rf"(?:{_WHOLE}(?:\.[0-9]*)?|\.[0-9]+)"
_FRACTION = rf"(?:{_WHOLE} +)?{_WHOLE} ?/ ?0*[1-9][0-9]*"
_NUMBER = re.compile(rf"\s*[-+]?\s?(?:{_FRACTION}|{_DECIMAL}(?:[eE][-+]?[0-9]+)?\s?%?)\s*")


def is_number(text: str) -> bool:
    """Whether a typed answer is a number and nothing else."""
    return _NUMBER.fullmatch(text) is not None
