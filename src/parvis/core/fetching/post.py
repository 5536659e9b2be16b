"""Small messages sent to addresses of the public web, under the same guard as files fetched from it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from parvis.core.fetching.addresses import Allowed, Resolver, checked_url, is_public, resolve
from parvis.core.fetching.exchange import exchange
from parvis.core.fetching.limits import Limits

MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Posted:
    """What the server answered: its status, its headers by lower-case name, the beginning of its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    max_bytes: int = MOST_BYTES,
    allowed: Allowed = is_public,
    resolver: Resolver = resolve,
    idle_seconds: float = 10.0,
    total_seconds: float = 20.0,
) -> Posted:
    """Send ``body`` to ``url`` once: ``send`` by POST."""
    return send(
        "POST",
        url,
        body,
        headers,
        max_bytes=max_bytes,
        allowed=allowed,
        resolver=resolver,
        idle_seconds=idle_seconds,
        total_seconds=total_seconds,
    )


def send(
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    *,
    max_bytes: int = MOST_BYTES,
    allowed: Allowed = is_public,
    resolver: Resolver = resolve,
    idle_seconds: float = 10.0,
    total_seconds: float = 20.0,
) -> Posted:
    """One request by any method: no redirect is followed (its status is given as it is) and nothing is sent again.

    ``headers`` go with it, except Host, User-Agent and Connection which are the exchange's; of the answer, ``max_bytes``
    are read at most. Raises BadUrl, PrivateAddress, UnknownHost, FetchFailed, FetchTooSlow, FetchCut.
    """
    limits = Limits(allowed, resolver, idle_seconds, time.monotonic() + total_seconds)
    plain = {"Accept": "*/*", "Accept-Encoding": "identity", **headers}
    with exchange(method, checked_url(url), limits, plain, body) as response:
        answer = response.read(max_bytes, decode_content=False)
        return Posted(response.status, {name.lower(): value for name, value in response.headers.items()}, answer)
