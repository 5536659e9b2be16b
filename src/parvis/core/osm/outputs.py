"""Findings for other tools: MapRoulette's challenge, Osmose's merge mapping, a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parvis.core.osm.mappings import OSM_IDENTIFIER, TagRule, Theme
from parvis.core.osm.model import Difference, address_of
from parvis.core.osm.values import ValueKind

RECORD_SEPARATOR = "\x1e"
"""RFC 8142: MapRoulette's line-by-line form is a sequence of GeoJSON texts."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to look at: where, what is asked, and the tags that would be set on an object, or those of a new one."""

    identifier: str
    longitude: float
    latitude: float
    instruction: str
    object_key: str = ""
    differences: Sequence[Difference] = ()


def maproulette(tasks: Iterable[Task]) -> Iterator[str]:
    """A challenge line by line. A task about tags of an object is cooperative: a person confirms the change that is prepared."""
    for task in tasks:
        point = {"type": "Point", "coordinates": [round(task.longitude, 7), round(task.latitude, 7)]}
        properties: dict[str, Any] = {"id": task.identifier, "instruction": task.instruction}
        if task.object_key:
            properties["osmid"] = address_of(task.object_key)
        collection: dict[str, Any] = {
            "type": "FeatureCollection",
            "features": [{"type": "Feature", "geometry": point, "properties": properties}],
        }
        if task.object_key and task.differences:
            collection["cooperativeWork"] = {
                "meta": {"version": 2, "type": 1},
                "operations": [_operation(task.object_key, task.differences)],
            }
        yield f"{RECORD_SEPARATOR}{json.dumps(collection, ensure_ascii=False)}\n"


def _operation(key: str, differences: Sequence[Difference]) -> dict[str, Any]:
    tags = {difference.tag: difference.ours for difference in differences}
    return {
        "operationType": "modifyElement",
        "data": {"id": address_of(key), "operations": [{"operation": "setTags", "data": tags}]},
    }


def osmose_mapping(theme: Theme, *, url: str, name: str, licence: str, column: str) -> dict[str, Any]:
    """What a merge analyser of Osmose says, as JSON: the file, its column of positions, the select, the four parts."""
    select = {key: value if value == "*" else value.split("|") for key, value in theme.tags.items()}
    has_tag = theme.reference_tag not in ("", OSM_IDENTIFIER)
    reference = {theme.reference_tag: _column(theme.reference_columns)} if has_tag and theme.reference_columns else {}
    return {
        "source": {"name": name, "url": url, "licence": licence, "format": "csv", "separator": ";"},
        "load": {"place": column, "form": "latitude, longitude", "crs": 4326},
        "select": {"types": ["nodes", "ways", "relations"], "tags": select},
        "osmRef": theme.reference_tag if has_tag else None,
        "conflationDistance": theme.distance,
        "moveDistance": theme.moved,
        "trap": theme.trap,
        "generate": {
            "static1": {key: values.split("|")[0] for key, values in theme.tags.items() if values != "*"},
            "static2": dict(theme.added),
            "mapping1": {**reference, **_parts(theme.compared)},
            "mapping2": _parts(theme.created),
            "text": theme.title,
        },
    }


def _parts(rules: Iterable[TagRule]) -> dict[str, Any]:
    return {rule.tag: _part(rule) for rule in rules}


def _part(rule: TagRule) -> Mapping[str, Any] | str:
    if rule.kind is ValueKind.TEXT and not rule.values:
        return _column(rule.columns)
    facts: dict[str, Any] = {"column": _column(rule.columns), "kind": str(rule.kind)}
    if rule.values:
        facts["values"] = dict(rule.values)
    if rule.factor != 1.0:
        facts["factor"] = rule.factor
    return facts


def _column(columns: Sequence[str]) -> str:
    return columns[0]
