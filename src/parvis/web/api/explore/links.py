"""Links between pages, and from what an answer shows to the rest of the API.

The official Python client knows six relations (``self first last next dataset catalog``) and refuses an answer whose
``_links`` hold another: those asked for with ``include_links`` keep to them.
"""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest

from parvis.core.explore.request import LAST_ROW
from parvis.web.api.explore.endpoint import absolute

type Links = list[dict[str, str]]


def links(request: HttpRequest, *pairs: tuple[str, str]) -> Links:
    """One link for each pair of ``rel`` and path below the prefix."""
    return [{"rel": rel, "href": absolute(request, path)} for rel, path in pairs]


def page_links(request: HttpRequest, limit: int, offset: int, total: int, after: str | None = None) -> Links:
    """``self``, ``first``, ``last``, and ``next`` where there is one, within what paging may reach.

    ``after``: the token of the next page of a walk, which has no last page known before its end.
    """
    if "after" in request.GET:
        walk = [{"href": request.build_absolute_uri(), "rel": "self"}, {"href": _at(request, after=""), "rel": "first"}]
        return [*walk, {"href": _at(request, after=after), "rel": "next"}] if after else walk
    last = max(min(total, LAST_ROW) - 1, 0) // limit * limit if limit else 0
    offsets = {"self": offset, "first": 0, "last": last}
    if limit and offset + limit < min(total, LAST_ROW):
        offsets["next"] = offset + limit
    return [{"href": _at(request, offset=str(start)), "rel": rel} for rel, start in offsets.items()]


def dataset_links(request: HttpRequest, dataset_id: str) -> Links:
    """From a dataset object to itself and the catalogue."""
    return links(request, ("self", f"/catalog/datasets/{dataset_id}"), ("catalog", "/catalog"))


def record_links(request: HttpRequest, dataset_id: str, record_id: str) -> Links:
    """From a record to itself, its dataset, and the catalogue."""
    base = f"/catalog/datasets/{dataset_id}"
    own = f"{base}/records/{quote(record_id, safe='')}"
    return links(request, ("self", own), ("dataset", base), ("catalog", "/catalog"))


def _at(request: HttpRequest, **changed: str) -> str:
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = value
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
