"""Drawing a template."""

from __future__ import annotations

from typing import Any

from flask import render_template


def drawn(template: str, **data: Any) -> str:
    """A template with its data. What no text can be sent as (half a surrogate pair) becomes a question mark."""
    return render_template(template, **data).encode("utf-8", "replace").decode("utf-8")
