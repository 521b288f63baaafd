"""When an exercise counts as mastered.

Source: Studio utils/publish.py has_assessments, parse_assessment_metadata, _get_exercise_data_from_ccnode.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from le_utils.constants import content_kinds, exercises, modalities

from fake_studio.core.model import Node
from fake_studio.rules.completion_criteria import migrate_mastery

_IN_A_ROW = {
    exercises.NUM_CORRECT_IN_A_ROW_2: 2,
    exercises.NUM_CORRECT_IN_A_ROW_3: 3,
    exercises.NUM_CORRECT_IN_A_ROW_5: 5,
    exercises.NUM_CORRECT_IN_A_ROW_10: 10,
}
_FEW = 5  # of this many questions, or all if there are fewer, m_of_n asks where it was sent without numbers


@dataclass(frozen=True)
class Mastery:
    """``m`` of ``n`` questions must be right; ``threshold`` is what the chef said of it, ``randomize`` verbatim."""

    type: str
    m: int | None
    n: int | None
    threshold: dict[str, Any]
    randomize: Any = True

    @property
    def model(self) -> dict[str, Any]:
        """What the column ``mastery_model`` holds. Numbers stand in it for the models that have any."""
        if self.n is None:
            return {"type": self.type}
        return {"type": self.type, "n": self.n, "m": self.m}


def has_assessments(node: Node) -> bool:
    """Whether the questions of a node are published: those of exercises, and of topics that are units."""
    if node.kind == content_kinds.EXERCISE:
        return True
    is_unit = node.kind == content_kinds.TOPIC and node.options.get("modality") == modalities.UNIT
    return is_unit and bool(node.questions)


def mastery_of(node: Node) -> Mastery | None:
    """How a node with questions is mastered, or None if nothing says it."""
    fields = migrate_mastery(node.extra_fields)
    criteria = (fields.get("options") or {}).get("completion_criteria") or {}
    threshold = criteria.get("threshold")
    if not isinstance(threshold, dict) or not threshold:
        return None
    kind = threshold.get("mastery_model") or exercises.M_OF_N
    m, n = _numbers(kind, threshold, len(node.questions))
    randomize = fields.get("randomize")
    return Mastery(kind, m, n, threshold, True if randomize is None else randomize)


def _numbers(kind: str, threshold: dict[str, Any], count: int) -> tuple[int | None, int | None]:
    if kind == exercises.M_OF_N:
        few = min(_FEW, count) or 1
        return threshold.get("m") or few, threshold.get("n") or few
    number = (count or 1) if kind == exercises.DO_ALL else _IN_A_ROW.get(kind)
    return number, number
