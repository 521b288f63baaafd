"""The control routes of faults; see fake_studio.faults."""

from __future__ import annotations

from flask import Response, jsonify

from fake_studio.core.model import JsonDict
from fake_studio.web.request import body, studio


def all_faults() -> Response:
    return jsonify([fault.to_dict() for fault in studio().faults.list()])


def add_faults() -> Response:
    """Add a fault, or each of a list, all or none; answers with the same shape, and their ids."""
    data = body()
    made = studio().faults.add_all(data if isinstance(data, list) else [data])
    answers = [fault.to_dict() for fault in made]
    return jsonify(answers if isinstance(data, list) else answers[0])


def clear_faults() -> JsonDict:
    studio().faults.clear()
    return {"status": "ok"}


def remove_fault(fault_id: int) -> JsonDict:
    studio().faults.remove(fault_id)
    return {"status": "ok"}
