"""Completion criteria: le_utils' schema, and which model fits which kind.

Source: Studio constants/completion_criteria.py and utils/nodes.py migrate_extra_fields.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from le_utils.constants import completion_criteria, content_kinds, exercises, mastery_criteria, modalities

if TYPE_CHECKING:
    from jsonschema import Draft7Validator

_BY_TIME = {completion_criteria.TIME, completion_criteria.APPROX_TIME, completion_criteria.REFERENCE}
_INTERACTIVE = _BY_TIME | {completion_criteria.DETERMINED_BY_RESOURCE}
MODELS_OF_KIND = {
    content_kinds.DOCUMENT: _BY_TIME | {completion_criteria.PAGES},
    content_kinds.EXERCISE: {completion_criteria.MASTERY},
    content_kinds.HTML5: _INTERACTIVE,
    content_kinds.H5P: _INTERACTIVE,
    content_kinds.AUDIO: _BY_TIME,
    content_kinds.VIDEO: _BY_TIME,
    content_kinds.TOPIC: {completion_criteria.MASTERY},
}


@lru_cache(maxsize=1)
def _validator() -> Draft7Validator:
    # Here, because these two take as long to import as Flask, and many a run has no criteria.
    from jsonschema import Draft7Validator
    from referencing import Registry
    from referencing.jsonschema import DRAFT7

    schemas = (completion_criteria.SCHEMA, mastery_criteria.SCHEMA)
    resources = [(schema["$id"], DRAFT7.create_resource(schema)) for schema in schemas]
    return Draft7Validator(completion_criteria.SCHEMA, registry=Registry().with_resources(resources))


def criteria_errors(criteria: Any, kind: str | None, modality: Any = None) -> list[str]:
    """What is wrong with completion criteria, a sentence each without its stop; nothing for good or empty ones."""
    # An empty object means that there are no criteria, though le_utils' schema asks for a model.
    if criteria == {}:
        return []
    faults = [_describe_error(error) for error in _validator().iter_errors(criteria)]
    if faults or kind not in MODELS_OF_KIND:
        return faults
    model = criteria["model"]
    if model not in MODELS_OF_KIND[kind]:
        return [f"the model {model!r} is not for kind {kind!r}; allowed: {', '.join(sorted(MODELS_OF_KIND[kind]))}"]
    return _topic_faults(criteria, modality) if kind == content_kinds.TOPIC else []


def _describe_error(error: Any) -> str:
    where = ".".join(str(part) for part in error.absolute_path)
    if where:
        return f"{where}: {error.message}"
    return f"{error.instance!r:.120} fits none of le_utils' models (rule: {error.validator})"


def _topic_faults(criteria: dict[str, Any], modality: Any) -> list[str]:
    if modality != modalities.UNIT:
        return ["topics have completion criteria only with the modality UNIT"]
    mastery_model = criteria.get("threshold", {}).get("mastery_model")
    if mastery_model not in (None, exercises.PRE_POST_TEST):
        return [f"topics take the mastery model {exercises.PRE_POST_TEST!r} only, not {mastery_model!r}"]
    return []


def migrate_mastery(extra_fields: dict[str, Any]) -> dict[str, Any]:
    """An exercise's extra_fields, with an old-style top-level mastery_model, m and n moved into the options."""
    fields = dict(extra_fields)
    m, n, mastery_model = (fields.pop(key, None) for key in ("m", "n", "mastery_model"))
    options = fields.get("options", {})
    if mastery_model is None or options.get("completion_criteria"):
        return fields
    # le_utils' schema refuses m and n beside any other model.
    if mastery_model != exercises.M_OF_N:
        m = n = None
    threshold = {"m": m, "n": n, "mastery_model": mastery_model}
    criteria = {"model": completion_criteria.MASTERY, "threshold": threshold}
    fields["options"] = {**options, "completion_criteria": criteria}
    return fields
