"""Who may use the control routes: programs on this machine, and pages that this server itself made."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.sansio.utils import get_current_url

from fake_studio.core.refusals import CallerNotLocal


def public_url() -> str:
    """The address without a slash at its end: the configured one, else the one that the client used."""
    configured: str = current_app.config["PUBLIC_URL"]
    return (configured or _host_url(request.scheme, request.host)).rstrip("/")


_host_url = lru_cache(maxsize=64)(get_current_url)


_NO_PAGES = ("/api/", "/content/", "/_fake/")
_API = ("internal.", "uploads.", "storage.", "public.")


def check_caller() -> None:
    """Raises CallerNotLocal for another machine, a foreign host name (DNS rebinding) and a page of another origin."""
    check_loopback()
    origin = request.headers.get("Origin")
    is_foreign = bool(origin) and origin != request.host_url.rstrip("/")
    if is_foreign or request.headers.get("Sec-Fetch-Site") == "cross-site":
        led = origin or "a link led here: type the address instead"
        raise CallerNotLocal(f"Control routes reject pages of other origins ({led}).")


def is_internal_route() -> bool:
    """Whether somebody looks at this Studio, or steers it, instead of talking to it as to the real one."""
    endpoint = request.endpoint or ""
    if endpoint.startswith(_API):
        return False
    return endpoint.startswith(("pages.", "previews.")) or request.path.startswith("/_fake/") or is_missing_page()


def is_missing_page() -> bool:
    """Whether a browser asks for a page that is not there; chefs and Kolibri ask for no HTML and below these paths."""
    return (
        request.blueprint is None
        and not request.path.startswith(_NO_PAGES)
        and (request.path == "/favicon.ico" or "text/html" in request.headers.get("Accept", ""))
    )


def check_loopback() -> None:
    """Raises CallerNotLocal for another machine and a foreign host name."""
    host = urlsplit(f"//{request.host}").hostname
    if current_app.config["CONTROL_FROM_ANYWHERE"]:
        if not _is_own_name(host):
            raise CallerNotLocal(
                f"Control routes do not answer to the name {request.host!r:.80}: start with --allowed-host {host}."
            )
        return
    if not _is_loopback(request.remote_addr):
        raise CallerNotLocal(f"Control routes serve this machine only, and {request.remote_addr} is another.")
    if not _is_loopback(host):
        raise CallerNotLocal(f"Control routes answer to 127.0.0.1 and localhost, not to {request.host!r:.80}.")


def _is_own_name(host: str | None) -> bool:
    """Whether a page elsewhere can not have made this name lead here: an address is no name."""
    own = urlsplit(current_app.config["PUBLIC_URL"]).hostname
    names = {name.lower() for name in current_app.config["ALLOWED_HOSTS"]}
    return host in names or (own is not None and host == own) or host == "localhost" or _is_address(host)


def _is_address(host: str | None) -> bool:
    try:
        return bool(ipaddress.ip_address(host or ""))
    except ValueError:
        return False


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
