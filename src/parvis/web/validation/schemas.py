"""``/schemas/``: the schemas known here, one page each, their template to fill."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from parvis.core.schemas.references import Origin, SchemaRef
from parvis.core.schemas.templates import template
from parvis.hub.accounts.rules import Actor
from parvis.hub.addresses import absolute_path
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.validation.selectors import catalogue, catalogue_entry, followers, schema_of
from parvis.packs.schemas import CatalogueEntry, SchemaVersion
from parvis.web.validation.field_descriptions import field_rows, without_links

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def schema_list(request: HttpRequest) -> HttpResponse:
    """Every schema, or those that hold the words of ``q``."""
    actor = actor_of_request(request)
    words = request.GET.get("q", "")[:200]
    entries = catalogue(words)
    counts = _followed_by(actor)
    facts = {
        "section": "schemas",
        "words": words,
        "rows": [(entry, schema_path(entry.name), counts.get(entry.name, 0)) for entry in entries],
        "total": len(catalogue()),
    }
    return render(request, "validation/schemas.html", facts)


def _followed_by(actor: Actor) -> dict[str, int]:
    """How many datasets that the actor may see follow each schema."""
    rows = datasets_visible_to(actor).order_by().values("schema_followed__name").annotate(many=Count("pk"))
    return {row["schema_followed__name"]: row["many"] for row in rows if row["schema_followed__name"]}


def schema_path(name: str, version: str = "") -> str:
    """The address of the page of a bundled schema."""
    return absolute_path(f"/schemas/{name}/") + (f"?{urlencode({'version': version})}" if version else "")


@require_safe
def schema_page(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """One schema: its fields, versions, template, and who follows it."""
    actor = actor_of_request(request)
    entry, version = _query(request, owner, name)
    schema = schema_of(SchemaRef(Origin.BUNDLED, entry.name, version.version))
    facts: dict[str, Any] = {
        "section": "schemas",
        "entry": entry,
        "version": version,
        "schema": schema,
        "path": schema_path(entry.name),
        "rows": field_rows(schema),
        "description": without_links(entry.description),
        "checks": list(dict.fromkeys(check.name for check in schema.checks)),
        "versions": list(reversed(entry.versions)),
        "followers": followers(actor, entry.name)[:100],
        "template": f"{schema_path(entry.name)}modele.xlsx?{urlencode({'version': version.version})}",
        "check": f"{absolute_path('/valider/')}?{urlencode({'schema': f'{entry.name}@{version.version}'})}",
    }
    return render(request, "validation/schema.html", facts)


@require_safe
def schema_template(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """The spreadsheet to fill."""
    actor_of_request(request)
    entry, version = _query(request, owner, name)
    schema = schema_of(SchemaRef(Origin.BUNDLED, entry.name, version.version))
    answer = HttpResponse(template(schema, get_language() or "fr"), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="modele-{entry.short}-{version.version}.xlsx"'
    return answer


def _query(request: HttpRequest, owner: str, name: str) -> tuple[CatalogueEntry, SchemaVersion]:
    entry = catalogue_entry(f"{owner}/{name}")
    return entry, entry.version(request.GET.get("version"))
