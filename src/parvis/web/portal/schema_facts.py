"""Which schema a dataset follows, as its card tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parvis.hub.addresses import absolute_path
from parvis.hub.validation.selectors import followed, schema_address, verdict_of

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


def schema_facts(dataset: Dataset) -> dict[str, Any]:
    """The schema a dataset follows, where it is told of, and the verdict of its version online; empty when it follows none."""
    row = followed(dataset)
    if row is None or row.ref is None:
        return {}
    return {
        "schema_row": row,
        "schema_address": absolute_path(f"/schemas/{row.name}/")
        if row.origin == "bundled"
        else schema_address(row.ref),
        "schema_verdict": verdict_of(dataset.current, row),
    }
