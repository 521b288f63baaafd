"""The control API's other half: the journal, in shapes that people know from WireMock's /__admin/requests."""

from __future__ import annotations

from typing import Any

from flask import request

from fake_studio.core.exchange import Exchange
from fake_studio.core.journal import FILTERS
from fake_studio.core.model import JsonDict
from fake_studio.core.refusals import BodyMisshapen, RequestNotFound
from fake_studio.web.request import body, studio


def all_requests() -> JsonDict:
    """The exchanges that match the query: endpoint, method, status, user, channel, since, limit."""
    query = request.args.to_dict()
    limit = _number(query.pop("limit"), "limit") if "limit" in query else None
    return _to_dicts(studio().journal.find(_check_query(query), limit))


def one_request(number: int) -> JsonDict:
    exchange = studio().journal.entry(number)
    if exchange is None:
        raise RequestNotFound(f"Request not found: {number}. The journal was cleared, or has dropped it.")
    return exchange.to_dict()


def count_requests() -> JsonDict:
    return {"count": studio().journal.count(_check_query(body()))}


def find_requests() -> JsonDict:
    return _to_dicts(studio().journal.find(_check_query(body())))


def clear_requests() -> JsonDict:
    studio().journal.clear()
    return {"status": "ok"}


def _to_dicts(exchanges: list[Exchange]) -> JsonDict:
    journal = studio().journal
    return {
        "requests": [exchange.to_dict() for exchange in exchanges],
        "meta": {"total": len(exchanges)},
        "dropped": journal.dropped,
    }


def _check_query(query: Any) -> JsonDict:
    if not isinstance(query, dict) or not set(query) <= set(FILTERS):
        raise BodyMisshapen("Requests are found by these keys only.", allowed=FILTERS)
    for name in ("status", "since"):
        if name in query:
            _number(query[name], name)
    return query


def _number(value: Any, name: str) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise BodyMisshapen(f"must be a whole number, not {value!r:.40}.", field=name) from None
