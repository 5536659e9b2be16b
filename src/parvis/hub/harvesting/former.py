"""Where datasets were on the portals that they came from: pages, files, tables, each led for ever to what it is here.

A table of addresses, whatever the kind of portal; it stays when the source is taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db import transaction
from django.urls import reverse

from parvis.core.errors import Forbidden, NotFound
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.selectors import announced_dataset
from parvis.hub.harvesting.models import FormerAddress

MOST_ADDRESSES: Final = 3_000
"""Of one dataset."""
_LANGUAGE_LENGTHS: Final = (2, 5)
"""« /fr/ », « /pt_BR/ »: portals put the language before their addresses."""


def remember_addresses(dataset: Dataset, paths: Iterable[Sequence[str]], documents: Mapping[str, str]) -> None:
    """Write them: path there, what is at it (page, rows, document), and which; ``documents`` tells the address of each here.

    An address that another dataset has stays its own: two never share one, whoever came last.
    """
    rows: dict[str, FormerAddress] = {}
    for path, kind, word in paths:
        name = documents.get(f"attachments:{word}", "") if kind == FormerAddress.DOCUMENT else word
        if len(rows) < MOST_ADDRESSES and _is_path(path) and (name or kind != FormerAddress.DOCUMENT):
            rows.setdefault(path, FormerAddress(dataset=dataset, path=path, kind=kind, name=name[:120]))
    with transaction.atomic():
        present = {row.path: row for row in FormerAddress.objects.filter(dataset=dataset)}
        if {(row.path, row.kind, row.name) for row in present.values()} == {
            (row.path, row.kind, row.name) for row in rows.values()
        }:
            return
        FormerAddress.objects.filter(dataset=dataset).delete()
        FormerAddress.objects.bulk_create(rows.values(), ignore_conflicts=True)


def here_of(actor: Actor, path: str) -> str:
    """Where what was at that address is now, as the actor may know it; empty when nothing was."""
    bare = path.rstrip("/")
    if not _is_path(bare):
        return ""
    language, _slash, rest = bare.removeprefix("/").partition("/")
    candidates = [bare, f"/{rest}"] if rest and len(language) in _LANGUAGE_LENGTHS else [bare]
    rows = {row.path: row for row in FormerAddress.objects.select_related("dataset").filter(path__in=candidates)}
    row = next((rows[candidate] for candidate in candidates if candidate in rows), None)
    if row is None:
        return ""
    try:
        dataset = announced_dataset(actor, row.dataset.dataset_id)
    except (NotFound, Forbidden):
        return ""
    if row.kind == FormerAddress.DOCUMENT:
        return reverse("dataset-attachment", args=[dataset.dataset_id, row.name])
    if row.kind == FormerAddress.ROWS and row.name:
        return reverse("explore_export", args=[dataset.dataset_id, row.name])
    return dataset.get_absolute_url()


def _is_path(path: str) -> bool:
    return path.startswith("/") and 1 < len(path) <= 500 and "\0" not in path
