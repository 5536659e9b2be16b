"""Noting which objects of the catalogue a process makes."""

from __future__ import annotations

import pytest

from parvis.web.api.explore import catalogue_store


def note_objects(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The identifiers of the datasets whose objects are made from now on, one after another."""
    identifiers: list[str] = []
    make = catalogue_store.dataset_object

    def noted(row, *positional, **named):
        identifiers.append(row.dataset_id)
        return make(row, *positional, **named)

    monkeypatch.setattr(catalogue_store, "dataset_object", noted)
    return identifiers
