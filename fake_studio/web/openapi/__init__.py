"""The app describes itself: OpenAPI 3.1, from the URL map, the dialects' tables, the rules and the model.

A module an audience says what only a person can say of an endpoint; the rest is found out. Nothing here is imported
until somebody asks for the description.
"""

from __future__ import annotations

from fake_studio.web.openapi.curl import curl
from fake_studio.web.openapi.document import (
    AUDIENCES,
    PATH_PARAMETERS,
    audience_of,
    describe_api,
    names_in,
    routes,
    template,
)

__all__ = ["AUDIENCES", "PATH_PARAMETERS", "audience_of", "curl", "describe_api", "names_in", "routes", "template"]
