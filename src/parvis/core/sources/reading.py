"""What the confined child does with an answer: items written line by line, so that whoever asked holds one of them at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from parvis.core.sources.contract import Item, Refusal, Request, Resource, Settings, ToldService
from parvis.core.sources.dialects import DIALECTS, ROWS

LONGEST = 100_000
"""Letters of one text of an item, of its extras apart."""
LONGEST_EXTRA = 1_000_000
MOST = 1_000
"""Values of one list of an item."""
_LONGEST_LINE = 8_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what was read: an item, what could not be one, or a service."""

    item: Item | None = None
    refusal: Refusal | None = None
    service: ToldService | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer says besides its items: what to ask next, how many items the source says it has."""

    following: tuple[Request, ...] = ()
    total: int | None = None


def read_answer(answer: Path, dialect: str, request: Request, settings: Settings, destination: Path) -> Reading:
    """Write the items, refusals and services of an answer in ``destination``, one a line. Run in a confined child."""
    from pydantic_core import to_json  # noqa: PLC0415 only those who read need it

    page = DIALECTS[dialect].read(answer, request, settings)
    with destination.open("wb") as stream:
        for refusal in page.refusals:
            stream.write(to_json(Line(refusal=_bounded(refusal)), inf_nan_mode="null") + b"\n")
        for item in page.items:
            stream.write(to_json(Line(item=_bounded(item)), inf_nan_mode="null") + b"\n")
        for service in page.services:
            stream.write(to_json(Line(service=_bounded(service)), inf_nan_mode="null") + b"\n")
    return Reading(page.following, page.total)


def read_rows(answer: Path, dialect: str, request: Request, destination: Path) -> tuple[Request, ...]:
    """Append the rows of an answer to ``destination``; what to ask next. Run in a confined child."""
    return ROWS[dialect].rows(answer, request, destination)


def lines_of(stream: BinaryIO) -> Iterator[Line]:
    """What ``read_answer`` wrote, built again field by field: by then the child may have been the stranger's. ValueError."""
    from pydantic import TypeAdapter  # noqa: PLC0415

    adapter = TypeAdapter(Line)
    while line := stream.readline(_LONGEST_LINE):
        yield adapter.validate_json(line)


def _bounded[T: Item | Refusal | ToldService](row: T) -> T:
    """The same with no text or list beyond measure, and no NUL, which databases refuse."""
    return replace(row, **{field.name: _cut(getattr(row, field.name)) for field in fields(row)})


def _cut(value: Any) -> Any:
    match value:
        case str():
            return value.replace("\0", "")[:LONGEST]
        case Resource():
            return replace(value, **{field.name: _cut(getattr(value, field.name)) for field in fields(value)})
        case tuple() | list():
            return tuple(map(_cut, value[:MOST]))
        case dict():
            return {
                str(name)[:200]: str(part).replace("\0", "")[:LONGEST_EXTRA]
                for name, part in islice(value.items(), MOST)
            }
        case _:
            return value
