"""Made-up datasets with a place in each row, for tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version as make_folder
from parvis.core.versions.manifest import ColumnProfile, write_manifest
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.factories import versions_folder

COLUMNS = (
    Column("nom", "Nom", ColumnType.TEXT),
    Column("espece", "Espèce", ColumnType.TEXT, annotations={"facet": True}),
    Column("hauteur", "Hauteur", ColumnType.DOUBLE, annotations={"unit": "m"}),
    Column("plante_le", "Planté le", ColumnType.DATE),
)
SPECIES = ("Tilleul", "Platane", "Érable", "Chêne", "Cèdre")


def make_trees(places: Sequence[tuple[float, float]], **card) -> Dataset:
    """A published dataset of trees: one a place (longitude, latitude), of five species and rising heights."""
    texts = [f"POINT({x!r} {y!r})" for x, y in places]
    west, south = min(x for x, _y in places), min(y for _x, y in places)
    east, north = max(x for x, _y in places), max(y for _x, y in places)
    return _make(Column("geo", "Lieu", ColumnType.GEO_POINT), texts, (west, south, east, north), "Point", **card)


def make_gardens(texts: Sequence[str], bbox: tuple[float, float, float, float], **card) -> Dataset:
    """A published dataset of gardens drawn as areas, each given as WKT."""
    return _make(Column("forme", "Contour", ColumnType.GEO_SHAPE), texts, bbox, "Polygon", **card)


def _make(column: Column, texts: Sequence[str], bbox, kind: str, **card) -> Dataset:
    dataset = make_dataset(**{"title": "Arbres remarquables", **card})
    rows = [
        (f"Arbre n° {rank}", SPECIES[rank % len(SPECIES)], rank / 10, "2026-03-03", text)
        for rank, text in enumerate(texts, start=1)
    ]
    source = make_folder(versions_folder(dataset.uid) / dataset.current.name, (*COLUMNS, column), rows)
    counts = Counter(row[1] for row in rows).most_common()
    profile = {
        "nom": ColumnProfile(0, len(rows), top=[(row[0], 1) for row in rows[:20]]),
        "espece": ColumnProfile(0, len(counts), top=counts),
        "hauteur": ColumnProfile(0, len(rows), 0.1, len(rows) / 10),
        "plante_le": ColumnProfile(0, 1, "2026-03-03", "2026-03-03", top=[("2026-03-03", len(rows))]),
    }
    write_manifest(
        Path(source.key), replace(source.manifest, bbox=bbox, geometry_types=(kind,), profile=profile)
    )  # fmt: skip
    dataset.current.rows = len(rows)
    dataset.current.has_geometry = True
    dataset.current.save()
    return dataset
