"""What every part of the client asks by: one portal, one key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from parvis_client.transport import Transport

Facts = dict[str, Any]


class Session:
    """One portal, by one key."""

    def __init__(self, url: str, key: str, *, timeout: float = 60.0, tries: int = 5, language: str = "fr") -> None:
        self._transport = Transport(url, key, timeout=timeout, tries=tries, language=language)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._transport.base!r})"

    def _ask(self, method: str, path: str, **how: Any) -> Facts:
        answer = self._transport.ask(method, path, **how)
        facts = dict(answer.body or {})
        # What ``etag`` of the methods that change it takes: the state that was read.
        return {**facts, "etag": answer.headers["ETag"]} if "ETag" in answer.headers else facts

    def _if_match(self, etag: str | None) -> Facts:
        # Tried again, a change that was made but whose answer was lost would look like somebody else's.
        return {} if etag is None else {"headers": {"If-Match": etag}, "again": etag == "*"}

    def _each(self, path: str, **query: Any) -> Iterator[Facts]:
        offset = 0
        while True:
            page = self._ask("GET", path, query={**query, "offset": offset or None})
            yield from page["results"]
            offset += len(page["results"])
            if not page["results"] or offset >= page["total_count"]:
                return
