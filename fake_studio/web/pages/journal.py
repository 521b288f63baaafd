"""The journal as a page: what was asked, what was answered, and why something failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Set

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from fake_studio.core.exchange import Exchange, placed_nodes_of
from fake_studio.core.model import Node
from fake_studio.core.refusals import RequestNotFound
from fake_studio.reports.report import refusals
from fake_studio.web.pages.blueprints import pages
from fake_studio.web.pages.filters import drawn
from fake_studio.web.request import studio

MANY = 200  # exchanges that are listed at once
_FILTERS = ("endpoint", "method", "status", "user", "channel", "fault")


@pages.get("/requests")
def requests_page() -> str:
    wanted = {name: request.args[name].strip() for name in _FILTERS if request.args.get(name, "").strip()}
    only_refused, refused = "refused" in request.args, _refused()
    found = [each for each in studio().journal.entries() if _agrees(each, wanted)]
    if only_refused:
        found = [each for each in found if each.number in refused]
    return drawn(
        "requests.html",
        found=found[: -MANY - 1 : -1],
        total=len(found),
        wanted=wanted,
        only_refused=only_refused,
        choices=_choices(studio().journal.entries()),
        refused=refused,
        verdict=_verdict,
    )


def _refused() -> Set[int]:
    return {each.number for each in refusals(studio())}


def _verdict(exchange: Exchange, refused: Set[int]) -> str:
    """The class of its status: good, bad, or a no that was only asked for."""
    if exchange.number in refused or not exchange.status:
        return "error"
    return "ok" if exchange.refusal is None else ""


def _agrees(exchange: Exchange, wanted: Dict[str, str]) -> bool:
    return all(str(getattr(exchange, name)) == value for name, value in wanted.items())


def _choices(entries: List[Exchange]) -> Dict[str, List[str]]:
    """The values that each filter can have."""
    return {name: sorted({str(getattr(each, name)) for each in entries} - {"None"}) for name in _FILTERS}


@pages.get("/requests/<int:number>")
def request_page(number: int) -> str:
    exchange = studio().journal.entry(number)
    if exchange is None:
        raise RequestNotFound(f"The journal has no request {number}: it was reset, or has dropped it.")
    with studio().lock:
        touched = _touched(exchange)
        return drawn("request.html", exchange=exchange, touched=touched, refused=_refused(), verdict=_verdict)


@dataclass(frozen=True)
class Touched:
    """A node that a request was about; ``node`` is None if the Studio has no such node (any more)."""

    node_id: Any
    title: Any
    node: Optional[Node]
    is_culprit: bool


def _touched(exchange: Exchange) -> List[Touched]:
    here = {node.node_id: node for node in studio().state.nodes.values()} if exchange.nodes else {}
    sent, culprit = placed_nodes_of(exchange.request.get("body")), (exchange.refusal or {}).get("index")
    # The nodes of a body that was too large to keep are known by their ids alone: then all that was sent were nodes.
    places = list(sent) or range(len(exchange.nodes))
    return [
        Touched(node_id, sent.get(place, {}).get("title"), here.get(str(node_id)), place == culprit)
        for place, node_id in zip(places, exchange.nodes)
    ]


@pages.post("/requests/clear")
def forget_requests() -> Response:
    studio().journal.clear()
    return redirect(url_for("pages.requests_page"))
