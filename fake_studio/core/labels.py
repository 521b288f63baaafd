"""The names of labels: what people know ``wnarlxKo`` as, and what each field of labels holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import import_module

KINDS_OF_LABELS = {
    "grade_levels": "a grade level",
    "resource_types": "a resource type",
    "learning_activities": "a learning activity",
    "accessibility_labels": "an accessibility label",
    "categories": "a category",
    "learner_needs": "a learner need",
}
_LIST = re.compile(r"\[('[^'\[\]]+'(?:, '[^'\[\]]+')*)\]")
_VOCABULARIES = ("accessibility_categories", "learning_activities", "levels", "needs", "resource_type", "subjects")


@cache
def _constants() -> dict[str, str]:
    """le_utils' names by their labels. Read at the first question: every refusal knows this module, and few ask."""
    modules = (import_module(f"le_utils.constants.labels.{name}") for name in _VOCABULARIES)
    constants = (constant for module in modules for constant in vars(module).items())
    return {label: name for name, label in constants if name.isupper() and isinstance(label, str)}


def label_names(ids: Iterable[object]) -> list[str]:
    """The names of those ids that le_utils has, for readers: ``Lower primary``."""
    names = _constants()
    constants = (names[label] for label in ids if isinstance(label, str) and label in names)
    return [name.replace("_", " ").capitalize() for name in constants]


def name_value(value: object) -> str:
    """An allowed value as a chef's author writes it: ``LOWER_PRIMARY ('wnarlxKo')`` for a label, others as they are."""
    constant = _constants().get(value) if isinstance(value, str) else None
    return f"{constant} ({value!r})" if constant else str(value)


def name_values(values: Iterable[object]) -> str:
    """Allowed values in one line."""
    return ", ".join(map(name_value, values))


def name_lists(text: str) -> str:
    """A text of ricecooker's, with the labels in its lists by their names: ``LOWER_PRIMARY ('wnarlxKo')``."""
    return _LIST.sub(lambda match: name_values(re.findall(r"'([^']+)'", match[1])), text)
