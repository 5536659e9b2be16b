"""Requests to a portal, tried again when that is safe."""

from __future__ import annotations

import json
import random
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import urllib3

from parvis_client.errors import ParvisClientError, Unreachable, error_of

API = "/api/parvis/v1"
AGAIN = frozenset({429, 502, 503, 504})
_LONGEST = 300
"""Characters kept of what a portal says in plain text, before its API is reached."""
LONGEST_WAIT = 60.0
"""Seconds between two tries at most, whatever the portal asks for."""


@dataclass(frozen=True)
class Answer:
    """What a portal answered: its JSON, its headers."""

    body: Any
    headers: Mapping[str, str]


class Transport:
    """One portal and one key. The key goes in a header, to that portal alone: redirections are not followed."""

    def __init__(self, url: str, key: str, *, timeout: float, tries: int, language: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.username or parts.query:
            raise ValueError(f"not the address of a portal: {url}")
        self.base = url.rstrip("/") + API
        self._tries = tries
        self._headers = {
            "Authorization": f"Apikey {key.strip()}",
            "Accept-Language": language,
            "Accept": "application/json",
        }
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=min(timeout, 20.0), read=timeout), retries=False, maxsize=4
        )

    def __repr__(self) -> str:
        return f"Transport({self.base!r})"

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        data: bytes | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        again: bool = True,
    ) -> Answer:
        """Ask once, and again after failures that pass, unless ``again`` says that this would do something else.

        A POST is given a name (``Idempotency-Key``), the same for each try: the portal does it once.
        """
        sent = {**self._headers, **(headers or {})}
        if method == "POST":
            sent.setdefault("Idempotency-Key", uuid.uuid4().hex)
        if body is not None:
            data = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        chosen = {name: value for name, value in (query or {}).items() if value not in (None, "")}
        address = self.base + path + (f"?{urlencode(chosen)}" if chosen else "")
        for rank in range(self._tries):
            try:
                return self._asked_once(method, address, data, sent)
            except ParvisClientError as error:
                if not again or rank + 1 == self._tries or not _passes(error):
                    raise
                time.sleep(_wait(error, rank))
        raise AssertionError("unreachable")

    def _asked_once(self, method: str, address: str, data: bytes | None, headers: Mapping[str, str]) -> Answer:
        try:
            response = self._pool.request(method, address, body=data, headers=headers, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            raise Unreachable(f"{type(error).__name__}: {urlsplit(address).netloc}") from error
        facts = _facts(response.data)
        if facts is None and response.headers.get("Content-Type", "").startswith("text/plain"):
            facts = {"message": response.data.decode("utf-8", "replace").strip()[:_LONGEST]}
        if not 200 <= response.status < 300:
            wait = response.headers.get("Retry-After", "")
            raise error_of(response.status, facts, float(wait) if wait.isdecimal() else None)
        return Answer(facts, response.headers)


def path_of(*words: object) -> str:
    """A path, each of its words written so that it stays one."""
    return "".join(f"/{quote(str(word), safe='')}" for word in words)


def _passes(error: ParvisClientError) -> bool:
    return isinstance(error, Unreachable) or error.status in AGAIN


def _wait(error: ParvisClientError, rank: int) -> float:
    # Programs that failed together must not come back together.
    return min(error.wait if error.wait is not None else random.uniform(0.5, 1.0) * 2**rank, LONGEST_WAIT)  # noqa: S311


def _facts(data: bytes) -> Any:
    try:
        return json.loads(data) if data else None
    except ValueError:
        return None
