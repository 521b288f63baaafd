"""le_utils' vocabulary as components: kinds, licenses, languages, presets, labels."""

from __future__ import annotations

from le_utils.constants import roles

from fake_studio.core import values
from fake_studio.rules.nodes import LABEL_VALUES
from fake_studio.rules.questions import TYPES
from fake_studio.web.openapi.shapes import Schema, list_of, one_of, ref


def components() -> dict[str, Schema]:
    """Each list of le_utils under the name that other components know it by."""
    return {
        "Kind": one_of(values.KINDS),
        "License": one_of(values.LICENSES),
        "Language": one_of(values.LANGUAGES),
        "Preset": one_of(values.PRESETS),
        "FileFormat": one_of(values.EXTENSIONS),
        "Role": one_of(dict(roles.choices)),
        "QuestionType": one_of(TYPES),
        **{label_component(name): one_of(allowed) for name, allowed in LABEL_VALUES.items()},
    }


def label_component(name: str) -> str:
    """``grade_levels`` -> ``GradeLevels``."""
    return name.title().replace("_", "")


def labels() -> dict[str, Schema]:
    """The labels that a node may have."""
    return {name: list_of(ref(label_component(name))) for name in LABEL_VALUES}
