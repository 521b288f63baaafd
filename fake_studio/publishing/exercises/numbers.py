"""The number that a typed answer stands for: ``1,000``, ``2 1/2``, ``3/4``, ``12.5%``, ``1.5e3``.

Source: Studio utils/parser.py extract_value, as it reads for every language but Spanish: publishing runs in English.
The first reading that gives anything but zero counts, and a text that breaks one reading off is no number.
"""

from __future__ import annotations

import re

_WHOLE = r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)"
_POINT = rf"{_WHOLE}\.[0-9]*"
_DIVISOR = r"-?[1-9](?:[0-9]{0,2}(?:,[0-9]{3})+|[0-9]*)?"
_RATIO = rf"(?P<above>{_WHOLE})/(?P<below>{_DIVISOR})"
_PLAIN_RATIO = rf"{_WHOLE}/{_DIVISOR}"
# Where a number can begin that no earlier beginning has tried. Without it a search tries every digit of a long text,
# each time up to its end. Behind a digit only three digits before a comma are new; a group of three behind a comma was
# tried with the group before it; and blanks are tried from the first of them.
_BEGIN = r"(?:(?=-)|(?<![0-9])(?!(?<=[0-9],)[0-9]{3}(?![0-9]))|(?<=[0-9])(?=[0-9]{3},))(?!(?<= ) )"
_ANY = rf"{_POINT}|{_WHOLE} +{_PLAIN_RATIO}|{_PLAIN_RATIO}|{_WHOLE}"
_EXPONENT = re.compile(rf"{_BEGIN}(?P<base>{_POINT}|{_WHOLE})e\+?(?P<power>{_WHOLE})")
_PERCENT = re.compile(rf"{_BEGIN}(?P<number>{_ANY})%")
_MIXED = re.compile(rf"{_BEGIN}(?P<whole>{_WHOLE}) +{_RATIO}")
_FRACTION = re.compile(_BEGIN + _RATIO)
_DECIMAL = re.compile(_BEGIN + _POINT)
_INTEGER = re.compile(_WHOLE)


def number_of(text: str) -> float | None:
    """The number in a text, or None."""
    try:
        readings = (_exponent, _percent, _read_mixed_number, _fraction, _decimal)
        return next(filter(None, (read(text) for read in readings)), None) or _integer(text)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None


def _value(digits: str) -> float:
    return float(digits.replace(",", ""))


def _exponent(text: str) -> float | None:
    match = _EXPONENT.search(text)
    base = number_of(match["base"]) if match else None
    power = number_of(match["power"]) if match else None
    return float(f"{base}e{int(power)}") if base and power else None


def _percent(text: str) -> float | None:
    match = _PERCENT.search(text)
    if not match:
        return None
    number = number_of(match["number"])
    if number is None:
        raise ValueError(f"no number before the percent sign of {text!r}")
    return number / 100


def _read_mixed_number(text: str) -> float | None:
    match = _MIXED.search(text)
    if not match:
        return None
    whole = _value(match["whole"])
    return (abs(whole) + _divide(match["above"], match["below"])) * (whole / abs(whole))


def _fraction(text: str) -> float | None:
    match = _FRACTION.search(text)
    return _divide(match["above"], match["below"]) if match else None


def _divide(above: str, below: str) -> float:
    return _value(above) / _value(below)


def _decimal(text: str) -> float | None:
    match = _DECIMAL.search(text)
    return _value(match[0]) if match else None


def _integer(text: str) -> float | None:
    match = _INTEGER.search(text)
    return _value(match[0]) if match else None
