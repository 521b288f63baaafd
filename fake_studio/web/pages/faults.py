"""Faults, to switch on and off by hand."""

from __future__ import annotations

import json
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from fake_studio.core.refusals import BodyUnreadable
from fake_studio.faults import PRESETS
from fake_studio.web.pages.blueprints import pages
from fake_studio.web.pages.filters import render
from fake_studio.web.request import studio


@pages.get("/faults")
def faults_page() -> str:
    return render("faults.html", faults=studio().faults.list(), presets=PRESETS)


@pages.post("/faults")
def switch_on_fault() -> Response:
    """Add the preset that was chosen, or the rule that was written."""
    preset = request.form.get("preset")
    rule = {"preset": preset} if preset else _rule(request.form.get("rule", ""))
    studio().faults.add_all(rule if isinstance(rule, list) else [rule])
    return redirect(url_for("pages.faults_page"))


def _rule(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BodyUnreadable(str(error)) from None


@pages.post("/faults/<int:fault_id>/off")
def switch_off_fault(fault_id: int) -> Response:
    studio().faults.remove(fault_id)
    return redirect(url_for("pages.faults_page"))
