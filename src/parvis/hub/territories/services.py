"""Filling the table of territories from the reference shipped with Parvis."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import batched
from operator import itemgetter
from typing import Any

from django.db import transaction

from parvis.core.text import fold
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.territories.models import Contour, Reference, Territory
from parvis.hub.territories.signals import territories_loaded
from parvis.packs.bundled_files import CONTOURS, Key, contours, territory_rows

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
]
BATCH = 500


def load_reference(actor: Actor) -> int:
    """Bring the tables to the shipped reference; the number of territories written, 0 when they already were there.

    A territory no longer in the reference keeps its row: datasets may name it. A reference that an operator brought from a
    file stays.
    """
    require(actor, "administer", None, "charger le référentiel des territoires")
    reference = Reference.objects.first()
    if reference is not None and not reference.shipped:
        return 0
    revision = shipped_revision()
    stored = {(row[0], row[1]): row[2:] for row in Territory.objects.values_list("kind", "code", *COLUMNS)}
    values = itemgetter(*COLUMNS)
    changed = [fields for fields in _shipped() if stored.get((fields["kind"], fields["code"])) != values(fields)]
    are_contours_new = reference is None or reference.revision != revision
    if not changed and not are_contours_new:
        return 0
    with transaction.atomic():
        write_territories(changed)
        write_contours(contours(), None if are_contours_new else {(row["kind"], row["code"]) for row in changed})
        Reference.objects.update_or_create(pk=1, defaults={"shipped": True, "revision": revision, "source": ""})
        record(actor.name, actor.person_id, "territories.load", "territories", "reference", written=len(changed))
        territories_loaded.send(Territory)
    return len(changed)


def upgrade_reference(actor: Actor) -> int:
    """Bring an instance that had territories to those of this release; the number written, 0 for one that had none."""
    return load_reference(actor) if Territory.objects.exists() else 0


def shipped_revision() -> str:
    """Changes when the shipped contours do."""
    return hashlib.sha256(CONTOURS.read_bytes()).hexdigest()


def write_territories(rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the columns of territories, new or there already; their contours are left as they are."""
    for batch in batched(rows, BATCH, strict=False):
        Territory.objects.bulk_create(
            [Territory(**fields) for fields in batch],
            update_conflicts=True,
            unique_fields=["kind", "code"],
            update_fields=list(COLUMNS),
        )


def write_contours(shapes: Mapping[Key, Mapping[str, Any]], keys: Collection[Key] | None = None) -> None:
    """Write the contours of ``keys`` (None: those of all territories, in place of what was there), a few at a time."""
    rows = {(kind, code): pk for pk, kind, code in Territory.objects.values_list("pk", "kind", "code")}
    if keys is None:
        Contour.objects.all().delete()
    for batch in batched((key for key in (shapes if keys is None else keys) if key in shapes), BATCH, strict=False):
        made = [(rows[key], Contour.of(shapes[key])) for key in batch if key in rows]
        for pk, contour in made:
            contour.territory_id = pk
        Contour.objects.bulk_create(
            [contour for _pk, contour in made],
            update_conflicts=True,
            unique_fields=["territory"],
            update_fields=["west", "south", "east", "north", "area", "geometry"],
        )


def _shipped() -> Iterator[dict[str, Any]]:
    """The fields of each territory of the shipped reference."""
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
        }
