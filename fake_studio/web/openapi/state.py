"""What the control API answers with: the model's own dataclasses, as ``views/dicts.py`` has them."""

from __future__ import annotations

from fake_studio.core.exchange import Exchange
from fake_studio.core.journal import LEAST_BYTES, LONGEST_JOURNAL, MOST_BYTES
from fake_studio.core.model import LABELS, TREES, Channel, File, Node, PublishJob, Question, Slide, User
from fake_studio.core.storage import StoredFile
from fake_studio.diff.difference import SUMMARY_FIELDS as PLACE
from fake_studio.faults.conditions import ENDPOINT_NAMES
from fake_studio.faults.effects import KINDS
from fake_studio.faults.presets import PRESETS
from fake_studio.findings import CODES, ERROR, WARNING, Finding
from fake_studio.findings.cause import Affected, Cause
from fake_studio.publishing import PublishedDatabase
from fake_studio.reports.report import Counts
from fake_studio.views import dicts
from fake_studio.web.dialects import DIALECTS
from fake_studio.web.openapi import shapes as s
from fake_studio.web.openapi.answers import CHANNEL_STATUS
from fake_studio.web.openapi.shapes import Schema, describe, nullable, record, ref, strict_object

SEVERITY = s.one_of([ERROR, WARNING])


def components() -> dict[str, Schema]:
    """The shapes of the control API; they are the same in both dialects."""
    return {**_accounts(), **_trees(), **_reports(), **_journal(), **_faults()}


def _accounts() -> dict[str, Schema]:
    return {
        "Done": strict_object(status={"const": "ok"}),
        "Health": strict_object(status={"const": "ok"}, dialect=s.one_of(DIALECTS)),
        "Settings": strict_object(
            dialect=s.one_of(DIALECTS),
            public_url=nullable(s.TEXT),
            control_from_anywhere=s.TRUTH,
            max_journal={**s.WHOLE, "minimum": 1},
            max_journal_bytes={**s.WHOLE, "minimum": LEAST_BYTES},
            seed=nullable(s.WHOLE),
        ),
        "ChangedSettings": s.no_extra_keys(
            s.object_schema(
                [],
                dialect=s.one_of(DIALECTS),
                max_journal={**s.WHOLE, "minimum": 1, "maximum": LONGEST_JOURNAL},
                max_journal_bytes={**s.WHOLE, "minimum": LEAST_BYTES, "maximum": MOST_BYTES},
            )
        ),
        "User": record(User, leave=("staged_files",)),
        "NewUser": s.object_schema(
            ["username", "token"],
            **{**s.properties_of(User, leave=("id", "staged_files")), "username": _SOME, "token": _SOME},
        ),
        "StoredFile": record(StoredFile, url=s.TEXT),
        "Snapshot": s.object_schema(["format", "ids", "users", "channels", "files"], format=s.WHOLE),
    }


_SOME = s.text(minLength=1)
_CHANNEL = (
    *("id", "name", "description", "tagline", "language", "thumbnail", "source_id", "source_domain"),
    *("ricecooker_version", "editors", "deleted", "public", "version", "last_published", "tokens"),
)


def _trees() -> dict[str, Schema]:
    published_version = record(
        PublishedDatabase,
        leave=("left_out", "files", "database"),
        version_notes=s.ANYTHING,
        published=s.NUMBER,
        database=s.TEXT,
    )
    node = record(
        Node, dicts.PLAIN, labels=_labels(), files=s.list_of(ref("File")), questions=_QUESTIONS, slides=_SLIDES
    )
    alone = {**node["properties"], "channel": s.TEXT, "tree": nullable(s.one_of(TREES)), "sent": s.DATA}
    return {
        "Channel": record(
            Channel,
            _CHANNEL,
            status=CHANNEL_STATUS,
            versions=s.by_name(published_version),
            publishing=nullable(record(PublishJob, leave=("done",))),
            trees=strict_object(**{name: nullable(s.WHOLE) for name in TREES}),
        ),
        "File": record(File),
        "Node": strict_object(**node["properties"], children=s.list_of(ref("Node"))),
        "NodeAlone": strict_object(**alone, children=s.list_of(s.TEXT)),
        "Difference": _difference(),
    }


_QUESTIONS = s.list_of(record(Question, leave=("sent",), files=s.list_of(ref("File"))))
_SLIDES = s.list_of(record(Slide, files=s.list_of(ref("File"))))


def _labels() -> Schema:
    return s.no_extra_keys(s.object_schema([], **{name: s.list_of(s.TEXT) for name in LABELS}))


def _difference() -> Schema:
    place = dict.fromkeys(PLACE, s.ANYTHING)
    moved = {
        **place,
        "path": s.TEXT,
        "number": s.WHOLE,
        "from": s.TEXT,
        "old_number": s.WHOLE,
        "old_node_id": s.ANYTHING,
    }
    fields = s.by_name(strict_object(old=s.ANYTHING, new=s.ANYTHING))
    return strict_object(
        added=s.list_of(strict_object(**place, path=s.TEXT)),
        removed=s.list_of(strict_object(**place, path=s.TEXT)),
        moved=s.list_of(strict_object(**moved)),
        changed=s.list_of(strict_object(**place, path=s.TEXT, fields=fields)),
        unchanged=s.WHOLE,
    )


def _cause() -> Schema:
    return record(Cause, severity=SEVERITY, nodes=s.list_of(record(Affected)))


def _reports() -> dict[str, Schema]:
    return {
        "Finding": record(Finding, code=s.one_of(CODES), severity=SEVERITY),
        "ChannelReport": strict_object(
            **s.properties_of(Channel, ("id", "name", "version", "tokens")),
            status=CHANNEL_STATUS,
            tree=s.one_of(TREES),
            counts=record(Counts),
            findings=s.list_of(ref("Finding")),
        ),
        "Report": strict_object(
            ok=describe(s.TRUTH, "The result: true if nothing failed."),
            causes=describe(s.list_of(_cause()), "What went wrong, each once, with the nodes that it took along."),
            problems=s.list_of(s.TEXT),
            channels=s.list_of(ref("ChannelReport")),
            refusals=s.list_of(ref("RefusedRequest")),
            findings=describe(s.by_name(s.WHOLE), "How many of each severity."),
            dropped_requests=s.WHOLE,
            differences=describe(s.list_of(s.DATA), "What is other than in the earlier tree of a channel."),
            run=describe(nullable(s.DATA), "How the chef ended, where cook or the fixture ran it."),
            unchecked=describe(s.list_of(s.TEXT), "What could not be checked."),
        ),
        "RefusedRequest": strict_object(
            request=describe(s.WHOLE, "Its number in the journal."),
            **s.properties_of(Exchange, ("endpoint", "user", "channel", "status")),
            cause=ref("Cause"),
        ),
    }


def _exchange() -> Schema:
    return record(
        Exchange,
        leave=("request", "answer", "kept_nodes"),
        request=s.by_name(s.ANYTHING),
        answer=s.by_name(s.ANYTHING),
        refusal=nullable(ref("Cause")),
        nodes=describe(s.list_of(s.ANYTHING), "The node_ids that it is about."),
    )


def _journal() -> dict[str, Schema]:
    cause = strict_object(
        kind=describe(s.TEXT, "The class of the rejection."),
        message=s.TEXT,
        field=nullable(s.TEXT),
        allowed=nullable(s.list_of(s.TEXT)),
        index=describe(nullable(s.WHOLE), "The node's place in content_data."),
        node_id=s.ANYTHING,
        title=s.ANYTHING,
    )
    return {
        "Cause": describe(cause, "Why a request was rejected, in full, whatever the client received."),
        "Exchange": _exchange(),
        "Exchanges": strict_object(
            requests=s.list_of(ref("Exchange")),
            meta=strict_object(total=s.WHOLE),
            dropped=describe(s.WHOLE, "Forgotten ones."),
        ),
        "WantedExchanges": s.no_extra_keys(
            s.object_schema(
                [],
                **s.properties_of(Exchange, ("endpoint", "method", "path", "status", "user", "channel", "fault")),
                since=describe(s.WHOLE, "Those after the one of this number."),
                body=describe(s.ANYTHING, "What must be contained in the request's body."),
            )
        ),
    }


def _faults() -> dict[str, Schema]:
    endpoint = s.one_of(ENDPOINT_NAMES)
    whole = {**s.WHOLE, "minimum": 1}
    rule: dict[str, Schema] = {
        "preset": s.one_of(PRESETS),
        **dict.fromkeys(("name", "method", "user", "channel", "file"), _SOME),
        **dict.fromkeys(("nth", "every", "first", "after", "times", "min_bytes"), whole),
        "endpoint": {"anyOf": [endpoint, s.list_of(endpoint)]},
        "node": s.DATA,
        "body": s.ANYTHING,
        "probability": {**s.NUMBER, "minimum": 0, "maximum": 1},
        "status": {**s.WHOLE, "minimum": 200, "maximum": 599},
        "answer": s.ANYTHING,
        "headers": s.by_name(_SOME),
        "fault": s.one_of(KINDS),
        "applied": s.TRUTH,
        "fixedDelayMilliseconds": {**s.NUMBER, "minimum": 0},
        "chunkedDribbleDelay": strict_object(numberOfChunks=whole, totalDuration={**s.NUMBER, "minimum": 0}),
    }
    counted = {"id": whole, "seen": s.WHOLE, "fired": s.WHOLE}
    fault = s.object_schema(["name", *counted], **{**rule, **counted})
    return {
        "NewFault": describe(s.no_extra_keys(s.object_schema([], **rule)), "The keys are described at /docs/faults."),
        "Fault": s.no_extra_keys(fault),
    }
