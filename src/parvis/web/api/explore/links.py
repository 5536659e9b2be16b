"""Links between pages, and from what an answer shows to the rest of the API."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest

from parvis.core.explore.request import LAST_ROW
from parvis.web.api.explore.door import absolute

type Links = list[dict[str, str]]

_OF_DATASET = ("records", "exports", "facets", "attachments")


def links(request: HttpRequest, *pairs: tuple[str, str]) -> Links:
    """One link for each pair of ``rel`` and path below the prefix."""
    return [{"rel": rel, "href": absolute(request, path)} for rel, path in pairs]


def page_links(request: HttpRequest, limit: int, offset: int, total: int, after: str | None = None) -> Links:
    """``self``, ``first``, ``last``, ``prev`` and ``next`` where they exist, within what paging may reach.

    ``after``: the token of the next page of a walk, which has no last page known before its end.
    """
    if "after" in request.GET:
        walk = [{"href": request.build_absolute_uri(), "rel": "self"}, {"href": _at(request, after=""), "rel": "first"}]
        return [*walk, {"href": _at(request, after=after), "rel": "next"}] if after else walk
    last = max(min(total, LAST_ROW) - 1, 0) // limit * limit if limit else 0
    offsets = {"self": offset, "first": 0, "last": last}
    if limit and offset:
        offsets["prev"] = max(offset - limit, 0)
    if limit and offset + limit < min(total, LAST_ROW):
        offsets["next"] = offset + limit
    return [{"href": _at(request, offset=str(start)), "rel": rel} for rel, start in offsets.items()]


def dataset_links(request: HttpRequest, dataset_id: str) -> Links:
    """From a dataset object to what the dataset offers."""
    base = f"/catalog/datasets/{dataset_id}"
    pairs = [("self", base), ("source", "/catalog"), *((rel, f"{base}/{rel}") for rel in _OF_DATASET)]
    return links(request, *pairs)


def record_links(request: HttpRequest, dataset_id: str, record_id: str) -> Links:
    """From a record to itself, its dataset, and the catalogue."""
    base = f"/catalog/datasets/{dataset_id}"
    pairs = (
        ("self", f"{base}/records/{quote(record_id, safe='')}"),
        ("datasets", "/catalog/datasets"),
        ("dataset", base),
    )
    return links(request, *pairs)


def _at(request: HttpRequest, **changed: str) -> str:
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = value
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
