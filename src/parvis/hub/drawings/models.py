"""The columns of a saved drawing."""

from __future__ import annotations

from typing import Any, Protocol

from django.db import models

from parvis.hub.records.models import CivicRecord


class Description(Protocol):
    """What draws: a value that can be written as JSON and read again."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def datasets(self) -> list[str]:
        """Identifiers of the datasets it asks, sorted, each once."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that is kept."""


class Drawing(CivicRecord):
    """A record that draws; ``description`` is what ``to_dict`` of its kind of description gives, without the title."""

    description = models.JSONField()
    datasets = models.JSONField(default=list, blank=True)
    """Identifiers of the datasets it asks, to find the drawings of a dataset."""

    class Meta(CivicRecord.Meta):
        abstract = True

    def journal_details(self, act: str) -> dict[str, Any]:
        """What was drawn stays in the journal once it is deleted."""
        return {"description": self.description} if act == "delete" else {}
