"""From page to page without going round: the same server, no page twice, an end.

Dialects hold nothing between two answers: what they need to see a loop travels in ``Request.state``, a few bytes however long the way.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from parvis.core.sources.contract import NEXT_PAGE, Page, Refusal, Request
from parvis.core.sources.errors import BadSource, EndlessSource
from parvis.core.sources.values import LONGEST_URL, address
from parvis.core.translation import Sentence, gettext_noop

MOST_PAGES: Final = 5_000
"""Pages of one source, or of the rows of one resource."""

_LOOP = gettext_noop("la page suivante annoncée a déjà été lue")
_SAME = gettext_noop("deux pages de suite ont le même contenu")
_ELSEWHERE = gettext_noop("la page suivante serait sur un autre serveur ({host})")
_TOO_MANY = gettext_noop("plus de {limit} pages")
_FEWER = gettext_noop("la source annonce {announced} lignes et n’en donne que {count}")
_NOT_AN_ADDRESS = gettext_noop("« {url} » n’est pas une adresse complète, en http:// ou https://")


class Astray(Exception):
    """Why a next page is not asked."""

    def __init__(self, message: str, **values: str | int) -> None:
        super().__init__(message)
        self.sentence = Sentence(message, values)


def base_url(url: str) -> str:
    """An address that a source may have; BadSource."""
    text = address(url)
    if not text or text.startswith("ftp"):
        raise BadSource(reason=Sentence(_NOT_AN_ADDRESS, {"url": url[:200]}))
    return text


def parts_of(url: str) -> SplitResult:
    """The parts of an address of any protocol, whole; BadSource."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 only then is it looked at
    except ValueError as error:
        raise BadSource(reason=Sentence("l’adresse est mal formée")) from error
    if not parts.scheme or not (parts.netloc or parts.path.strip("/")):
        raise BadSource(reason=Sentence("l’adresse n’est pas complète"))
    return parts


def with_query(url: str, parameters: Mapping[str, str | int | None], drop: Iterable[str] = ()) -> str:
    """``url`` with these parameters in the place of those of the same names, case aside; None takes one away."""
    parts = urlsplit(url)
    names = {name.lower() for name in (*parameters, *drop)}
    pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0].lower() not in names]
    pairs += [(name, str(value)) for name, value in parameters.items() if value is not None]
    return urlunsplit(parts._replace(query=urlencode(pairs, safe=":,/*()", errors="replace"), fragment=""))


def below(url: str, *path: str) -> str:
    """``url`` without its question, with a path after its own."""
    parts = urlsplit(url)
    full = "/".join([parts.path.rstrip("/"), *path])
    return urlunsplit(parts._replace(path=full, query="", fragment=""))


def cut_at(url: str, *marks: str) -> str:
    """``url`` without its question and what comes from the first of ``marks`` in its path: what people paste is often too much."""
    parts = urlsplit(url)
    path = parts.path
    for mark in marks:
        head, seen, _ = path.partition(mark)
        path = head if seen else path
    return urlunsplit(parts._replace(path=path.rstrip("/"), query="", fragment=""))


def mark(parts: Iterable[str]) -> str:
    """A few bytes that tell a content from another."""
    return hashlib.blake2s("\0".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def onward(
    request: Request, url: str, content: str, *, body: str = "", state: Mapping[str, str] | None = None
) -> Request:
    """The request of the next page after ``request``, whose answer had that ``content`` (a mark); Astray when it leads nowhere.

    A loop is seen by the way of Brent: one page of the past is remembered, at each power of two a later one.
    """
    full = _beside(request.url, url)
    rank = int(request.state.get("page", "1")) + 1
    if rank > MOST_PAGES:
        raise Astray(_TOO_MANY, limit=MOST_PAGES)
    here, there = mark([request.url, request.body]), mark([full, body])
    if there in (here, request.state.get("seen", "")):
        raise Astray(_LOOP)
    if content and content == request.state.get("content", ""):
        raise Astray(_SAME)
    power = rank & (rank - 1) == 0
    trail = {
        "page": str(rank),
        "seen": here if power or "seen" not in request.state else request.state["seen"],
        "content": content,
    }
    return Request(full, request.method, request.headers, body, {**request.state, **(state or {}), **trail})


def _beside(current: str, url: str) -> str:
    """``url`` from ``current``, on the same server: a server behind a proxy may think that it speaks http."""
    full = beside(current, address(urljoin(current, url)) if len(url) <= LONGEST_URL else "")
    here, there = urlsplit(current), urlsplit(full)
    if not full or (there.hostname or "") != (here.hostname or ""):
        raise Astray(_ELSEWHERE, host=(there.hostname or url)[:100])
    if here.scheme == "https" and there.scheme == "http":
        there = there._replace(scheme="https", netloc=here.netloc)
    if there.netloc != here.netloc:
        raise Astray(_ELSEWHERE, host=there.netloc[:100])
    return urlunsplit(there._replace(fragment=""))


def beside(current: str, url: str) -> str:
    """``url``, at the server of ``current`` when it names the machine that this one believes to be behind its proxy."""
    here, there = urlsplit(current), urlsplit(url)
    inside = there.hostname or ""
    is_within = "." not in inside.removesuffix(".localhost") or re.fullmatch(r"127(\.\d+){3}|0\.0\.0\.0", inside)
    return (
        url
        if not url or not is_within or inside == here.hostname
        else urlunsplit(there._replace(scheme=here.scheme, netloc=here.netloc))
    )


def page_of(page: Page, request: Request, url: str, *, body: str = "", state: Mapping[str, str] | None = None) -> Page:
    """``page`` followed by ``url`` when there is one; a refusal says why when it cannot be, since what follows is not read."""
    if not url:
        return page
    names = [row.identifier for rows in (page.items, page.refusals, page.services) for row in rows]
    try:
        following = onward(request, url, mark(names) if names else "", body=body, state=state)
    except Astray as astray:
        refusal = Refusal(NEXT_PAGE, f"La lecture s’arrête à cette page : {astray.sentence.text('fr')}.")
        return replace(page, refusals=(*page.refusals, refusal))
    return replace(page, following=(*page.following, following))


def next_by_start(request: Request, size: int, total: int | None) -> tuple[Request, ...]:
    """The page after ``request`` of a source whose pages of ``size`` items begin at ``start``, whatever it answered."""
    start = int(request.state.get("start", "0")) + size
    if start >= (total or 0):
        return ()
    url = with_query(request.url, {"start": start})
    return (Request(url, request.method, request.headers, request.body, {**request.state, "start": str(start)}),)


def more_rows(request: Request, url: str, content: str, state: Mapping[str, str] | None = None) -> tuple[Request, ...]:
    """The request of the next rows; EndlessSource when it leads nowhere: rows that lack would make a wrong table."""
    if not url:
        return ()
    try:
        return (onward(request, url, content, state=state),)
    except Astray as astray:
        raise EndlessSource(file="", reason=astray.sentence) from astray


def check_whole(count: int, announced: object) -> None:
    """EndlessSource when a source gives fewer rows than it announces, and no next page."""
    if isinstance(announced, int) and count < announced:
        raise EndlessSource(file="", reason=Sentence(_FEWER, {"announced": announced, "count": count}))


def write_rows(destination: Path, records: Iterable[Mapping[str, Any]]) -> str:
    """Append records, one a line, in one go; the mark of what was written, empty for nothing."""
    lines = [_line(record) for record in records]
    if not lines:
        return ""
    body = "\n".join(lines) + "\n"
    with destination.open("ab") as stream:
        stream.write(body.encode("utf-8", "replace"))
    return mark([body])


def _line(record: Mapping[str, Any]) -> str:
    try:
        return json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except ValueError:  # a number too large for a double is infinite once read
        return json.dumps(_finite(record), ensure_ascii=False, separators=(",", ":"))


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(part) for key, part in value.items()}
    return [_finite(part) for part in value] if isinstance(value, list) else value
