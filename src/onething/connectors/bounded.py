"""Answers that end: no longer than allowed, in time, and not packed."""

import time
from collections.abc import Iterator

import httpx

from onething.errors import AnswerInvalid, DepartmentUnavailable

ANSWER_BYTES = 1024 * 1024
"""The longest answer that is read."""


class Bounded(httpx.BaseTransport):
    """A transport whose answers are bounded, for clients that read them whole."""

    def __init__(self, inner: httpx.BaseTransport, whose: str, timeout_s: float) -> None:
        self._inner = inner
        self._whose = whose
        self._timeout_s = timeout_s

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the answer's body raises where it breaks its bounds."""
        deadline = time.monotonic() + self._timeout_s
        request.headers["Accept-Encoding"] = "identity"
        answer = self._inner.handle_request(request)
        try:
            require_plain(answer, self._whose)
        except AnswerInvalid:
            answer.close()
            raise
        return httpx.Response(
            answer.status_code,
            headers=answer.headers,
            stream=_Stream(answer, self._whose, deadline),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Close the transport inside."""
        self._inner.close()


class _Stream(httpx.SyncByteStream):
    def __init__(self, answer: httpx.Response, whose: str, deadline: float) -> None:
        self._answer = answer
        self._whose = whose
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        return bounded(self._answer.iter_raw(), self._whose, self._deadline)

    def close(self) -> None:
        self._answer.close()


def require_plain(answer: httpx.Response, whose: str) -> None:
    """Raise AnswerInvalid for an answer that is packed, or says that it is too long."""
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise AnswerInvalid(f"{whose}: the answer is packed although none was asked for")
    length = answer.headers.get("Content-Length", "0")
    if not length.isdecimal() or int(length[:_DIGITS]) > ANSWER_BYTES:
        raise AnswerInvalid(f"{whose}: the answer is longer than {ANSWER_BYTES} bytes")


_DIGITS = 18


def bounded(chunks: Iterator[bytes], whose: str, deadline: float) -> Iterator[bytes]:
    """Give an answer's chunks on.

    Raises:
        AnswerInvalid: They are more than an answer may have.
        DepartmentUnavailable: They do not end in time. The client bounds each wait; an answer
            in drops would still never end.
    """
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > ANSWER_BYTES:
            raise AnswerInvalid(f"{whose}: the answer is longer than {ANSWER_BYTES} bytes")
        if time.monotonic() > deadline:
            raise DepartmentUnavailable(f"{whose}: no whole answer in time")
        yield chunk
