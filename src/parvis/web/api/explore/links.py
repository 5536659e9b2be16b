"""Links between pages."""

from __future__ import annotations

from django.http import HttpRequest

from parvis.core.explore.request import LAST_ROW


def page_links(request: HttpRequest, limit: int, offset: int, total: int) -> list[dict[str, str]]:
    """``self``, ``first``, ``last``, ``prev`` and ``next`` where they exist, within what paging may reach."""
    last = max(min(total, LAST_ROW) - 1, 0) // limit * limit if limit else 0
    offsets = {"self": offset, "first": 0, "last": last}
    if limit and offset:
        offsets["prev"] = max(offset - limit, 0)
    if limit and offset + limit < min(total, LAST_ROW):
        offsets["next"] = offset + limit
    return [{"href": _at(request, start), "rel": rel} for rel, start in offsets.items()]


def _at(request: HttpRequest, offset: int) -> str:
    query = request.GET.copy()
    query["offset"] = str(offset)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
