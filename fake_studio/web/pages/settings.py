"""The settings page: how this Studio was started, its state to save and to load, and back to the start."""

from __future__ import annotations

import re
from typing import Any

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from fake_studio import snapshot as snapshots
from fake_studio.core.refusals import UploadWithoutFile
from fake_studio.web.access import public_url
from fake_studio.web.control.state import apply_settings
from fake_studio.web.dialects import DIALECTS
from fake_studio.web.pages.filters import render
from fake_studio.web.request import dialect, reset_app, studio

_NUMBER = re.compile("[0-9]{1,20}")


def settings_page() -> str:
    with studio().lock:
        details = {
            "dialects": list(DIALECTS),
            "dialect": dialect().name,
            "url": public_url(),
        }
        return render("settings.html", studio=studio(), **details)


def settings_form() -> Response:
    """Take the settings of the form."""
    settings: dict[str, Any] = request.form.to_dict()
    for name in ("max_journal", "max_journal_bytes"):
        if _NUMBER.fullmatch(str(settings.get(name, ""))):
            settings[name] = int(settings[name])
    apply_settings(settings)
    return redirect(url_for("pages.settings_page"))


def load_snapshot_form() -> Response:
    """Replace the state by that of a snapshot, all or nothing."""
    part = request.files.get("snapshot")
    if part is None or not part.filename:
        raise UploadWithoutFile("Choose a file first: one that was saved here before.")
    snapshots.load(studio(), snapshots.parse(part.read().decode("utf-8", "replace")))
    return redirect(url_for("pages.home"))


def reset_form() -> Response:
    reset_app(current_app)
    return redirect(url_for("pages.home"))
