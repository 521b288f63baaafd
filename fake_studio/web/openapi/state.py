"""What the control API answers with: the model's own dataclasses, as ``views/dicts.py`` has them."""

from __future__ import annotations

from fake_studio.core.exchange import Exchange
from fake_studio.core.journal import LEAST_BYTES, LONGEST_JOURNAL, MOST_BYTES
from fake_studio.core.model import LABELS, TREES, Channel, File, Node, Question, Slide, User
from fake_studio.core.publish_job import PublishJob
from fake_studio.core.storage import StoredFile
from fake_studio.diff.diff_node import SUMMARY_FIELDS as PLACE
from fake_studio.faults.conditions import ENDPOINT_NAMES
from fake_studio.faults.effects import KINDS
from fake_studio.faults.presets import PRESETS
from fake_studio.findings import CODES, ERROR, WARNING, Finding
from fake_studio.findings.cause import Affected, Cause
from fake_studio.publishing import PublishedDatabase
from fake_studio.reports.report import Counts
from fake_studio.views import dicts
from fake_studio.web.dialects import DIALECTS
from fake_studio.web.openapi import shapes
from fake_studio.web.openapi.answers import CHANNEL_STATUS
from fake_studio.web.openapi.shapes import Schema, describe, nullable, record, ref, strict_object

SEVERITY = shapes.one_of([ERROR, WARNING])


def components() -> dict[str, Schema]:
    """The shapes of the control API; they are the same in both dialects."""
    return {**_accounts(), **_trees(), **_reports(), **_journal(), **_faults()}


def _accounts() -> dict[str, Schema]:
    return {
        "Done": strict_object(status={"const": "ok"}),
        "Health": strict_object(status={"const": "ok"}, dialect=shapes.one_of(DIALECTS)),
        "Settings": strict_object(
            dialect=shapes.one_of(DIALECTS),
            public_url=nullable(shapes.TEXT),
            control_from_anywhere=shapes.TRUTH,
            max_journal={**shapes.WHOLE, "minimum": 1},
            max_journal_bytes={**shapes.WHOLE, "minimum": LEAST_BYTES},
            seed=nullable(shapes.WHOLE),
        ),
        "ChangedSettings": shapes.no_extra_keys(
            shapes.object_schema(
                [],
                dialect=shapes.one_of(DIALECTS),
                max_journal={**shapes.WHOLE, "minimum": 1, "maximum": LONGEST_JOURNAL},
                max_journal_bytes={**shapes.WHOLE, "minimum": LEAST_BYTES, "maximum": MOST_BYTES},
            )
        ),
        "User": record(User, leave=("staged_files",)),
        "NewUser": shapes.object_schema(
            ["username", "token"],
            **{**shapes.properties_of(User, leave=("id", "staged_files")), "username": _SOME, "token": _SOME},
        ),
        "StoredFile": record(StoredFile, url=shapes.TEXT),
        "Snapshot": shapes.object_schema(["format", "ids", "users", "channels", "files"], format=shapes.WHOLE),
    }


_SOME = shapes.text(minLength=1)
_CHANNEL = (
    *("id", "name", "description", "tagline", "language", "thumbnail", "source_id", "source_domain"),
    *("ricecooker_version", "editors", "deleted", "public", "version", "last_published", "tokens"),
)


def _trees() -> dict[str, Schema]:
    published_version = record(
        PublishedDatabase,
        leave=("left_out", "files", "database"),
        version_notes=shapes.ANYTHING,
        published=shapes.NUMBER,
        database=shapes.TEXT,
    )
    node = record(
        Node, dicts.PLAIN, labels=_labels(), files=shapes.list_of(ref("File")), questions=_QUESTIONS, slides=_SLIDES
    )
    alone = {**node["properties"], "channel": shapes.TEXT, "tree": nullable(shapes.one_of(TREES)), "sent": shapes.DATA}
    return {
        "Channel": record(
            Channel,
            _CHANNEL,
            status=CHANNEL_STATUS,
            versions=shapes.by_name(published_version),
            publishing=nullable(record(PublishJob, leave=("done",))),
            trees=strict_object(**{name: nullable(shapes.WHOLE) for name in TREES}),
        ),
        "File": record(File),
        "Node": strict_object(**node["properties"], children=shapes.list_of(ref("Node"))),
        "NodeAlone": strict_object(**alone, children=shapes.list_of(shapes.TEXT)),
        "Difference": _difference(),
    }


_QUESTIONS = shapes.list_of(record(Question, leave=("sent",), files=shapes.list_of(ref("File"))))
_SLIDES = shapes.list_of(record(Slide, files=shapes.list_of(ref("File"))))


def _labels() -> Schema:
    return shapes.no_extra_keys(shapes.object_schema([], **{name: shapes.list_of(shapes.TEXT) for name in LABELS}))


def _difference() -> Schema:
    place = dict.fromkeys(PLACE, shapes.ANYTHING)
    moved = {
        **place,
        "path": shapes.TEXT,
        "number": shapes.WHOLE,
        "from": shapes.TEXT,
        "old_number": shapes.WHOLE,
        "old_node_id": shapes.ANYTHING,
    }
    fields = shapes.by_name(strict_object(old=shapes.ANYTHING, new=shapes.ANYTHING))
    return strict_object(
        added=shapes.list_of(strict_object(**place, path=shapes.TEXT)),
        removed=shapes.list_of(strict_object(**place, path=shapes.TEXT)),
        moved=shapes.list_of(strict_object(**moved)),
        changed=shapes.list_of(strict_object(**place, path=shapes.TEXT, fields=fields)),
        unchanged=shapes.WHOLE,
    )


def _cause() -> Schema:
    return record(Cause, severity=SEVERITY, nodes=shapes.list_of(record(Affected)))


def _reports() -> dict[str, Schema]:
    return {
        "Finding": record(Finding, code=shapes.one_of(CODES), severity=SEVERITY),
        "ChannelReport": strict_object(
            **shapes.properties_of(Channel, ("id", "name", "version", "tokens")),
            status=CHANNEL_STATUS,
            tree=shapes.one_of(TREES),
            counts=record(Counts),
            findings=shapes.list_of(ref("Finding")),
        ),
        "Report": strict_object(
            ok=describe(shapes.TRUTH, "The result: true if nothing failed."),
            causes=describe(shapes.list_of(_cause()), "What went wrong, each once, with the nodes that it took along."),
            problems=shapes.list_of(shapes.TEXT),
            channels=shapes.list_of(ref("ChannelReport")),
            refusals=shapes.list_of(ref("RefusedRequest")),
            findings=describe(shapes.by_name(shapes.WHOLE), "How many of each severity."),
            dropped_requests=shapes.WHOLE,
            differences=describe(shapes.list_of(shapes.DATA), "What is other than in the earlier tree of a channel."),
            run=describe(nullable(shapes.DATA), "How the chef ended, where cook or the fixture ran it."),
            unchecked=describe(shapes.list_of(shapes.TEXT), "What could not be checked."),
        ),
        "RefusedRequest": strict_object(
            request=describe(shapes.WHOLE, "Its number in the journal."),
            **shapes.properties_of(Exchange, ("endpoint", "user", "channel", "status")),
            cause=ref("Cause"),
        ),
    }


def _exchange() -> Schema:
    return record(
        Exchange,
        leave=("request", "answer", "kept_nodes"),
        request=shapes.by_name(shapes.ANYTHING),
        answer=shapes.by_name(shapes.ANYTHING),
        refusal=nullable(ref("Cause")),
        nodes=describe(shapes.list_of(shapes.ANYTHING), "The node_ids that it is about."),
    )


def _journal() -> dict[str, Schema]:
    cause = strict_object(
        kind=describe(shapes.TEXT, "The class of the rejection."),
        message=shapes.TEXT,
        field=nullable(shapes.TEXT),
        allowed=nullable(shapes.list_of(shapes.TEXT)),
        index=describe(nullable(shapes.WHOLE), "The node's place in content_data."),
        node_id=shapes.ANYTHING,
        title=shapes.ANYTHING,
    )
    return {
        "Cause": describe(cause, "Why a request was rejected, in full, whatever the client received."),
        "Exchange": _exchange(),
        "Exchanges": strict_object(
            requests=shapes.list_of(ref("Exchange")),
            meta=strict_object(total=shapes.WHOLE),
            dropped=describe(shapes.WHOLE, "Forgotten ones."),
        ),
        "WantedExchanges": shapes.no_extra_keys(
            shapes.object_schema(
                [],
                **shapes.properties_of(Exchange, ("endpoint", "method", "path", "status", "user", "channel", "fault")),
                since=describe(shapes.WHOLE, "Those after the one of this number."),
                body=describe(shapes.ANYTHING, "What must be contained in the request's body."),
            )
        ),
    }


def _faults() -> dict[str, Schema]:
    endpoint = shapes.one_of(ENDPOINT_NAMES)
    whole = {**shapes.WHOLE, "minimum": 1}
    rule: dict[str, Schema] = {
        "preset": shapes.one_of(PRESETS),
        **dict.fromkeys(("name", "method", "user", "channel", "file"), _SOME),
        **dict.fromkeys(("nth", "every", "first", "after", "times", "min_bytes"), whole),
        "endpoint": {"anyOf": [endpoint, shapes.list_of(endpoint)]},
        "node": shapes.DATA,
        "body": shapes.ANYTHING,
        "probability": {**shapes.NUMBER, "minimum": 0, "maximum": 1},
        "status": {**shapes.WHOLE, "minimum": 200, "maximum": 599},
        "answer": shapes.ANYTHING,
        "headers": shapes.by_name(_SOME),
        "fault": shapes.one_of(KINDS),
        "applied": shapes.TRUTH,
        "fixedDelayMilliseconds": {**shapes.NUMBER, "minimum": 0},
        "chunkedDribbleDelay": strict_object(numberOfChunks=whole, totalDuration={**shapes.NUMBER, "minimum": 0}),
    }
    counted = {"id": whole, "seen": shapes.WHOLE, "fired": shapes.WHOLE}
    fault = shapes.object_schema(["name", *counted], **{**rule, **counted})
    return {
        "NewFault": describe(
            shapes.no_extra_keys(shapes.object_schema([], **rule)), "The keys are described at /docs/faults."
        ),
        "Fault": shapes.no_extra_keys(fault),
    }
