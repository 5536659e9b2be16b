"""Groups that are codes of territories: called by their names, brought together, related to their inhabitants or their area.

The answers of a dataset are rewritten with what a reference says of each code (``Place``); after that they are read, drawn,
told and tabled as any others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from parvis.core.charts.description import SeriesSource
from parvis.core.charts.errors import TooManyPlaces
from parvis.core.charts.marks import RATES
from parvis.core.charts.questions import AGAINST, GROUP, MOST_PLACES, SERIES, VALUE, Answer
from parvis.core.charts.territories import TOGETHER, coded


@dataclass(frozen=True, slots=True)
class Place:
    """What a reference says of one territory."""

    code: str
    name: str
    inhabitants: int | None = None
    area: float | None = None
    """In square kilometres; None where it is not known."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What a value of a territory was made from."""

    codes: tuple[str, ...]
    """As the rows write them."""
    value: float | None = None
    """Before it was related to anything."""
    base: float | None = None
    """The inhabitants or square kilometres it was divided by; None when it was not."""


type Finder = Callable[[str, Collection[str], str], Mapping[str, Place]]
"""From a kind of column, codes and a level to the place that each known code is in."""

BEHIND, LEFT_OUT = "c_behind", "c_left_out"
"""Keys that are added to the rows of an answer."""


def joined(source: SeriesSource, answer: Answer, find: Finder) -> Answer:
    """The answer with names instead of codes, brought together and related as the source says.

    Codes that no place is known for keep their own text, and are left out when values are brought together or related:
    ``LEFT_OUT`` then counts them in each row. TooManyPlaces when the answer is not whole.
    """
    coding = coded(source, answer.table.shape)
    if coding is None or not source.territory:
        return answer
    if answer.total > len(answer.rows):
        raise TooManyPlaces(count=answer.total, most=MOST_PLACES)
    key = GROUP if coding.role == "grouping" else SERIES
    written = {str(row[key]) for row in answer.rows if row.get(key) not in (None, "")}
    places = find(coding.column.kind, written, source.territory)
    names = _names(places)
    drops = bool(source.per) or source.territory != coding.levels[0] or coding.column.kind == "iris"
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    left_out: set[str] = set()
    for row in answer.rows:
        code = str(row[key]) if row.get(key) not in (None, "") else ""
        place = places.get(code)
        if drops and (place is None or not _known(place, source.per)):
            left_out.add(code)
            continue
        alone = code if place is None or source.calculation not in TOGETHER else ""
        other = row.get(SERIES if key == GROUP else GROUP)
        groups.setdefault((place.code if place else "", alone, other), []).append(row)
    rows = [_row(source, key, places, names, group, len(left_out)) for group in groups.values()]
    total = len({row[key] for row in rows}) if not source.series else len(rows)
    return replace(answer, rows=rows, total=total)


def _known(place: Place, per: str) -> bool:
    return not per or bool(RATES[per].base(place))


def _row(
    source: SeriesSource,
    key: str,
    places: Mapping[str, Place],
    names: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
    left_out: int,
) -> dict[str, Any]:
    codes = tuple(str(row[key]) for row in rows if row.get(key) not in (None, ""))
    place = places.get(codes[0]) if codes else None
    together = TOGETHER.get(source.calculation, _only)
    body = {**rows[0]}
    for name in (VALUE, AGAINST):
        values = [row[name] for row in rows if row.get(name) is not None]
        if name in body:
            body[name] = together(values) if values else None
    value, base = body.get(VALUE), None
    if source.per and place is not None:
        rate = RATES[source.per]
        base = rate.base(place)
        body[VALUE] = value * rate.many / base if value is not None and base else None
    if place is not None:
        former = (
            source.calculation not in TOGETHER
            and codes[0].upper().zfill(5) != place.code
            and source.territory == "commune"
        )
        body[key] = f"{names[place.code]} ({codes[0]})" if former else names[place.code]
    body[BEHIND] = Behind(codes, value, base)
    body[LEFT_OUT] = left_out
    return body


def _only(values: Iterable[float]) -> float:
    """The only value there is, for calculations that cannot be put together."""
    return next(iter(values))


def _names(places: Mapping[str, Place]) -> dict[str, str]:
    """The name of each place by its code; with the code when two have the same."""
    by_code = {place.code: place.name for place in places.values()}
    seen: dict[str, int] = {}
    for name in by_code.values():
        seen[name] = seen.get(name, 0) + 1
    return {code: name if seen[name] == 1 else f"{name} ({code})" for code, name in by_code.items()}
