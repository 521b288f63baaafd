"""The routes for people and for tests: which function answers which path. The API's stand with their functions.

Flask takes no route after the first request, so all are known from the start; what is behind them is imported when it
is asked for (`lazy_view.py`).
"""

from __future__ import annotations

from flask import Blueprint

from fake_studio.web.access import check_caller
from fake_studio.web.lazy_view import Route, add_lazy_routes
from fake_studio.web.pages.blueprints import pages, previews

_CONTROL: dict[str, tuple[Route, ...]] = {
    "state": (
        ("GET", "/openapi.json", "openapi"),
        ("GET", "/health", "health"),
        ("POST", "/reset", "reset"),
        ("GET", "/snapshot", "snapshot"),
        ("PUT", "/snapshot", "load_snapshot"),
        ("GET", "/settings", "settings"),
        ("PATCH", "/settings", "change_settings"),
        ("GET", "/users", "users"),
        ("POST", "/users", "add_user"),
        ("GET", "/channels", "channels"),
        ("GET", "/channels/<channel_id>", "channel"),
        ("PATCH", "/channels/<channel_id>", "change_channel"),
        ("DELETE", "/channels/<channel_id>", "delete_channel"),
        ("GET", "/channels/<channel_id>/tree", "tree"),
        ("GET", "/channels/<channel_id>/diff", "diff"),
        ("GET", "/channels/<channel_id>/findings", "findings"),
        ("POST", "/channels/<channel_id>/deploy", "deploy"),
        ("POST", "/channels/<channel_id>/publish", "publish"),
        ("GET", "/nodes/<node_id>", "node"),
        ("GET", "/files", "files"),
        ("GET", "/report", "report"),
    ),
    "journal": (
        ("GET", "/requests", "all_requests"),
        ("GET", "/requests/<int:number>", "one_request"),
        ("POST", "/requests/count", "count_requests"),
        ("POST", "/requests/find", "find_requests"),
        ("DELETE", "/requests", "clear_requests"),
    ),
    "faults": (
        ("GET", "/faults", "all_faults"),
        ("POST", "/faults", "add_faults"),
        ("DELETE", "/faults", "clear_faults"),
        ("DELETE", "/faults/<int:fault_id>", "remove_fault"),
    ),
}
_PAGES: dict[str, tuple[Route, ...]] = {
    "channels": (
        ("GET", "/", "home"),
        ("GET", "/pulse", "pulse"),
        ("GET", "/channels/<channel_id>", "channel_page"),
        # Where the links lead that ricecooker prints.
        ("GET", "/channels/<channel_id>/staging", "landing"),
        ("GET", "/channels/<channel_id>/edit", "landing"),
        ("GET", "/channels/<channel_id>/nodes/<node_id>/children", "children"),
        ("GET", "/channels/<channel_id>/deploy", "confirm_deploy"),
        ("POST", "/channels/<channel_id>/deploy", "deploy_form"),
        ("GET", "/channels/<channel_id>/publish", "confirm_publish"),
        ("POST", "/channels/<channel_id>/publish", "publish_form"),
        ("POST", "/channels/<channel_id>/public", "public_form"),
    ),
    "node": (("GET", "/channels/<channel_id>/nodes/<node_id>", "node_page"),),
    "compare": (("GET", "/channels/<channel_id>/compare", "compare_page"),),
    "journal": (
        ("GET", "/requests", "requests_page"),
        ("GET", "/requests/<int:number>", "request_page"),
        ("POST", "/requests/clear", "forget_requests"),
    ),
    "faults": (
        ("GET", "/faults", "faults_page"),
        ("POST", "/faults", "switch_on_fault"),
        ("POST", "/faults/<int:fault_id>/off", "switch_off_fault"),
    ),
    "settings": (
        ("GET", "/settings", "settings_page"),
        ("POST", "/settings", "settings_form"),
        ("POST", "/snapshot", "load_snapshot_form"),
        ("POST", "/reset", "reset_form"),
    ),
    "reference": (("GET", "/api-reference", "reference_page"),),
    "docs": (
        ("GET", "/docs/", "docs_page"),
        ("GET", "/docs/<path:name>", "docs_page"),
    ),
}
_PREVIEWS: tuple[Route, ...] = (
    ("GET", "/<name>", "media"),
    ("GET", "/frames/<path:filename>", "frames"),
    ("GET", "/channels/<channel_id>/nodes/<node_id>/zip/<path:path>", "zip_member"),
    ("GET", "/channels/<channel_id>/nodes/<node_id>/h5p", "h5p"),
    ("GET", "/channels/<channel_id>/nodes/<node_id>/exercise", "exercise"),
)

control = Blueprint("control", "fake_studio.web", url_prefix="/_fake")
control.before_request(check_caller)

for _module, _routes in _CONTROL.items():
    add_lazy_routes(control, f"fake_studio.web.control.{_module}", _routes)
for _module, _routes in _PAGES.items():
    add_lazy_routes(pages, f"fake_studio.web.pages.{_module}", _routes)
add_lazy_routes(previews, "fake_studio.web.pages.previews", _PREVIEWS)

BLUEPRINTS = (control, pages, previews)
