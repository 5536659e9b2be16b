"""Hearing of what changes: a row saved or deleted has its document written again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save

from parvis.hub.accounts.models import Organisation
from parvis.hub.catalogue.models import Dataset
from parvis.hub.registry import Listener
from parvis.hub.search.rules import DATASET
from parvis.hub.search.search_kinds import search_kinds
from parvis.hub.search.territories import TERRITORY
from parvis.hub.search.writing import mark


def datasets_changed(keys: Iterable[int], **_facts: Any) -> None:
    """Have the datasets of these keys written again."""
    mark(DATASET, keys)


def territories_changed(**_facts: Any) -> None:
    """Have every territory written again."""
    mark(TERRITORY)


def row_changed(sender: type[Model], instance: Model, **_facts: Any) -> None:
    """Have the document of a row written again, if it has one."""
    for kind in _kinds_by_model().get(sender, ()):
        mark(kind, [instance.pk])
    if sender is Organisation:  # its datasets are found by its name, and shown on sites by its territory
        mark(DATASET, list(Dataset.objects.filter(organisation=instance.pk).values_list("pk", flat=True)))


def related(instance: Model, action: str, **_facts: Any) -> None:
    """Have a dataset written again, which something was related to."""
    if action.startswith("post_") and isinstance(instance, Dataset):
        mark(DATASET, [instance.pk])


def _kinds_by_model() -> dict[type[Model], list[str]]:
    kinds_by_model: dict[type[Model], list[str]] = {}
    for kind in search_kinds():
        kinds_by_model.setdefault(kind.model, []).append(kind.name)
    return kinds_by_model


LISTENERS = (
    # A row of any table may be of a kind that another module declares: all tables are heard.
    *(Listener(signal, row_changed) for signal in (post_save, post_delete)),
    *(
        Listener(m2m_changed, related, getattr(Dataset, relation).through)
        for relation in ("territories", "allowed_organisations", "allowed_groups")
    ),
)
"""What has a document written again."""
