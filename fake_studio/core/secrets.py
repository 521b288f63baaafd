"""Secrets in what is kept and shown: shortened to what tells two of them apart."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

SECRET_HEADERS = frozenset(
    ("authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-auth-token", "x-csrftoken")
)
_SECRET_MEMBER = re.compile(
    r"(?:[a-z_-]*[_-])?(?:token|secret|password|signature)|(?:[a-z_-]*[_-])?(?:api|access|secret|private)[_-]?key",
    re.IGNORECASE,
)
_NAMES = (
    r"(?:access_|api_|auth_|refresh_|studio_)?(?:token|key|secret|password|signature)"
    r"|x-(?:goog|amz)-(?:signature|credential)"
)
_IN_QUERY = re.compile(rf"((?:^|[?&;\s\"'])(?:{_NAMES})=)([^&\s\"'#]+)", re.IGNORECASE)
_IN_JSON = re.compile(
    r"(\"(?:[a-z_-]{0,40}[_-])?(?:token|secret|password|signature|api_?key)\"\s*:\s*\")([^\"]+)", re.I
)
_NAMED = re.compile(rb"token|key|secret|password|signature|credential|authorization", re.IGNORECASE)
_IN_HEADER = re.compile(
    r"((?:proxy-authorization|authorization|x-api-key|x-auth-token)[\"']?\s*[:=]\s*[\"']?(?:(?:token|bearer|basic)\s+)?)"
    r"([^\s\"',}]+)",
    re.IGNORECASE,
)


def masked(secret: str) -> str:
    """A secret shortened to what tells two of them apart."""
    return f"{secret[:10]}..." if len(secret) > 10 else "..."


def mask_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers with the values of the secret ones masked, and secrets in the addresses that others hold."""
    return {name: masked(value) if _is_secret_header(name) else mask_text(value) for name, value in headers.items()}


def _is_secret_header(name: str) -> bool:
    return name.lower() in SECRET_HEADERS or _SECRET_MEMBER.fullmatch(name) is not None


def mask_text(text: str, tokens: Collection[str] = ()) -> str:
    """A text in which these tokens are masked wherever they stand, and what queries and headers call a secret."""
    for token in tokens:
        if len(token) > 5 and token in text:
            text = text.replace(token, _short(token))
    if "=" in text or ":" in text:
        text = _IN_HEADER.sub(lambda match: match[1] + _short(match[2]), text)
        text = _IN_QUERY.sub(lambda match: match[1] + _short(match[2]), text)
        text = _IN_JSON.sub(lambda match: match[1] + _short(match[2]), text)
    return text


def may_hold_secrets(content: bytes) -> bool:
    """Whether bytes have a word that names a secret: most bodies have none, and need not be gone through."""
    return _NAMED.search(content) is not None


def mask_members(data: Any) -> Any:
    """JSON data with the secrets masked: texts that are named as one, and what texts hold, such as a signature."""
    if isinstance(data, dict):
        return {name: _masked_member(name, value) for name, value in data.items()}
    if isinstance(data, list):
        return [mask_members(value) for value in data]
    return mask_text(data) if isinstance(data, str) else data


def _masked_member(name: str, value: Any) -> Any:
    return _short(value) if isinstance(value, str) and _SECRET_MEMBER.fullmatch(name) else mask_members(value)


def _short(secret: str) -> str:
    """As ``masked``, but a short secret shows nothing and a masked one stays."""
    return secret if secret.endswith("...") else f"{secret[:6]}..." if len(secret) > 12 else "..."
