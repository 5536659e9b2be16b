"""``/api/console/``: choose what to ask of the Explore API, write it, see the address and the answer."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import absolute_path
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.web.api.console import rules
from parvis.web.api.console.inner_request import ask

OFFERED = 100
"""Identifiers of datasets that the form proposes."""


@require_safe
def console(request: HttpRequest) -> HttpResponse:
    """The form of one operation; with ``envoyer``, also the answer."""
    operation = rules.OPERATIONS.get(request.GET.get("operation", rules.FIRST))
    if operation is None:
        raise Http404
    written = rules.fields(operation, request.GET.dict())
    address = rules.address(operation, written)
    lacking = rules.lacking(written)
    facts: dict[str, Any] = {
        "operation": operation,
        "title": _short(operation.words),
        "usual": [field for field in written if field.is_usual],
        "others": [field for field in written if not field.is_usual],
        "opened": any(field.value for field in written if not field.is_usual),
        "address": address,
        "full_address": request.build_absolute_uri(absolute_path(address)) if not lacking else "",
        "groups": _groups(operation.name, request.GET.get("dataset_id", "")[: rules.LONGEST]),
        "known": _readable_datasets(request),
    }
    if "envoyer" in request.GET:
        facts["lacking"] = lacking
        if not lacking:
            facts |= {"answer": ask(request, address), "curl": rules.curl(facts["full_address"])}
    response = render(request, "console/page.html", facts)
    response["Cache-Control"] = "private, no-store"
    return response


def _readable_datasets(request: HttpRequest) -> list[tuple[str, str]]:
    """Identifiers and titles of the first datasets that the reader may see."""
    visible = datasets_visible_to(actor_of(request.user)).order_by("title")
    return list(visible.values_list("dataset_id", "title")[:OFFERED])


def _groups(current: str, dataset_id: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """The operations by tag, each with the address of its form; the dataset chosen goes with them."""
    groups = []
    for tag, rows in groupby(sorted(rules.OPERATIONS.values(), key=_place), key=lambda row: row.tag):
        links = [
            {
                "path": row.path,
                "title": _short(row.words),
                "address": f"?{urlencode({'operation': row.name, **({'dataset_id': dataset_id} if dataset_id else {})})}",
                "is_current": row.name == current,
            }
            for row in rows
        ]
        groups.append((rules.TAGS[tag], links))
    return groups


def _short(words: Any) -> str:
    """The first sentence, without its stop."""
    return str(words).partition(". ")[0].removesuffix(".")


def _place(operation: rules.Operation) -> int:
    return ["dataset", "exports", "catalog"].index(operation.tag)
