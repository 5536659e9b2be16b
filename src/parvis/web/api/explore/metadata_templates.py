"""What metadata there are: templates, their types, and the names each holds (specification, section 4)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase

from parvis.hub.apikeys.requests import actor_of_request
from parvis.web.api.explore.catalogue_table import QueryableMeta, added_metas
from parvis.web.api.explore.endpoint import endpoint, json_response
from parvis.web.api.explore.links import links
from parvis.web.api.explore.metas import METAS, TEMPLATES
from parvis.web.api.explore.problems import UnknownTemplate
from parvis.web.api.explore.snapshot import catalogue_view

_BASE = "/catalog/metadata_templates"


@endpoint
def template_list(request: HttpRequest, kind: str = "") -> HttpResponseBase:
    """The templates, or those of one type (``basic``, ``interop``, ``custom``, ``application``)."""
    templates = [row for row in _templates(request) if kind in ("", row["type"])]
    if not templates:
        raise UnknownTemplate(name=kind)
    own = f"{_BASE}/{kind}" if kind else _BASE
    pairs = (("self", own), *((row["name"], f"{_BASE}/{row['type']}/{row['name']}") for row in templates))
    return json_response({"total_count": len(templates), "links": links(request, *pairs), "results": templates})


@endpoint
def template(request: HttpRequest, kind: str, name: str) -> HttpResponseBase:
    """One template with the names it holds."""
    for row in _templates(request):
        if (row["type"], row["name"]) == (kind, name):
            return json_response(row)
    raise UnknownTemplate(name=f"{kind}/{name}")


def _templates(request: HttpRequest) -> list[dict[str, Any]]:
    customs = catalogue_view(request, actor_of_request(request), "fr").customs
    schemas: dict[str, list[dict[str, Any]]] = {name: [] for name in TEMPLATES}
    for meta in METAS:
        schemas[meta.template].append(_field(meta.name, meta.label, str(meta.type), many=meta.many))
    added: dict[str, list[dict[str, Any]]] = {}
    for meta in added_metas(customs):
        added.setdefault(meta.name.partition(".")[0], []).append(_added(meta))
    # Templates that came with datasets of other portals come after ours.
    templates = TEMPLATES | {name: ("interop", _TITLES.get(name, name)) for name in added if name not in TEMPLATES}
    return [
        {"name": name, "type": kind, "title": title, "schema": schemas.get(name) or added.get(name, [])}
        for name, (kind, title) in templates.items()
    ]


_TITLES = {"inspire": "INSPIRE", "dublin-core": "Dublin Core"}


def _added(meta: QueryableMeta) -> dict[str, Any]:
    name = meta.name.partition(".")[2]
    return _field(name, name, str(meta.type), many=meta.many)


def _field(name: str, label: str, kind: str, *, many: bool) -> dict[str, Any]:
    return {"name": name, "label": label, "type": kind, "multivalued": many}
