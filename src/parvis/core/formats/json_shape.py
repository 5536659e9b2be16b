"""Where the records are in a JSON text: a list, one object after another, a list under a key, an object of objects, columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from parvis.core.formats.json_text import JsonText
from parvis.core.formats.refusals import BrokenJson, NoSuchPart

DEPTH = 8
"""How many keys deep a list of records is looked for."""


class Shape(StrEnum):
    """How records are at their place."""

    LIST = "list"
    SEQUENCE = "sequence"
    MAPPING = "mapping"
    COLUMNS = "columns"
    SINGLE = "single"


@dataclass(frozen=True, slots=True)
class Place:
    """The keys that lead to the records, and how these are there."""

    path: tuple[str, ...]
    shape: Shape
    count: int = 0

    @property
    def dotted(self) -> str:
        """The path as ``json_path`` writes it."""
        return ".".join(self.path)


def find_place(text: JsonText, json_path: str | None) -> Place:
    """The place of the records of ``text``: where ``json_path`` leads, else the longest list of objects."""
    if json_path:
        return _imposed(text, tuple(json_path.split(".")))
    if text.peek() == "[":
        return Place((), Shape.LIST)
    places = _RecordPlaces()
    text.peek()
    first, whole = text.line, text.ahead().rstrip().endswith("}")
    try:
        places.walk(text, ())
    except BrokenJson:
        if text.line == first or not whole:
            raise
        return Place((), Shape.SEQUENCE)
    if text.peek():
        return Place((), Shape.SEQUENCE)
    return places.best


def _imposed(text: JsonText, path: tuple[str, ...]) -> Place:
    go_to(text, path)
    if text.peek() == "[":
        return Place(path, Shape.LIST)
    places = _RecordPlaces()
    places.walk(text, path)
    own = [place for place in places.found if place.path == path]
    return own[-1] if own else Place(path, Shape.SINGLE)


def go_to(text: JsonText, path: tuple[str, ...]) -> None:
    """Put the cursor on the value that ``path`` leads to; NoSuchPart when there is none."""
    for segment in path:
        seen = []
        if text.peek() != "{":
            raise NoSuchPart(file="JSON", part=".".join(path), listing="")
        for key in text.keys():  # noqa: SIM118 - a cursor, not a dictionary
            if key == segment:
                break
            seen.append(key)
            text.skip()
        else:
            raise NoSuchPart(file="JSON", part=".".join(path), listing=", ".join(seen[:20]))


class _RecordPlaces:
    """Walks an object once and remembers the places where records might be, only those that beat the best so far."""

    def __init__(self) -> None:
        self.found: list[Place] = []

    @property
    def best(self) -> Place:
        """The place with most records; a list wins over an object of objects, columns come last."""
        ranked = sorted(self.found, key=lambda p: (p.shape is not Shape.COLUMNS, p.count, p.shape is Shape.LIST))
        return ranked[-1] if ranked else Place((), Shape.SINGLE)

    def _remember(self, place: Place) -> None:
        if place.count > max((other.count for other in self.found), default=0) or len(self.found) < 50:
            self.found.append(place)

    def walk(self, text: JsonText, path: tuple[str, ...]) -> None:
        """Look at the object under the cursor and pass it."""
        objects = others = 0
        lengths: set[int] = set()
        for key in text.keys():  # noqa: SIM118 - a cursor, not a dictionary
            sign = text.peek()
            if sign == "{" and len(path) < DEPTH:
                objects += 1
                self.walk(text, (*path, key))
            elif sign == "[":
                dictionaries, length = _count(text)
                lengths.add(-1 if dictionaries else length)
                if dictionaries:
                    self._remember(Place((*path, key), Shape.LIST, dictionaries))
            else:
                others += 1
                text.value()
        if objects > 1 and not others and not lengths:
            self._remember(Place(path, Shape.MAPPING, objects))
        if len(lengths) == 1 and not objects and not others and lengths != {-1}:
            self._remember(Place(path, Shape.COLUMNS, lengths.pop()))


def _count(text: JsonText) -> tuple[int, int]:
    dictionaries = length = 0
    for _, element in text.elements():
        length += 1
        dictionaries += isinstance(element, dict)
    return dictionaries, length


type OnBroken = Callable[[int, str], None]


def records_at(text: JsonText, place: Place, on_broken: OnBroken) -> Iterator[tuple[int, Any]]:
    """The records of ``place``: line and value for a sequence, else rank and value. Broken lines of a sequence are told."""
    go_to(text, place.path)
    yield from _READ[place.shape](text, on_broken)


def _sequence(text: JsonText, on_broken: OnBroken) -> Iterator[tuple[int, Any]]:
    while sign := text.peek():
        line = text.line
        if sign == ",":
            text.take(",")
            continue
        try:
            value = text.value()
        except BrokenJson:
            on_broken(line, text.rest_of_line())
            continue
        yield line, value


def _list(text: JsonText, on_broken: OnBroken) -> Iterator[tuple[int, Any]]:
    rows = (element for _, element in text.elements())
    first = next(rows, None)
    if isinstance(first, list) and first and all(isinstance(cell, str) for cell in first):
        headers = [str(cell) for cell in first]
        for rank, row in enumerate(rows, start=1):
            yield rank, _under(headers, row) if isinstance(row, list) else row
        return
    rank = 0
    for rank, row in enumerate(_chain(first, rows), start=1):
        yield rank, row


def _chain(first: Any, rows: Iterator[Any]) -> Iterator[Any]:
    if first is not None:
        yield first
    yield from rows


def _under(headers: list[str], row: list[Any]) -> dict[str, Any]:
    names = headers + [f"Colonne {rank}" for rank in range(len(headers) + 1, len(row) + 1)]
    return dict(zip(names, row, strict=False))


def _mapping(text: JsonText, on_broken: OnBroken) -> Iterator[tuple[int, Any]]:
    for rank, key in enumerate(text.keys(), start=1):
        value = text.value()
        if isinstance(value, dict):
            label = "clé" if "clé" not in value else "clé (objet)"
            yield rank, {label: key, **value}
        else:
            yield rank, value


def _columns(text: JsonText, on_broken: OnBroken) -> Iterator[tuple[int, Any]]:
    columns: dict[str, list[Any]] = text.value()
    for rank, values in enumerate(zip(*columns.values(), strict=True), start=1):
        yield rank, dict(zip(columns, values, strict=True))


def _single(text: JsonText, on_broken: OnBroken) -> Iterator[tuple[int, Any]]:
    yield 1, text.value()


_READ: dict[Shape, Callable[[JsonText, OnBroken], Iterator[tuple[int, Any]]]] = {
    Shape.LIST: _list,
    Shape.SEQUENCE: _sequence,
    Shape.MAPPING: _mapping,
    Shape.COLUMNS: _columns,
    Shape.SINGLE: _single,
}
