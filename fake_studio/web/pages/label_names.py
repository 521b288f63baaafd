"""The names of le_utils for the ids of labels: what people know ``wnarlxKo`` as."""

from __future__ import annotations

from collections.abc import Iterable

from le_utils.constants import labels

_VOCABULARIES = (
    labels.accessibility_categories,
    labels.learning_activities,
    labels.levels,
    labels.needs,
    labels.resource_type,
    labels.subjects,
)
_NAMES = {
    label: name.replace("_", " ").capitalize()
    for module in _VOCABULARIES
    for name, label in vars(module).items()
    if name.isupper() and isinstance(label, str)
}


def label_names(ids: Iterable[object]) -> list[str]:
    """The names of those ids that le_utils has."""
    return [_NAMES[label] for label in ids if isinstance(label, str) and label in _NAMES]
