"""Faults as they happen: before a route, after it, and on the wire."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any, Callable

from flask import Response, after_this_request, current_app, g, request

from fake_studio.core.json_text import to_json
from fake_studio.core.model import Json
from fake_studio.core.refusals import Faulted, QuotaExceeded, Refusal, TokenUnknown
from fake_studio.faults import Fault, effects, proxy_pages
from fake_studio.faults.corrupt import corrupt_file
from fake_studio.http_server import Connection
from fake_studio.web.access import is_internal_route
from fake_studio.web.faults.call import FaultCall
from fake_studio.web.faults.stand_ins import refusal_like
from fake_studio.web.journaling import endpoint_name
from fake_studio.web.request import studio

NOISE = 128  # bytes


def inject_faults() -> Response | None:
    """Before each request, and before its token is looked at: does a fault befall it?"""
    if not studio().faults.rules or is_internal_route():
        return None
    call = FaultCall()
    fault = studio().faults.next_fault(call)
    return _apply_fault(fault, call) if fault else None


def _apply_fault(fault: Fault, call: FaultCall) -> Response | None:
    g.fault = fault.name
    effect = fault.effect
    time.sleep(effect.delay)
    if effect.kind == effects.PUBLISH_FAILED:
        _fail_publish(fault, call)
    if effect.executes_request:
        after_this_request(partial(_alter_response, fault, call))
    if effect.dribble:
        after_this_request(partial(SlowAnswer, effect.dribble))
    if effect.executes_request:
        return None
    call.remember()
    return _replace_response(fault, call)


def _fail_publish(fault: Fault, call: FaultCall) -> None:
    for channel in call.channels & set(studio().state.channels):
        studio().publisher.fail_next[channel] = f"The fault {fault.name!r} let it fail."


def _replace_response(fault: Fault, call: FaultCall) -> Response:
    """The answer to a request that is not carried out. Raises what Studio would raise itself."""
    if fault.effect.kind == effects.TOKEN_REVOKED:
        g.pop("user", None)  # nobody's token: the headers tell
        raise TokenUnknown(f"The fault {fault.name!r} revoked the token.", field="Authorization")
    if fault.effect.kind == effects.QUOTA_EXHAUSTED:
        raise QuotaExceeded(_get_announced_size(call), 0)
    if fault.effect.kind == effects.UPLOAD_INTERRUPTED:
        request.stream.read(call.size // 2)
    return _spoiled_answer(fault, Response())


def _get_announced_size(call: FaultCall) -> int:
    size = call.body.get("size") if isinstance(call.body, dict) else None
    return size if isinstance(size, int) else call.size


def _alter_response(fault: Fault, call: FaultCall, answer: Response) -> Response:
    """What a fault makes of the answer to a request that was carried out, or of what was stored."""
    effect = fault.effect
    is_done = answer.status_code < 400
    if effect.kind in effects.BYTES_SPOILED and is_done:
        corrupt_file(studio().storage, call.stored_name or "", effect.kind or "")
    if effect.kind == effects.PUBLISH_FAILED and not is_done:
        for channel in call.channels:
            studio().publisher.fail_next.pop(channel, None)
    return _spoiled_answer(fault, answer) if effect.replaces_answer else answer


def _spoiled_answer(fault: Fault, answer: Response) -> Response:
    """Another answer in the place of the right one, or none at all."""
    if fault.effect.status is not None:
        answer.close()
        return _other_answer(fault, fault.effect.status)
    g.lost = True
    g.refusal = _cause(fault, "broke the connection")
    return BrokenAnswer(fault, answer)


def _cause(fault: Fault, deed: str) -> Faulted:
    outcome = "the request was carried out" if fault.effect.applied else "nothing was done"
    return Faulted(f"The fault {fault.name!r} {deed}; {outcome}.")


def _other_answer(fault: Fault, status: int) -> Response:
    cause = _cause(fault, f"answered {status}")
    answer = _own_answer(fault.effect.answer) if _has_own_answer(fault.effect) else _dialects_answer(status, cause)
    if answer.status_code != status:
        answer.status_code = status
    answer.headers.update(fault.effect.headers)
    if status in proxy_pages.STATUSES:
        g.proxy = True
    if status >= 400:
        g.refusal = cause
    return answer


def _has_own_answer(effect: effects.Effect) -> bool:
    return effect.answer is not None or (effect.status or 0) < 400


def _own_answer(data: Json) -> Response:
    is_text = data is None or isinstance(data, str)
    content = (data or "") if is_text else to_json(data) + "\n"
    return Response(content, content_type="text/plain; charset=utf-8" if is_text else "application/json")


def _dialects_answer(status: int, cause: Refusal) -> Response:
    places = (endpoint_name(), request.blueprint)
    refusal = refusal_like(status, places, cause.message)
    return current_app.make_response(current_app.handle_user_exception(refusal))


def _send_and_close(connection: Connection, raw: bytes) -> None:
    connection.send(raw)
    connection.close()


_CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
_BREAKS: dict[str, Callable[[Connection, Fault], None]] = {
    effects.EMPTY_RESPONSE: lambda connection, _: connection.close(),
    effects.CONNECTION_RESET_BY_PEER: lambda connection, _: connection.reset(),
    effects.UPLOAD_INTERRUPTED: lambda connection, _: connection.reset(),
    effects.MALFORMED_RESPONSE_CHUNK: lambda it, fault: _send_and_close(it, _CHUNKED + fault.random_bytes(NOISE)),
    effects.RANDOM_DATA_THEN_CLOSE: lambda it, fault: _send_and_close(it, fault.random_bytes(NOISE)),
}


def _content(answer: Response) -> bytes:
    """The whole body, also of a stored file, which is closed."""
    answer.direct_passthrough = False
    content = answer.get_data()
    answer.close()
    return content


class BrokenAnswer(Response):
    """An answer that does not arrive, because the connection breaks when it is due: the journal has it then."""

    def __init__(self, fault: Fault, answer: Response) -> None:
        super().__init__(_content(answer), answer.status, answer.headers)
        self._fault = fault

    def get_app_iter(self, environ: Any) -> tuple[()]:
        """Nothing. Raises RuntimeError where the app is served by another host than ours."""
        connection: Connection | None = environ.get("fake_studio.connection")
        kind = str(self._fault.effect.kind)
        if connection is None:
            raise RuntimeError(f"{kind} needs the server of fake_studio: FakeStudio or fake-studio serve")
        with suppress(OSError):  # the client was quicker
            _BREAKS[kind](connection, self._fault)
        return ()


class SlowAnswer(Response):
    """An answer that comes in pieces, with a pause before each."""

    def __init__(self, dribble: effects.ChunkedDelay, answer: Response) -> None:
        super().__init__(_content(answer), answer.status, answer.headers)
        self._dribble = dribble

    def get_app_iter(self, environ: Any) -> Iterator[bytes]:
        """The pieces, when they are due."""
        content, dribble = self.get_data(), self._dribble
        step = max(-(-len(content) // dribble.pieces), 1)
        for begin in range(0, step * dribble.pieces, step):
            time.sleep(dribble.seconds / dribble.pieces)
            yield content[begin : begin + step]
