"""Answers of a WSGI application: begun in a thread, continued block by block, so that none waits for a reader."""

from __future__ import annotations

import contextvars
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

type Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

logger = logging.getLogger("parvis.serving")

BLOCK = 128 * 1024
"""Bytes sent at a time; an answer that is shorter goes out whole."""
BLOCK_SECONDS = 0.5
"""Time after which a block goes out although it is short: rows that come slowly are not held back."""


class SentFile:
    """``wsgi.file_wrapper``: a file, read by blocks."""

    def __init__(self, stream: BinaryIO, block: int = BLOCK) -> None:
        self._stream = stream
        self.close = getattr(stream, "close", lambda: None)

    def __iter__(self) -> Iterator[bytes]:
        while block := self._stream.read(BLOCK):
            yield block


class Answer:
    """What an application answers: status, headers, and blocks until there is none."""

    def __init__(self, result: Iterable[bytes], status: int, headers: list[tuple[str, str]]) -> None:
        self.status = status
        self.headers = headers
        self.is_file = isinstance(result, SentFile)
        self.is_over = False
        self._result = result
        self._pieces = iter(result)
        self._is_closed = False
        self.context = contextvars.Context()

    def next_block(self) -> bytes:
        """The next bytes, made in any thread but in the context of the request: its language, its site."""
        return self.context.run(self.block)

    def block(self) -> bytes:
        """The next bytes, closed when they are the last (``is_over``)."""
        pieces: list[bytes] = []
        size, start = 0, time.monotonic()
        try:
            while size < BLOCK and (not size or time.monotonic() - start < BLOCK_SECONDS):
                piece = next(self._pieces, None)
                if piece is None:
                    self.is_over = True
                    break
                pieces.append(piece)
                size += len(piece)
        except BaseException:
            self.close()
            raise
        if self.is_over:
            self.close()
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def close(self) -> None:
        """Let the application free what it holds; harmless when done twice."""
        if not self._is_closed:
            self._is_closed = True
            close = getattr(self._result, "close", None)
            if close is not None:
                close()


def begin(application: Application, environ: dict[str, Any]) -> tuple[Answer, bytes]:
    """Ask the application; its answer and the first block. An error of the application is answered 500 and logged."""
    context = contextvars.copy_context()
    answer, block = context.run(_begin, application, environ)
    answer.context = context
    return answer, block


def _begin(application: Application, environ: dict[str, Any]) -> tuple[Answer, bytes]:
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        started[:] = [int(status[:3]), headers]

    try:
        answer = Answer(application(environ, start_response), *started)
        if environ["REQUEST_METHOD"] == "HEAD":
            answer.is_over = True
            answer.close()
            return answer, b""
        return answer, answer.block()
    except Exception:
        # Django answers its own errors: what comes here is a fault of what is around it.
        logger.exception("no answer to %s %s", environ["REQUEST_METHOD"], environ["PATH_INFO"])
        failure = Answer([b""], 500, [("Content-Length", "0")])
        failure.is_over = True
        return failure, b""
