"""What the proxy in front of Studio says when Studio does not."""

from __future__ import annotations

_TITLES = {502: "Bad Gateway", 503: "Service Temporarily Unavailable", 504: "Gateway Time-out"}
STATUSES = tuple(_TITLES)


def page(status: int) -> str:
    """nginx's own page for one of STATUSES."""
    title = f"{status} {_TITLES[status]}"
    return (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
