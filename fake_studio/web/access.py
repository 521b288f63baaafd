"""Who may use the control routes: programs on this machine, and pages that this server itself made."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from flask import current_app, request

from fake_studio.core.refusals import CallerNotLocal


def public_url() -> str:
    """The address without a slash at its end: the configured one, else the one that the client used."""
    configured: str = current_app.config["PUBLIC_URL"]
    return (configured or request.host_url).rstrip("/")


_NO_PAGES = ("/api/", "/content/", "/_fake/")


def check_caller() -> None:
    """Raises CallerNotLocal for another machine, a foreign host name (DNS rebinding) and a page of another origin."""
    check_loopback()
    origin = request.headers.get("Origin")
    is_foreign = bool(origin) and origin != request.host_url.rstrip("/")
    if current_app.config["CONTROL_FROM_ANYWHERE"]:
        return
    if is_foreign or request.headers.get("Sec-Fetch-Site") == "cross-site":
        led = origin or "a link led here: type the address instead"
        raise CallerNotLocal(f"Control routes refuse pages of other origins ({led}).")


def is_internal_route() -> bool:
    """Whether somebody looks at this Studio, or steers it, instead of talking to it as to the real one."""
    return request.path.startswith("/_fake/") or request.blueprint in ("pages", "previews") or is_missing_page()


def is_missing_page() -> bool:
    """Whether a browser asks for a page that is not there; chefs and Kolibri ask for no HTML and below these paths."""
    return (
        request.blueprint is None
        and not request.path.startswith(_NO_PAGES)
        and (request.path == "/favicon.ico" or "text/html" in request.headers.get("Accept", ""))
    )


def check_loopback() -> None:
    """Raises CallerNotLocal for another machine and a foreign host name."""
    if current_app.config["CONTROL_FROM_ANYWHERE"]:
        return
    if not _is_loopback(request.remote_addr):
        raise CallerNotLocal(f"Control routes serve this machine only, and {request.remote_addr} is another.")
    if not _is_loopback(urlsplit(f"//{request.host}").hostname):
        raise CallerNotLocal(f"Control routes answer to 127.0.0.1 and localhost, not to {request.host!r:.80}.")


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
