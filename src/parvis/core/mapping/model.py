"""A mapping: for each field of a schema, where its values come from in a file, how sure that is, and why."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, replace
from dataclasses import field as made
from enum import StrEnum
from typing import Any

from parvis.core.transforms import Step


class Extras(StrEnum):
    """What becomes of the columns of the file that no field takes."""

    KEEP = "keep"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a column was chosen: a stable code and what fills its sentence (``core.mapping.messages``)."""

    code: str
    details: AnyMapping[str, Any] = made(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """One field and how it is made: ``source`` is what ``map.columns`` wants beside ``to`` ({"from": …}, {"value": …}…).

    ``source`` is empty when nothing in the file stands for the field; ``score`` goes from 0 to 1; ``others`` are the headers of
    the next best columns.
    """

    field: str
    required: bool = False
    source: AnyMapping[str, Any] = made(default_factory=dict)
    score: float = 0.0
    reasons: tuple[Reason, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The headers of the file that the field takes."""
        return columns_of(self.source)


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a file becomes a table of a schema; ``left`` are the headers that no field takes."""

    schema: str
    version: str
    matches: tuple[Match, ...]
    left: tuple[str, ...] = ()
    extras: Extras = Extras.KEEP

    @property
    def missing(self) -> tuple[str, ...]:
        """Required fields that nothing in the file stands for: a person gives a value or a column."""
        return tuple(match.field for match in self.matches if match.required and not match.source)

    def changed(self, sources: AnyMapping[str, AnyMapping[str, Any]], extras: Extras | None = None) -> Mapping:
        """The mapping after a person's word: ``sources`` by field, an empty one to leave the field out."""
        matches = tuple(
            replace(match, source=dict(sources[match.field]), score=1.0, reasons=(Reason("person"),))
            if match.field in sources
            else match
            for match in self.matches
        )
        taken = {column for match in matches for column in match.columns}
        headers = [*self.left, *(column for match in self.matches for column in match.columns)]
        left = tuple(dict.fromkeys(header for header in headers if header not in taken))
        return Mapping(self.schema, self.version, matches, left, extras or self.extras)

    def to_step(self) -> Step:
        """The step that does it, kept for the next deliveries of the same file."""
        columns = [{"to": match.field, **match.source} for match in self.matches if match.source]
        return Step(
            "map.columns",
            {"columns": columns, "extras": str(self.extras), "schema": self.schema, "version": self.version},
        )

    @property
    def is_needed(self) -> bool:
        """False when every field found already has its name and is in order: there is nothing to do."""
        plain = all(match.source.get("from") == match.field for match in self.matches if match.source)
        return not plain or bool(self.left and self.extras is Extras.DROP)


def columns_of(source: AnyMapping[str, Any]) -> tuple[str, ...]:
    """The headers that a source of ``map.columns`` takes."""
    headers: list[str] = []
    if "from" in source:
        headers.append(str(source["from"]))
    if isinstance(source.get("join"), Sequence) and not isinstance(source["join"], str):
        headers += map(str, source["join"])
    for way in ("part", "axis"):
        if isinstance(source.get(way), AnyMapping):
            headers.append(str(source[way].get("of")))
    if isinstance(source.get("point"), AnyMapping):
        headers += [str(source["point"].get(axis)) for axis in ("x", "y")]
    return tuple(headers)
