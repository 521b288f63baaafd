"""Secrets in what is kept and shown: shortened to what tells two of them apart."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

SECRET_HEADERS = frozenset(
    (
        "authorization",
        "proxy-authorization",
        "authentication",
        "cookie",
        "set-cookie",
        "x-api-key",
        "x-auth-token",
        "x-csrftoken",
    )
)
_WORD = (
    r"(?:token|secret|passw(?:or)?d|passphrase|pwd|signature|credentials?|jwt"
    r"|(?:api|access|private|secret|auth|account|shared)[_-]?key)"
)
_SECRET_MEMBER = rf"[a-z_-]*{_WORD}"
# Of a value that nothing marks as one: long, and with a digit, as words of a sentence are not.
_LIKELY = r"(?=[^\s\d]{0,64}\d)[^\s\"',;}\\]{8,}"
_NO_SECRET = r"(?!(?:none|null|true|false)\b)"
_AUTHORIZATION = r"(?:authorization|authentication)\\?[\"']?\s*[:=]\s*\\?[\"']?"
_KEYS = ("_key", "-key", "apikey", "accesskey", "privatekey", "authkey", "accountkey", "sharedkey")
_NAMES = ("token", "secret", "passw", "passphrase", "pwd", "signature", "credential", "jwt", *_KEYS)
# What a text must hold, in lower case, for a pattern to be looked for: of most lines that a chef prints, none is.
_HIDDEN: tuple[tuple[tuple[str, ...], str], ...] = (
    # In a header, however it was printed: as a line, as a dict's repr, as an option of curl.
    (("auth",), rf"({_AUTHORIZATION}(?:token|bearer|basic)\s+)([^\s\"',}}<\\][^\s\"',}}\\]*)"),
    (("auth",), rf"({_AUTHORIZATION}(?!(?:token|bearer|basic)\s))({_LIKELY})"),
    (("x-a",), r"(x-(?:api-key|auth-token)\\?[\"']?\s*[:=]\s*\\?[\"']?)([^\s\"',}\\]+)"),
    (("cookie",), r"(cookie\\?[\"']?\s*[:=]\s*\\?[\"']?[^\s=;,]{1,100}=)([^\s;\"'\\]+)"),
    (("bearer ", "token ", "basic "), rf"(\b(?:bearer|token|basic)\s+)({_LIKELY})"),
    # In a query, a form or an environment. A query inside of another one has its signs escaped.
    (_NAMES, rf"({_WORD}(?:=|%3d)){_NO_SECRET}([^&\s\"'#,;]+)"),
    (("key", "sig", "auth"), r"((?:^|[?&;#\"']|%3f|%26)(?:key|sig|auth)(?:=|%3d))([^&\s\"'#]+)"),
    (("key=", "sig=", "auth="), rf"(\s(?:key|sig|auth)=)({_LIKELY})"),
    # In JSON, in the repr of a dict, in a sentence, behind an option.
    (_NAMES, rf"({_WORD}\\?[\"']\s*:\s*\\?\")([^\"\\]+)"),
    (_NAMES, rf"({_WORD}\\?[\"']\s*:\s*\\?')([^'\\]+)"),
    (_NAMES, rf"({_WORD}\\?[\"']?\s*[:=]\s*)({_LIKELY})"),
    (("--",), rf"((?<![\w-])--[a-z-]{{0,40}}{_WORD} +)({_LIKELY})"),
    # In front of a host: user:password@, or a token alone.
    (("@",), r"(://[^\s/:@?#]{0,100}:)([^\s/@?#]{1,200}(?=@))"),
    (("@",), r"(://)((?=[^\s\d/:@?#]{0,64}\d)[^\s/:@?#]{16,200}(?=@))"),
)
_NEEDLES = tuple(dict.fromkeys(needle for needles, _ in _HIDDEN for needle in needles))
_SIGNS = ("=", ":", " ", "%3")  # one of them stands between a name and its secret
_NAMED = rf"{_WORD}|authentication|authorization|key|://"


# At the first text that may need it: to compile all of them would take a tenth of each start.
@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@cache
def _compiled_for_bytes(pattern: str) -> re.Pattern[bytes]:
    return re.compile(pattern.encode("ascii"), re.IGNORECASE)


def masked(secret: str) -> str:
    """A secret shortened to what tells two of them apart."""
    return f"{secret[:10]}..." if len(secret) > 10 else "..."


def mask_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers with the values of the secret ones masked, and secrets in the addresses that others hold."""
    return {name: masked(value) if _is_secret_header(name) else mask_text(value) for name, value in headers.items()}


def _is_secret_header(name: str) -> bool:
    return name.lower() in SECRET_HEADERS or _is_secret_member(name)


@lru_cache(maxsize=1000)  # of a report with thousands of findings, the names are always the same
def _is_secret_member(name: str) -> bool:
    return _holds_any(name.casefold(), _NAMES) and _compiled(_SECRET_MEMBER).fullmatch(name) is not None


def _holds_any(text: str, parts: Iterable[str]) -> bool:
    # Every text of a report comes here: map takes a third of the time of a generator.
    return any(map(text.__contains__, parts))


def mask_text(text: str, tokens: Collection[str] = ()) -> str:
    """A text in which these tokens are masked wherever they stand, and what a name or its place shows to be secret."""
    for token in tokens:
        if len(token) > 5 and token in text:
            text = text.replace(token, _short(token))
    if _holds_any(text, _SIGNS) and _holds_any(lower := text.lower(), _NEEDLES):
        for needles, pattern in _HIDDEN:
            if _holds_any(lower, needles):
                text = _compiled(pattern).sub(lambda match: match[1] + _short(match[2]), text)
    return text


def may_hold_secrets(content: bytes) -> bool:
    """Whether bytes have a word that names a secret: most bodies have none, and need not be gone through."""
    return _compiled_for_bytes(_NAMED).search(content) is not None


def mask_members(data: Any) -> Any:
    """JSON data with the secrets masked: texts that are named as one, and what texts hold, such as a signature."""
    if isinstance(data, dict):
        return {name: _masked_member(name, value) for name, value in data.items()}
    if isinstance(data, list):
        return [mask_members(value) for value in data]
    return mask_text(data) if isinstance(data, str) else data


def _masked_member(name: str, value: Any) -> Any:
    return _short(value) if isinstance(value, str) and _is_secret_member(name) else mask_members(value)


def _short(secret: str) -> str:
    """As ``masked``, but a short secret shows nothing and a masked one stays."""
    return secret if secret.endswith("...") else f"{secret[:6]}..." if len(secret) > 12 else "..."
