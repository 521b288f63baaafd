"""The journal as a page: what was asked, what was answered, and why something failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from fake_studio.core.exchange import Exchange, body_nodes_by_index
from fake_studio.core.model import Node
from fake_studio.core.refusals import RequestNotFound
from fake_studio.web.pages.exchange_subject import subject_of
from fake_studio.web.pages.filters import render
from fake_studio.web.request import studio

MANY = 200  # exchanges that are listed at once
_FILTERS = ("endpoint", "method", "status", "user", "channel", "fault")


def requests_page() -> str:
    filters = {name: request.args[name].strip() for name in _FILTERS if request.args.get(name, "").strip()}
    only_refused, refused = "refused" in request.args, _find_refused_numbers()
    matches = [exchange for exchange in studio().journal.entries() if _agrees(exchange, filters)]
    if only_refused:
        matches = [exchange for exchange in matches if exchange.number in refused]
    return render(
        "requests.html",
        found=matches[: -MANY - 1 : -1],
        total=len(matches),
        wanted=filters,
        only_refused=only_refused,
        choices=_choices(studio().journal.entries()),
        refused=refused,
        verdict=_verdict,
        subject_of=lambda exchange: subject_of(exchange, studio().state),
    )


def _find_refused_numbers() -> set[int]:
    from fake_studio.reports.report import refused_exchanges  # with all that looks for findings

    return {exchange.number for exchange in refused_exchanges(studio())}


def _verdict(exchange: Exchange, refused: set[int]) -> str:
    """The class of its status: good, bad, or a no that was only asked for."""
    if exchange.number in refused or not exchange.status:
        return "error"
    return "ok" if exchange.refusal is None else ""


def _agrees(exchange: Exchange, filters: dict[str, str]) -> bool:
    return all(str(getattr(exchange, name)) == value for name, value in filters.items())


def _choices(entries: list[Exchange]) -> dict[str, list[str]]:
    """The values that each filter can have."""
    return {name: sorted({str(getattr(exchange, name)) for exchange in entries} - {"None"}) for name in _FILTERS}


def request_page(number: int) -> str:
    exchange = studio().journal.entry(number)
    if exchange is None:
        raise RequestNotFound(f"Request not found: {number}. The journal was cleared, or has dropped it.")
    with studio().lock:
        touched = _affected_nodes(exchange)
        details = {
            "refused": _find_refused_numbers(),
            "verdict": _verdict,
            "subject": subject_of(exchange, studio().state),
        }
        return render("request.html", exchange=exchange, touched=touched, **details)


@dataclass(frozen=True)
class AffectedNode:
    """A node that a request was about; ``node`` is None if the Studio has no such node (any more)."""

    node_id: Any
    title: Any
    node: Node | None
    is_culprit: bool


def _affected_nodes(exchange: Exchange) -> list[AffectedNode]:
    here = {node.node_id: node for node in studio().state.nodes.values()} if exchange.nodes else {}
    sent, culprit = body_nodes_by_index(exchange.request.get("body")), (exchange.refusal or {}).get("index")
    # The nodes of a body that was too large to keep are known by their ids alone: then all that was sent were nodes.
    places = list(sent) or range(len(exchange.nodes))
    return [
        AffectedNode(node_id, sent.get(place, {}).get("title"), here.get(str(node_id)), place == culprit)
        for place, node_id in zip(places, exchange.nodes)
    ]


def forget_requests() -> Response:
    studio().journal.clear()
    return redirect(url_for("pages.requests_page"))
