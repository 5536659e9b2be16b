"""Telling the indexes of long documents of what changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from parvis.hub.fulltext.libraries import libraries
from parvis.hub.fulltext.models import DocumentChange


def mark(library: str, keys: Iterable[int] | None = None) -> None:
    """Have these documents (None: all of them) written again in the index of a library; within the caller's transaction."""
    changes = [DocumentChange(library=library, key=key) for key in keys] if keys is not None else None
    DocumentChange.objects.bulk_create(
        [DocumentChange(library=library)] if changes is None else changes, batch_size=500
    )


def row_changed(sender: type[Model], instance: Model, **_facts: Any) -> None:
    """Have the document of a row that was saved or deleted written again, if it has one."""
    for library in libraries():
        if library.model is sender:
            mark(library.name, [instance.pk])
