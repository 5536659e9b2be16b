"""Filling the table of territories from the reference shipped with Parvis."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from django.db import transaction

from parvis.core.text import fold
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.territories.models import Territory
from parvis.hub.territories.signals import territories_loaded
from parvis.packs.bundled_files import contours, territory_rows

COLUMNS = [
    "name",
    "folded",
    "population",
    "epci",
    "ept",
    "department",
    "region",
    "postcodes",
    "former_codes",
    "contour",
]
BATCH = 500


def load_reference(actor: Actor) -> int:
    """Bring the table to the shipped reference; the number of territories written, 0 when it already was there.

    A territory no longer in the reference keeps its row: datasets may name it.
    """
    require(actor, "administer", None, "charger le référentiel des territoires")
    stored = {(row[0], row[1]): row[2:] for row in Territory.objects.values_list("kind", "code", *COLUMNS)}
    values = itemgetter(*COLUMNS)
    changed = [
        Territory(**fields) for fields in _reference() if stored.get((fields["kind"], fields["code"])) != values(fields)
    ]
    if not changed:
        return 0
    with transaction.atomic():
        Territory.objects.bulk_create(
            changed,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["kind", "code"],
            update_fields=list(COLUMNS),
        )
        record(actor.name, actor.person_id, "territories.load", "territories", "reference", written=len(changed))
        territories_loaded.send(Territory)
    return len(changed)


def _reference() -> Iterator[dict[str, Any]]:
    """The fields of each territory; rows are made of those that changed alone."""
    shapes = contours()
    for row in territory_rows():
        yield {
            "kind": row.kind,
            "code": row.code,
            "name": row.name,
            "folded": fold(row.name),
            "population": row.population,
            "epci": row.epci,
            "ept": row.ept,
            "department": row.department,
            "region": row.region,
            "postcodes": list(row.postcodes),
            "former_codes": list(row.former_codes),
            "contour": shapes.get(row.key),
        }
