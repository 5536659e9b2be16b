"""The page of a dataset with the acts that decide on it, or on one of its rows. Errors are the wrapper's care."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.core.errors import NotFound
from parvis.domains.deliberations.money.selectors import links_to, row_address, table_of
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.selectors import public_dataset
from parvis.hub.ui.formatting import written
from parvis.hub.ui.pagination import pages_of, whole_number

if TYPE_CHECKING:
    from parvis.core.columns import Column
    from parvis.hub.accounts.rules import Actor
    from parvis.hub.catalogue.models import Dataset

PAGE_SIZE = 50
LONGEST_KEY = 2_000


def dataset_acts(request: HttpRequest, dataset_id: str) -> HttpResponse:
    """Acts online that are linked to the dataset; with ``cle``, to that row, whose values are shown."""
    actor = actor_of(request.user)
    dataset = public_dataset(actor, dataset_id)
    asked_key = request.GET.get("cle", "")[:LONGEST_KEY]
    facts: dict[str, Any] = {"section": "explore", "dataset": dataset, "is_row": bool(asked_key)}
    links = links_to(dataset)
    if asked_key:
        row_facts = _row(actor, dataset, asked_key)
        links = links.filter(row_key=row_facts["key"])
        facts |= row_facts
    pages = pages_of(links.count(), PAGE_SIZE, whole_number(request, "page", 1))
    start = (pages.number - 1) * PAGE_SIZE
    page = list(links[start : start + PAGE_SIZE])
    for link in page:
        link.address = row_address(dataset, link.row_key) if link.row_key else ""
    return render(request, "deliberations/row.html", {**facts, "pages": pages, "page": page})


def _row(actor: Actor, dataset: Dataset, text: str) -> dict[str, Any]:
    """The row that the address names: what it is called and its values, none when it left the dataset. NotFound for no key at all."""
    table = table_of(actor, dataset)
    key = table.read_key(text)
    try:
        row = table.row_at(key)
    except NotFound:
        return {"key": list(key), "title": " · ".join(value or "–" for value in key), "cells": []}
    cells = [
        (column.label, _written(row[column.name] or "", column))
        for column in table.shape
        if row.get(column.name) and not column.type.is_geographic
    ]
    return {"key": list(key), "title": table.title_of(row), "cells": cells}


def _written(text: str, column: Column) -> str:
    """The canonical text of a cell as people read it."""
    if not column.type.is_number:
        return written(text, column)
    value = float(text)
    return written(int(value) if value.is_integer() else value, column)
