"""Made-up places worth a map, for tests: trees in three communes, planted in four years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from parvis.core.atlas.description import MapDescription, MapLayer
from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version as make_folder
from parvis.core.text import fold
from parvis.core.versions.manifest import ColumnProfile, write_manifest
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.atlas.models import Map
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.drawings.services import create
from parvis.hub.records.rules import Status
from parvis.hub.records.services import publish
from parvis.hub.territories.models import Territory

COLUMNS = (
    Column("nom", "Nom", ColumnType.TEXT),
    Column("espece", "Espèce", ColumnType.TEXT, annotations={"facet": True}),
    Column("hauteur", "Hauteur", ColumnType.DOUBLE, annotations={"unit": "m"}),
    Column("annee", "Année", ColumnType.INT),
    Column("insee", "Code INSEE", ColumnType.TEXT, kind="insee_commune"),
    Column("lieu", "Lieu", ColumnType.GEO_POINT),
)
TOWNS = (
    ("91228", "Évry-Courcouronnes", 2.40, 60_000),
    ("91286", "Grigny", 2.45, 30_000),
    ("77251", "Lieusaint", 2.50, 15_000),
)
"""Code, name, western edge, inhabitants: a rectangle each, as high as the others, 0.05° wide."""
HOSTILE = "<img src=x onerror=alert(1)> & {hauteur}"
"""The name of the first tree."""
BOX = (2.40, 48.60, 2.536, 48.627)


def made_trees() -> Iterator[tuple[str, str, float, int, str, str]]:
    """Sixty trees, the same each time: name, species, height, year, code of the commune, place."""
    for n in range(60):
        code, _name, west, _people = TOWNS[n % 3]
        place = f"POINT({west + 0.004 * (n % 10):.4f} {48.60 + 0.003 * (n // 6):.4f})"
        yield HOSTILE if n == 0 else f"Arbre {n}", ("Tilleul", "Platane")[n % 2], 2 + n / 4, 2021 + n % 4, code, place


def make_towns() -> None:
    """The three communes, with their contours and inhabitants."""
    for code, name, west, people in TOWNS:
        ring = [[west, 48.6], [west + 0.05, 48.6], [west + 0.05, 48.64], [west, 48.64], [west, 48.6]]
        facts = {
            "name": name,
            "folded": fold(name),
            "population": people,
            "contour": {"type": "Polygon", "coordinates": [ring]},
            "department": code[:2],
            "region": "11",
        }
        Territory.objects.update_or_create(kind="commune", code=code, defaults=facts)


def make_trees(**card) -> Dataset:
    """A published dataset of the trees, with the profile of its columns."""
    dataset = make_dataset(**{"title": "Arbres", "dataset_id": "arbres", **card})
    rows = list(made_trees())
    source = make_folder(versions_folder(dataset.uid) / dataset.current.name, COLUMNS, rows)
    profile = {}
    for rank, column in enumerate(COLUMNS[:-1]):
        values = [row[rank] for row in rows]
        bounds = (None, None) if column.type is ColumnType.TEXT else (min(values), max(values))
        top = [(str(value), count) for value, count in Counter(values).most_common(20)]
        profile[column.name] = ColumnProfile(0, len(set(values)), *bounds, top=top)
    write_manifest(Path(source.key), replace(source.manifest, profile=profile, bbox=BOX, geometry_types=("Point",)))
    dataset.current.rows, dataset.current.has_geometry = len(rows), True
    dataset.current.save()
    return dataset


def described(*layers: dict, **more) -> MapDescription:
    """A map of layers of the trees."""
    return MapDescription(tuple(MapLayer(**{"dataset": "arbres", **layer}) for layer in layers or ({},)), **more)


def make_map(dataset: Dataset, *layers: dict, status: Status = Status.PUBLISHED, **more) -> Map:
    """A saved map of the trees of a dataset."""
    description = described(*layers, **{"title": "Des arbres partout", **more})
    made = create(OPERATOR, Map, dataset.organisation, description)
    return publish(OPERATOR, made) if status is Status.PUBLISHED else made
