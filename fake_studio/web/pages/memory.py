"""What pages show, kept until the Studio changes: a look at ten large channels costs once what it costs."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import Any, Callable, TypeVar
from weakref import WeakKeyDictionary

from fake_studio.studio import Studio
from fake_studio.web.pages.version_stamp import pulse_of

_Value = TypeVar("_Value")
_MOST = 50  # values of one state: pages of many trees would fill the memory otherwise

_lock = threading.Lock()
_kept: WeakKeyDictionary[Studio, tuple[str, dict[Hashable, Any]]] = WeakKeyDictionary()


def remember(studio: Studio, name: Hashable, compute: Callable[[], _Value]) -> _Value:
    """What ``compute`` returned for this name and this version of the Studio; computed if nobody has asked yet.

    Do not hold the Studio's lock: ``compute`` may look into large files.
    """
    pulse = pulse_of(studio)
    values = _values_of(studio, pulse)
    if name in values:
        kept: _Value = values[name]
        return kept
    value = compute()
    # A change meanwhile makes another pulse, so that what is kept here is never shown for the newer state.
    if len(values) < _MOST:
        values[name] = value
    return value


def _values_of(studio: Studio, pulse: str) -> dict[Hashable, Any]:
    with _lock:
        version, values = _kept.get(studio, ("", {}))
        if version != pulse:
            values = {}
            _kept[studio] = (pulse, values)
        return values
