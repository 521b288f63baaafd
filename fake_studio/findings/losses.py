"""Why a declared node did not arrive: the rejection, the failed file, its topic, the chunk, or what ended the chef."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from le_utils.constants import content_kinds

from fake_studio.core.exchange import Exchange
from fake_studio.core.model import Node
from fake_studio.findings.chef_log import FailedRequest, complaint_about, complaints_in, failed_requests
from fake_studio.findings.failed_files import ChefAccount, FailedFile, OwnerKey

CHUNK = 10  # ricecooker sends this many siblings in one add_nodes
_CHECKSUM = re.compile(r"[0-9a-f]{32}")
_UPLOADS = ("upload_url", "put_file", "file_upload")

Declared = dict[str, Any]


@dataclass(eq=False)
class DeclaredNode:
    """A declared node, the one above it (None at the top), its place among its siblings, and the node that arrived."""

    declared: Declared
    above: DeclaredNode | None
    path: str
    place: int
    siblings: list[DeclaredNode] = field(default_factory=list)
    node: Node | None = None


@dataclass(frozen=True)
class Evidence:
    """What may explain a loss: the rejected requests by the node_ids and checksums in them, and the chef's account.

    ``failed_files`` are by what their nodes are known by, ``complaints`` lines of the chef's log. ``failed_requests``
    are those that the chef took for failed, whatever Studio made of them.
    """

    nodes: dict[str, int] = field(default_factory=dict)
    uploads: dict[str, int] = field(default_factory=dict)
    account: ChefAccount = field(default_factory=ChefAccount)
    failed_files: dict[OwnerKey, FailedFile] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    failed_requests: list[FailedRequest] = field(default_factory=list)


@dataclass(frozen=True)
class Loss:
    """Why a node did not arrive, as far as can be told.

    ``cause`` is the key of the cause; ``is_told`` if that is told of elsewhere (a request, a file, the run);
    ``is_follower`` if the node was lost with another one. ``fix`` is what to do, empty for what is always said.
    """

    entry: DeclaredNode
    reason: str
    cause: str
    is_told: bool = True
    is_follower: bool = False
    fix: str = ""


def evidence_of(refusals: Iterable[Exchange], account: ChefAccount) -> Evidence:
    """What is known of a chef's run, ready to be asked."""
    failed = {file.owner_key: file for file in reversed(list(account.failed_files))}
    output = account.output
    evidence = Evidence({}, {}, account, failed, complaints_in(output), failed_requests(output))
    for exchange in refusals:
        evidence.nodes.update((str(node), exchange.number) for node in exchange.nodes)
        if exchange.endpoint in _UPLOADS:
            body = exchange.request.get("body")
            text = f"{exchange.path} {body.get('checksum')}" if isinstance(body, dict) else exchange.path
            evidence.uploads.update((checksum, exchange.number) for checksum in _CHECKSUM.findall(text))
    return evidence


def losses_of(entries: Iterable[DeclaredNode], evidence: Evidence) -> Iterator[Loss]:
    """The loss of each entry without a node, parents before children."""
    losses: dict[int, Loss] = {}

    def loss_of(entry: DeclaredNode) -> Loss:
        if id(entry) not in losses:
            losses[id(entry)] = _own_loss(entry, evidence) or _shared_loss(entry)
        return losses[id(entry)]

    def _shared_loss(entry: DeclaredNode) -> Loss:
        above = entry.above
        if above and above.node is None:
            return Loss(entry, "Its topic is missing too.", loss_of(above).cause, is_follower=True)
        culprit = _chunk_culprit(above)
        if culprit and not any(sibling.node for sibling in entry.siblings):
            reason = (
                f"Lost with {culprit.path!r}: when the last node of a batch of ten fails, ricecooker skips the "
                "children of all ten (ricecooker #739)."
            )
            return Loss(entry, reason, loss_of(culprit).cause, is_follower=True)
        return _unanswered(entry, evidence) or _unexplained(entry, evidence)

    for entry in entries:
        if entry.node is None:
            yield loss_of(entry)


def rejected_of(entries: Iterable[DeclaredNode], evidence: Evidence) -> Iterator[Loss]:
    """The losses of those entries that were in a rejected request, or whose file was."""
    losses = (_rejected(entry, evidence) or _rejected_file(entry, evidence) for entry in entries)
    return filter(None, losses)


def _rejected(entry: DeclaredNode, evidence: Evidence) -> Loss | None:
    request = evidence.nodes.get(str(entry.declared.get("node_id")))
    if request is None:
        return None
    return Loss(entry, f"It was in request {request}, which Studio rejected.", f"request-{request}")


def _rejected_file(entry: DeclaredNode, evidence: Evidence) -> Loss | None:
    names = [str(file.get("filename")).partition(".")[0] for file in entry.declared.get("files") or [] if file]
    upload = next((evidence.uploads[name] for name in names if name in evidence.uploads), None)
    if upload is None:
        return None
    reason = f"ricecooker dropped it because Studio rejected its file in request {upload}."
    return Loss(entry, reason, f"request-{upload}")


def _own_loss(entry: DeclaredNode, evidence: Evidence) -> Loss | None:
    """The loss of a node that was rejected, or whose file is missing."""
    rejected = _rejected(entry, evidence)
    if rejected or (entry.above and entry.above.node is None):
        return rejected
    return _rejected_file(entry, evidence) or _without_file(entry, evidence)


def _without_file(entry: DeclaredNode, evidence: Evidence) -> Loss | None:
    files = (evidence.failed_files.get(key) for key in _owner_keys(entry.declared))
    file = next(filter(None, files), None)
    if _lacks_file(entry.declared) and file is not None:
        return Loss(entry, f"ricecooker dropped it because its file failed: {file.name}.", file.cause)
    if _lacks_file(entry.declared):
        complaint = _complaint(entry, evidence)
        reason = f"ricecooker dropped it because it has no file.{complaint}"
        return Loss(entry, reason, f"lost-{reason}", is_told=False)
    return None


def _unanswered(entry: DeclaredNode, evidence: Evidence) -> Loss | None:
    """The loss of a node above which a request got an answer that its chef took for a failure."""
    if not evidence.failed_requests:
        return None
    above = {(str(topic.declared.get("title")), str(topic.declared.get("source_id"))) for topic in _topics(entry)}
    requests = evidence.failed_requests
    parent = next((one for one in requests if one.is_channel or (one.title, one.source_id) in above), None)
    if parent is None:
        return None
    reason = (
        f"The chef got the answer {parent.answer!r:.80} when it sent the children of {parent.title!r}: "
        "ricecooker then sends nothing that is below them."
    )
    fix = "Run the chef again when Studio answers: ricecooker does not repeat such requests."
    return Loss(entry, reason, f"answer-{parent.title}-{parent.source_id}", is_told=False, fix=fix)


def _topics(entry: DeclaredNode) -> Iterator[DeclaredNode]:
    above = entry.above
    while above is not None:
        yield above
        above = above.above


def _unexplained(entry: DeclaredNode, evidence: Evidence) -> Loss:
    complaint = _complaint(entry, evidence)
    if not complaint and evidence.account.ended_by:
        return Loss(entry, "The chef ended before sending it.", evidence.account.ended_by)
    siblings = "Its siblings arrived." if any(sibling.node for sibling in entry.siblings) else ""
    reason = f"{siblings}{complaint}".strip()
    return Loss(entry, reason, f"lost-{reason}", is_told=False)


def _complaint(entry: DeclaredNode, evidence: Evidence) -> str:
    names = [str(entry.declared.get("title") or ""), str(entry.declared.get("source_id") or "")]
    line = complaint_about(names, evidence.complaints)
    return f" The chef's log says: {line:.300}" if line else ""


def _owner_keys(declared: Declared) -> Iterator[OwnerKey]:
    """By what a declared node is known in ricecooker's words about a file that failed."""
    yield str(declared.get("kind")), str(declared.get("source_id"))
    for question in declared.get("questions") or []:
        yield "question", str(question.get("assessment_id"))


def first_wanting(entries: Iterable[DeclaredNode]) -> dict[OwnerKey, DeclaredNode]:
    """The first declared node for each key: the one that wanted a file which failed."""
    first: dict[OwnerKey, DeclaredNode] = {}
    for entry in entries:
        for key in _owner_keys(entry.declared):
            first.setdefault(key, entry)
    return first


def _lacks_file(declared: Declared) -> bool:
    needs = declared.get("kind") not in (content_kinds.TOPIC, content_kinds.EXERCISE)
    return needs and "source_node_id" not in declared and not any(declared.get("files") or [])


def _chunk_culprit(topic: DeclaredNode | None) -> DeclaredNode | None:
    """The last node of a topic's chunk, if that node did not arrive."""
    if topic is None:
        return None
    begin = topic.place // CHUNK * CHUNK
    last = topic.siblings[begin : begin + CHUNK][-1]
    return last if last.node is None else None
