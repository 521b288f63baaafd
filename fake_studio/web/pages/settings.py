"""The settings page: how this Studio was started, its state to save and to load, and back to the start."""

from __future__ import annotations

import re
from typing import Any, Dict

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from fake_studio import snapshot as snapshots
from fake_studio.core.refusals import UploadWithoutFile
from fake_studio.web.access import public_url
from fake_studio.web.control.state import set_anew, start_again
from fake_studio.web.dialects import DIALECTS
from fake_studio.web.pages.blueprints import pages
from fake_studio.web.pages.filters import drawn
from fake_studio.web.request import dialect, studio

_NUMBER = re.compile("[0-9]{1,20}")


@pages.get("/settings")
def settings_page() -> str:
    with studio().lock:
        told = {
            "dialects": list(DIALECTS),
            "dialect": dialect().name,
            "url": public_url(),
        }
        return drawn("settings.html", studio=studio(), **told)


@pages.post("/settings")
def change_settings_now() -> Response:
    """Take the settings of the form."""
    told: Dict[str, Any] = request.form.to_dict()
    for name in ("max_journal", "max_journal_bytes"):
        if _NUMBER.fullmatch(str(told.get(name, ""))):
            told[name] = int(told[name])
    set_anew(told)
    return redirect(url_for("pages.settings_page"))


@pages.post("/snapshot")
def load_snapshot_now() -> Response:
    """Replace the state by that of a snapshot, all or nothing."""
    part = request.files.get("snapshot")
    if part is None or not part.filename:
        raise UploadWithoutFile("Choose a file first: one that was saved here before.")
    snapshots.load(studio(), snapshots.parsed(part.read().decode("utf-8", "replace")))
    return redirect(url_for("pages.home"))


@pages.post("/reset")
def reset_now() -> Response:
    start_again(current_app)
    return redirect(url_for("pages.home"))
