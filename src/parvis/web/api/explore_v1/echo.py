"""What answers of version 1 say again of the question, and its facets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from parvis.core.explore.facets import FacetGroup
from parvis.core.explore_v1 import V1Request

type Facet = dict[str, Any]


def parameters(request: HttpRequest, v1: V1Request, *, dataset: str = "") -> dict[str, Any]:
    """The question as it was understood: what ods-widgets reads back to know which facets are refined."""
    rows, start = v1.page()
    echo: dict[str, Any] = {"dataset": dataset} if dataset else {}
    echo |= {"rows": rows, "start": start, "format": request.GET.get("format") or "json", "timezone": v1.timezone}
    lists = {"sort": v1.sort, "facet": v1.facet, "fields": v1.fields}
    echo |= {name: list(values) for name, values in lists.items() if values}
    if v1.q:
        echo["q"] = v1.q[0] if len(v1.q) == 1 else list(v1.q)
    echo |= {f"geofilter.{kind}": [text] for kind, text in v1.geo if kind != "digest"}
    for name, pairs in (("refine", v1.refine), ("exclude", v1.exclude)):
        if pairs:
            echo[name] = _by_name(pairs)
    if v1.disjunctive:
        echo["disjunctive"] = dict.fromkeys(v1.disjunctive, True)
    return echo


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """One value as itself, several as a list."""
    named: dict[str, list[str]] = {}
    for name, value in pairs:
        named.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in named.items()}


def facet_groups(groups: Iterable[FacetGroup], v1: V1Request) -> list[dict[str, Any]]:
    """The facets asked for, with paths in place of values; those without any value are left out."""
    facet_names = set(v1.facet)
    listed = []
    for group in groups:
        if group.name in facet_names and group.facets:
            values = [_facet(value) for value in group.facets]
            listed.append({"name": group.name, "count": sum(value["count"] for value in values), "facets": values})
    return listed


def _facet(value: Facet) -> Facet:
    facet = {"name": value["name"], "path": value["value"], "count": value.get("count", 0), "state": value["state"]}
    if value.get("facets"):
        facet["facets"] = [_facet(child) for child in value["facets"]]
    return facet
