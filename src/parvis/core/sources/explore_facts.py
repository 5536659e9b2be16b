"""What an Explore API says of one dataset, for it to be compared with ours: its object, the counts of its facets. Run in a confined child."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from parvis.core.sources.answers import json_object
from parvis.core.sources.errors import UnreadableAnswer
from parvis.core.sources.json_stream import array_values
from parvis.core.translation import Sentence

MOST_VALUES: Final = 20_000


@dataclass(frozen=True, slots=True)
class FarObject:
    """A dataset object, as JSON."""

    text: str = "{}"


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """How many rows have each value of each facet."""

    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListedNames:
    """What datasets are called, in the order of a list, empty for one that has no name; and how many the portal announces."""

    names: tuple[str, ...] = ()
    total: int = 0


def far_object(answer: Path) -> FarObject:
    """The object of a dataset; UnreadableAnswer for anything else."""
    row = json_object(answer)
    if not isinstance(row.get("dataset_id"), str) or not isinstance(row.get("metas"), dict):
        raise UnreadableAnswer(file=answer.name, reason=Sentence("un jeu de données est attendu"))
    return FarObject(json.dumps(row, ensure_ascii=True, allow_nan=False))


def listed_names(answer: Path) -> ListedNames:
    """A page of the catalogue, or all of it in one list; UnreadableAnswer for anything else."""
    with answer.open("rb") as stream:
        head = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"["):
        names = tuple(_names(array_values(answer)))
        return ListedNames(names, len(names))
    body = json_object(answer)
    rows, total = body.get("results"), body.get("total_count")
    if not isinstance(rows, list) or not isinstance(total, int):
        raise UnreadableAnswer(file=answer.name, reason=Sentence("« results » et « total_count » sont attendus"))
    return ListedNames(tuple(_names(rows)), total)


def _names(rows: Iterable[Any]) -> Iterator[str]:
    for row in rows:
        name = row.get("dataset_id") if isinstance(row, dict) else None
        yield name[:500] if isinstance(name, str) else ""


def facet_counts(answer: Path) -> FacetCounts:
    """The facets of an answer whose values have no branches: those of a hierarchy and of dates are told level by level."""
    groups = json_object(answer).get("facets")
    counts: dict[str, dict[str, int]] = {}
    for group in groups if isinstance(groups, list) else []:
        if isinstance(group, dict) and isinstance(group.get("name"), str):
            counts[group["name"]] = dict(list(_counts(group.get("facets")))[:MOST_VALUES])
    return FacetCounts(counts)


def _counts(values: Any) -> Iterator[tuple[str, int]]:
    for row in values if isinstance(values, list) else []:
        value = row.get("value", row.get("name")) if isinstance(row, dict) else None
        count = row.get("count") if isinstance(row, dict) else None
        if isinstance(value, str) and isinstance(count, int) and not isinstance(count, bool):
            yield value, count
