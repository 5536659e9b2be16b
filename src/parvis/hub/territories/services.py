"""Filling the table of territories from the reference shipped with Parvis."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import batched
from operator import itemgetter
from typing import Any

from django.db import transaction

from parvis.core.text import fold
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.territories.models import Contour, Reference, Territory
from parvis.hub.territories.signals import territories_loaded
from parvis.packs.bundled_files import CONTOURS, contours, territory_rows
from parvis.packs.topology import Key, Outline

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
        again = {(row["kind"], row["code"]) for row in changed}
        if are_contours_new:
            Contour.objects.all().delete()
        write_contours(one for one in contours().outlines() if are_contours_new or one[0] in again)
        Reference.objects.update_or_create(
            pk=1, defaults={"shipped": True, "revision": revision, "source": "", "population_year": None}
        )
        record(actor.name, actor.person_id, "territories.load", "territories", "reference", written=len(changed))
        territories_loaded.send(Territory)
    return len(changed)


def upgrade_reference(actor: Actor) -> int:
    """Bring an instance that had territories to those of this release; the number written, 0 for one that had none."""
    return load_reference(actor) if Territory.objects.exists() else 0


def use_shipped_reference(actor: Actor) -> None:
    """Have ``load_reference`` bring back the shipped reference, whatever file was taken since."""
    require(actor, "administer", None, "revenir au référentiel livré")
    Reference.objects.filter(shipped=False).update(shipped=True, revision="")


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


def write_contours(outlines: Iterable[tuple[Key, Outline]]) -> None:
    """Write contours in place of those that the territories had, a few at a time; those of no known territory are left out."""
    rows = {(kind, code): pk for pk, kind, code in Territory.objects.values_list("pk", "kind", "code")}
    for batch in batched(((rows[key], one) for key, one in outlines if key in rows), BATCH, strict=False):
        Contour.objects.filter(pk__in=[pk for pk, _one in batch]).delete()
        Contour.objects.bulk_create(_row(pk, one) for pk, one in batch)


def _row(territory: int, outline: Outline) -> Contour:
    west, south, east, north = outline.box
    box = {"west": west, "south": south, "east": east, "north": north}
    return Contour(territory_id=territory, area=outline.area, geojson=outline.geojson, **box)


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
