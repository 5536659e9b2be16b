"""The parameters of a question, parsed and checked."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from parvis.core.explore.errors import InvalidParameter
from parvis.core.odsql.bound import ALWAYS, Test

LANGUAGES = ("fr", "en", "nl", "pt", "it", "ar", "de", "es", "ca", "eu", "sv")
PAGE_ROWS = 10
LARGEST_PAGE = 100
LAST_ROW = 10_000
LARGEST_GROUPS = 20_000
"""Most groups in a page, and the last one a page may reach."""

_DELIMITERS = (";", ",", "\t", "|")


@dataclass(frozen=True, slots=True)
class ExploreRequest:
    """What was asked, with the defaults of the API (specification, section 5); ``limit`` is None when it was not given."""

    select: str = "*"
    where: tuple[str, ...] = ()
    group_by: str = ""
    order_by: str = ""
    limit: int | None = None
    offset: int = 0
    refine: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    facet: tuple[str, ...] = ()
    lang: str = "fr"
    timezone: str = "UTC"
    include_links: bool = False
    include_app_metas: bool = False
    use_labels: bool = False
    compressed: bool = False
    delimiter: str = ";"
    list_separator: str = ","
    quote_all: bool = False
    with_bom: bool = True
    parquet_compression: str = "snappy"
    extra: Test = ALWAYS
    """A condition that comes with the request without being written in ODSQL: a ``q`` of version 1."""
    epsg: int = 4326
    name_field: str = ""
    description_field_list: tuple[str, ...] = ()
    use_extension: bool = True
    after: str | None = None
    """Token of the page to give, ``""`` or ``*`` for the first one; None when no walk was asked."""
    version: str = ""
    """Identifier of the version asked, the current one by default; whoever opens the source reads it."""

    @classmethod
    def from_query(cls, pairs: Iterable[tuple[str, str]]) -> ExploreRequest:
        """The request that name and value pairs make; unknown names are ignored, InvalidParameter for a bad value."""
        values: dict[str, Any] = {}
        for name, text in pairs:
            known = _ALIASES.get(name, name)
            reader = _READERS.get(known)
            if reader is None:
                continue
            if known in _REPEATED:
                if text.strip():
                    values[known] = (*values.get(known, ()), text)
            elif text.strip() or known in _KEPT_EMPTY:
                values[known] = reader(name, text)
            else:
                values.pop(known, None)
        return cls(**values)

    @property
    def is_grouped(self) -> bool:
        """True when the rows of the answer are groups."""
        return bool(self.group_by.strip())

    def page(self) -> tuple[int, int]:
        """Limit and offset of a page of records; InvalidParameter beyond what pages may reach."""
        largest, last = (LARGEST_GROUPS, LARGEST_GROUPS) if self.is_grouped else (LARGEST_PAGE, LAST_ROW)
        limit = PAGE_ROWS if self.limit is None else self.limit
        if not -1 <= limit <= largest:
            raise InvalidParameter(name="limit", value=limit, expected=f"-1 <= limit <= {largest}")
        limit = largest if limit == -1 else limit
        if limit + self.offset > last:
            raise InvalidParameter(
                name="offset", value=self.offset, expected=f"0 <= offset + limit <= {last} (limit={limit})"
            )
        return limit, self.offset

    def as_export(self) -> tuple[int | None, int]:
        """Limit (None: everything) and offset of an export."""
        return (None if self.limit in (None, -1) else self.limit), self.offset


def _integer(least: int) -> Callable[[str, str], int]:
    def read(name: str, text: str) -> int:
        try:
            value = int(text.strip()[:20])
        except ValueError as error:
            raise InvalidParameter(name=name, value=text, expected=f"{name} >= {least}") from error
        if value < least:
            expected = f"-1 <= limit <= {LARGEST_PAGE}" if name in ("limit", "rows") else f"{name} >= {least}"
            raise InvalidParameter(name=name, value=text, expected=expected)
        if value >= 2**62:
            raise InvalidParameter(name=name, value=text, expected=f"{name} < 2^62")
        return value

    return read


def _boolean(name: str, text: str) -> bool:
    lowered = text.strip().lower()
    if lowered not in ("true", "false", "1", "0"):
        raise InvalidParameter(name=name, value=text, expected="true | false")
    return lowered in ("true", "1")


def _text(name: str, text: str) -> str:
    return text


def _names(name: str, text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _epsg(name: str, text: str) -> int:
    written = text.strip().upper().removeprefix("EPSG:")
    if not (written.isascii() and written.isdecimal() and len(written) < 7 and int(written)):
        expected = "the EPSG code of a coordinate system, such as 4326, 3857 or 2154"
        raise InvalidParameter(name=name, value=text, expected=expected)
    return int(written)


def _among(*allowed: str) -> Callable[[str, str], str]:
    def read(name: str, text: str) -> str:
        if text not in allowed:
            raise InvalidParameter(name=name, value=text, expected=" | ".join(repr(choice) for choice in allowed))
        return text

    return read


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _timezone(name: str, text: str) -> str:
    if text not in _zones():
        raise InvalidParameter(name=name, value=text, expected="a time zone name such as Europe/Paris")
    return text


_ALIASES = {"rows": "limit"}
_KEPT_EMPTY = frozenset({"delimiter", "list_separator", "after"})
"""Parameters whose empty text means something."""
_REPEATED = frozenset({"where", "refine", "exclude", "facet"})
_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "select": _text,
    "where": _text,
    "group_by": _text,
    "order_by": _text,
    "limit": _integer(-1),
    "offset": _integer(0),
    "refine": _text,
    "exclude": _text,
    "facet": _text,
    "lang": _among(*LANGUAGES),
    "timezone": _timezone,
    "include_links": _boolean,
    "include_app_metas": _boolean,
    "use_labels": _boolean,
    "compressed": _boolean,
    "delimiter": _among(*_DELIMITERS),
    "list_separator": _text,
    "quote_all": _boolean,
    "with_bom": _boolean,
    "parquet_compression": _among("snappy", "zstd"),
    "epsg": _epsg,
    "name_field": _text,
    "description_field_list": _names,
    "use_extension": _boolean,
    "after": _text,
    "version": _text,
}
"""One row a parameter: how its text is read."""
