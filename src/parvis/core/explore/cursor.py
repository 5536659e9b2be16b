"""The cursor of ``after=``: walking every row page by page in any order, an extension of the API.

A token holds the values the last row is ordered by and its rank, the condition of the next page being « beyond them »; so a
page far away costs what the first one does, and pages never overlap nor miss a row. It is bound to the version, the condition
and the order it was given for: a change of any of them, or of a letter of the token, is told.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from parvis.core.engine.contract import AnySource, Source
from parvis.core.explore.errors import InvalidParameter, WrongCursor
from parvis.core.explore.request import ExploreRequest
from parvis.core.odsql.bound import Beyond, Query

STARTS = ("", "*")
"""Values of ``after`` that ask for the first page."""

_LONGEST = 20_000
_CHECK = 8


def with_cursor(query: Query, request: ExploreRequest, source: AnySource) -> Query:
    """The query of the page after the token; unchanged when none was asked."""
    if request.after is None:
        return query
    if query.groups or query.totals:
        raise InvalidParameter(name="after", value=request.after, expected="no aggregation with after")
    if request.offset:
        raise InvalidParameter(name="offset", value=request.offset, expected="no offset with after")
    if request.after in STARTS:
        # Without an order, the first page is that of the rows after none.
        return query if query.order_by else replace(query, after=Beyond((), (), 0))
    values, row = read_token(request.after, _bound_to(request, source))
    if len(values) != len(query.order_by):
        raise WrongCursor
    return replace(query, after=Beyond(query.order_by, values, row))


def token(request: ExploreRequest, source: AnySource, values: tuple[Any, ...], row: int) -> str:
    """The token of the page after that row."""
    return write_token(values, row, _bound_to(request, source))


def write_token(values: tuple[Any, ...], row: int, key: bytes) -> str:
    """The text of a place in a walk: the values its row is ordered by and its rank, bound to the key of the walk."""
    body = json.dumps([row, *map(_tagged, values)], ensure_ascii=False, separators=(",", ":")).encode()
    check = hashlib.blake2b(body, digest_size=_CHECK, key=key).digest()
    return base64.urlsafe_b64encode(check + body).decode().rstrip("=")


def walk_key(source: AnySource, *parameters: object) -> bytes:
    """What binds places to a walk: the rows that are walked, and all that says which of them and in what order."""
    return hashlib.blake2b(repr((_walked(source), *parameters)).encode(), digest_size=32).digest()


def _bound_to(request: ExploreRequest, source: AnySource) -> bytes:
    parameters = (request.order_by, request.timezone, request.lang, request.where, request.refine, request.exclude)
    return walk_key(source, parameters, sorted(request.facet))


def _walked(source: AnySource) -> str | None:
    """What is walked: rows that are laid over a version while one walks it come after the others, and stop nobody."""
    laid_over = source.base if isinstance(source, Source) else None
    return (laid_over or source).key


def read_token(text: str, key: bytes) -> tuple[tuple[object, ...], int]:
    """The values and the rank of a place; WrongCursor for what is none of this walk."""
    if len(text) > _LONGEST:
        raise WrongCursor
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        check, body = raw[:_CHECK], raw[_CHECK:]
        if hashlib.blake2b(body, digest_size=_CHECK, key=key).digest() != check:
            raise WrongCursor
        row, *values = json.loads(body)
        return tuple(_READERS[kind](value) for kind, value in values), int(row)
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise WrongCursor from error


def _tagged(value: Any) -> tuple[str, Any]:
    if isinstance(value, datetime):
        return "instant", value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return "date", value.isoformat()
    return "plain", value


_READERS: dict[str, Callable[[Any], object]] = {
    "plain": lambda value: value,
    "date": date.fromisoformat,
    "instant": datetime.fromisoformat,
}
