"""Faults, to switch on and off by hand."""

from __future__ import annotations

import json
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from fake_studio.core.refusals import BodyUnreadable
from fake_studio.faults import PRESETS
from fake_studio.faults.presets import Preset
from fake_studio.web.pages.filters import render
from fake_studio.web.request import studio

_PLACES = {
    "Uploads and storage": ("storage_file", "upload_url", "put_file", "quota-in-the-middle"),
    "Channel and nodes": ("check_version", "create_channel", "add_nodes", "finish_channel"),
    "Publish": ("publish-fails",),
}
_EVERYWHERE = "The whole Studio"
_UNREPORTED = "Not reported in the wild"


def faults_page() -> str:
    return render("faults.html", faults=studio().faults.list(), groups=_groups())


def _groups() -> dict[str, dict[str, Preset]]:
    """The presets by what they hit; those that nobody has reported come last."""
    groups: dict[str, dict[str, Preset]] = {name: {} for name in (*_PLACES, _EVERYWHERE, _UNREPORTED)}
    for name, preset in PRESETS.items():
        groups[_group_of(name, preset)][name] = preset
    return {group: presets for group, presets in groups.items() if presets}


def _group_of(name: str, preset: Preset) -> str:
    if not preset.is_reported:
        return _UNREPORTED
    endpoint = preset.rule.get("endpoint")
    hits = (group for group, words in _PLACES.items() if endpoint in words or name in words)
    return next(hits, _EVERYWHERE)


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


def switch_off_fault(fault_id: int) -> Response:
    studio().faults.remove(fault_id)
    return redirect(url_for("pages.faults_page"))
