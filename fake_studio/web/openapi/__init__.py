"""The app describes itself: OpenAPI 3.1, from the URL map, the dialects' tables, the rules and the model.

A module an audience says what only a person can say of an endpoint; the rest is found out. Nothing here is imported
until somebody asks for the description.
"""

from __future__ import annotations

from fake_studio.web.openapi.curl import curl
from fake_studio.web.openapi.document import AUDIENCES, audience_of, described, routes
from fake_studio.web.openapi.paths import PATH_PARAMETERS, names_in, template

__all__ = ["AUDIENCES", "PATH_PARAMETERS", "audience_of", "curl", "described", "names_in", "routes", "template"]
