"""The rows of a dataset of an Explore portal by ``/records``, for portals whose exports are closed: a hundred at a time to the wall of
ten thousand, then by windows.

A window is a condition whose rows are counted. One of more than ten thousand is read along a number or a date, from a value to the next
(``f >= last``), or parted by the values of a text, which the portal counts; rows without a value are a window of their own. What was read
must be what was announced, window by window and in all: else nothing comes.

The dialect holds nothing between two answers: ``Request.state`` has the windows left.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from parvis.core.sources.answers import json_object, unreadable
from parvis.core.sources.contract import Request, Resource, Settings
from parvis.core.sources.errors import UnreadableAnswer
from parvis.core.sources.paging import base_url, write_rows
from parvis.core.translation import gettext_noop

SLUG: Final = "explore_records"
PAGE: Final = 100
WALL: Final = 10_000
"""Offset and limit may not go beyond, of one question."""
MOST_GROUPS: Final = 20_000
"""Values that a portal counts in one question."""
MOST_TOGETHER: Final = 40
"""Values of a text that are asked for in one window."""
LONGEST_CONDITION: Final = 3_000
MOST_WINDOWS: Final = 2_000
MOST_ROWS: Final = 2_000_000
"""Of one dataset: twenty thousand pages."""
_COUNT: Final = "parvis_count"
_ALONG: Final = ("int", "date", "datetime", "double")
"""Types whose values have an order that every portal knows; text has none that is documented."""
_APART: Final = ("text", "boolean")
_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED: Final = frozenset(
    re.findall(
        r"\w+",
        "and as asc avg by count date_format day dayofweek desc distinct equi false group hour ifnull in is like limit lower max "
        "millisecond min minute month not null or quarter range search second select sum top true upper where year",
    )
)
_NOT_A_PAGE = gettext_noop("« results » et « total_count » sont attendus")
_TOO_MANY = gettext_noop("{count} lignes par pages : {limit} au plus")
_NO_FIELD = gettext_noop(
    "{count} lignes de mêmes valeurs : le portal n’en donne pas plus de {limit} à la fois, et ses exports sont fermés"
)
_NOT_IN_ORDER = gettext_noop("les pages ne sont pas rangées par « {name} », comme demandé")
_OTHER_COUNT = gettext_noop("{announced} lignes annoncées, {count} lues page par page")


@dataclass(slots=True)
class _Window:
    """What is asked: conditions, the rank of the first field that may still part it; ``along`` is read in the order of that field."""

    where: list[str] = field(default_factory=list)
    rank: int = 0
    along: bool = False
    start: str = ""
    """Where to go on, of a window read along a field: the last condition."""
    groups: bool = False


@dataclass(slots=True)
class _Way:
    """Where the reading is: windows left, the last being in hand, what was read of it and in all."""

    todo: list[_Window]
    fields: list[list[str]]
    order: str = ""
    offset: int = 0
    announced: int = -1
    """Rows of the window in hand."""
    total: int = -1
    count: int = 0
    windows: int = 0
    last: Any = None
    last_at: int = 0
    """Where in the file the rows of the last value begin, and how many they are."""
    last_rows: int = 0


def first_page(records: str, fields: Sequence[Mapping[str, Any]], *, again: bool = False) -> Request:
    """What to ask first at that address (``…/records``). ``again`` asks the same in another order, for what is compared not to be what
    was read."""
    usable = [[str(row.get("name")), str(row.get("type"))] for row in fields if not _is_many(row)]
    along = [row for kind in _ALONG for row in usable if row[1] == kind]
    apart = [row for row in usable if row[1] in _APART]
    if again:
        along.reverse()
    order = f"{_name(along[0][0])} desc" if again and along else ""
    return _request(base_url(records), _Way([_Window()], [*along, *apart], order))


def _is_many(row: Mapping[str, Any]) -> bool:
    annotations = row.get("annotations")
    names = annotations if isinstance(annotations, Mapping) else [part.get("name") for part in annotations or []]
    return "multivalued" in names


class ExploreRecords:
    """``/records``, page by page."""

    slug = SLUG

    def first(self, resource: Resource, settings: Settings) -> tuple[Request, ...]:
        """The first page, of a portal whose fields are not told."""
        return (first_page(resource.url, ()),)

    def rows(self, answer: Path, request: Request, destination: Path) -> tuple[Request, ...]:
        """Append rows; UnreadableAnswer when there are more or fewer than were announced."""
        way = _read_state(request.state["way"])
        body = json_object(answer)
        results, total = body.get("results"), body.get("total_count")
        if not isinstance(results, list) or not all(isinstance(row, dict) for row in results):
            raise unreadable(_NOT_A_PAGE)
        if way.todo[-1].groups:
            _part(way, results)
        elif not isinstance(total, int) or isinstance(total, bool):
            raise unreadable(_NOT_A_PAGE)
        else:
            _take(way, results, total, destination)
        if not way.todo:
            if way.count != way.total:
                raise unreadable(_OTHER_COUNT, announced=way.total, count=way.count)
            return ()
        return (_request(request.url.partition("?")[0], way),)


def _take(way: _Way, results: list[dict[str, Any]], total: int, destination: Path) -> None:
    """A page of the window in hand."""
    window = way.todo[-1]
    if way.offset == 0:
        way.announced = total
        way.total = total if way.total < 0 else way.total
        if way.total > MOST_ROWS:
            raise unreadable(_TOO_MANY, count=way.total, limit=MOST_ROWS)
        if total > WALL and not window.along:
            _open(way, window, total)
            return
    elif total != way.announced:
        raise unreadable(_OTHER_COUNT, announced=way.announced, count=total)
    if not results and way.offset < way.announced:
        raise unreadable(_OTHER_COUNT, announced=way.announced, count=way.offset)
    results = results[: WALL - way.offset]
    _write(way, window, results, destination)
    way.offset += len(results)
    if way.offset > way.announced:
        raise unreadable(_OTHER_COUNT, announced=way.announced, count=way.offset)
    if way.offset == way.announced:
        way.todo.pop()
        _begin(way)
    elif way.offset >= WALL:
        _go_on(way, window, destination)


def _begin(way: _Way) -> None:
    """Another window is in hand."""
    way.offset, way.announced, way.last, way.last_at, way.last_rows = 0, -1, None, 0, 0
    way.windows += 1
    if way.windows > MOST_WINDOWS or len(way.todo) > MOST_WINDOWS:
        raise unreadable(_TOO_MANY, count=way.total, limit=way.count)


def _open(way: _Way, window: _Window, total: int) -> None:
    """Part a window that is too large by the first field that may."""
    if window.rank >= len(way.fields):
        raise unreadable(_NO_FIELD, count=total, limit=WALL)
    name, kind = way.fields[window.rank]
    if kind in _ALONG:
        way.todo[-1] = _Window([*window.where, f"{_name(name)} is null"], window.rank + 1)
        way.todo.append(_Window([*window.where, f"{_name(name)} is not null"], window.rank, along=True))
        _begin(way)
    else:
        way.todo[-1] = replace(window, groups=True)
        way.announced = total


def _part(way: _Way, results: list[dict[str, Any]]) -> None:
    """Windows of the values of a text, as the portal counts them; by the next field where these are too many, or count otherwise."""
    window, total = way.todo.pop(), way.announced
    name = way.fields[window.rank][0]
    counts = [(row.get(name), row.get(_COUNT)) for row in results]
    whole = [
        (value, count) for value, count in counts if isinstance(count, int) and isinstance(value, str | bool | None)
    ]
    is_whole = len(whole) == len(results) < MOST_GROUPS and sum(count for _value, count in whole) == total
    if not is_whole or len(whole) < 2:
        way.todo.append(_Window(window.where, window.rank + 1))
        _begin(way)
        way.announced = -1
        return
    together: list[str] = []
    rows = 0
    for value, count in whole:
        condition = f"{_name(name)} is null" if value is None else f"{_name(name)} = {_literal(value, 'text')}"
        is_full = rows + count > WALL or len(together) >= MOST_TOGETHER
        if together and (is_full or sum(map(len, together)) + len(condition) > LONGEST_CONDITION):
            way.todo.append(_Window([*window.where, " or ".join(together)], window.rank + 1))
            together, rows = [], 0
        together.append(condition)
        rows += count
    way.todo.append(_Window([*window.where, " or ".join(together)], window.rank + 1))
    _begin(way)


def _write(way: _Way, window: _Window, results: list[dict[str, Any]], destination: Path) -> None:
    """Append the rows, and note where those of the last value begin."""
    way.count += len(results)
    if not window.along or not results:
        write_rows(destination, results)
        return
    name = way.fields[window.rank][0]
    values: list[Any] = [row.get(name) for row in results]
    try:
        pairs = [way.last, *values] if way.last is not None else values
        if any(before > after for before, after in itertools.pairwise(pairs)):
            raise unreadable(_NOT_IN_ORDER, name=name)
    except TypeError as error:
        raise unreadable(_NOT_IN_ORDER, name=name) from error
    first = next(rank for rank, value in enumerate(values) if value == values[-1])
    if first == 0 and way.last == values[-1]:
        way.last_rows += len(results)
        write_rows(destination, results)
        return
    write_rows(destination, results[:first])
    way.last, way.last_rows = values[-1], len(results) - first
    way.last_at = destination.stat().st_size if destination.exists() else 0
    write_rows(destination, results[first:])


def _go_on(way: _Way, window: _Window, destination: Path) -> None:
    """At the wall: from the last value on, whose rows are read again, since some may be beyond; alone when they fill the window."""
    name, kind = way.fields[window.rank]
    if way.last is None:
        raise unreadable(_NOT_IN_ORDER, name=name)
    literal = _literal(way.last, kind)
    with destination.open("r+b") as stream:
        stream.truncate(way.last_at)
    way.count -= way.last_rows
    if way.last_rows >= way.offset:
        way.todo[-1] = replace(window, start=f"{_name(name)} > {literal}")
        way.todo.append(_Window([*window.where, f"{_name(name)} = {literal}"], window.rank + 1))
    else:
        way.todo[-1] = replace(window, start=f"{_name(name)} >= {literal}")
    _begin(way)


def _request(records: str, way: _Way) -> Request:
    window = way.todo[-1]
    where = [f"({part})" for part in (*window.where, window.start) if part]
    query: dict[str, str | int] = {"limit": PAGE, "offset": way.offset, "timezone": "UTC"}
    if where:
        query["where"] = " and ".join(where)
    if window.groups:
        name = _name(way.fields[window.rank][0])
        query |= {"select": f"count(*) as {_COUNT}", "group_by": name, "limit": MOST_GROUPS, "offset": 0}
    elif window.along:
        query["order_by"] = _name(way.fields[window.rank][0])
    elif way.order:
        query["order_by"] = way.order
    # No page is larger than what is left below the wall.
    if not window.groups:
        query["limit"] = min(PAGE, WALL - way.offset)
    state = {"way": json.dumps(asdict(way), ensure_ascii=True)}
    return Request(f"{records}?{urlencode(query)}", headers={"Accept": "application/json"}, state=state)


def _read_state(text: str) -> _Way:
    row = json.loads(text)
    return _Way(**{**row, "todo": [_Window(**part) for part in row["todo"]]})


def _name(name: str) -> str:
    """A name as ODSQL wants it: in back quotes when it would be read as something else."""
    if _PLAIN.fullmatch(name) and name.lower() not in _RESERVED:
        return name
    return f"`{name.replace('`', '\\`')}`"


def _literal(value: Any, kind: str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if kind in ("date", "datetime"):
        if not re.fullmatch(r"[\d:.T+Z-]{4,40}", str(value)):
            raise UnreadableAnswer(file="", reason=str(value)[:40])
        return f"date'{value}'"
    if isinstance(value, int | float):
        return format(Decimal(repr(value)), "f")
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


ROWS = ExploreRecords()
