"""Made-up datasets worth drawing, for tests."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version as make_folder
from parvis.core.versions.manifest import ColumnProfile, write_manifest
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.charts.models import Chart
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.drawings.services import create
from parvis.hub.records.rules import Status
from parvis.hub.records.services import publish

COLUMNS = (
    Column("commune", "Commune", ColumnType.TEXT),
    Column("modele", "Modèle", ColumnType.TEXT),
    Column("pose_le", "Posé le", ColumnType.DATE),
    Column("places", "Places", ColumnType.INT, annotations={"unit": "places"}),
    Column("prix", "Prix", ColumnType.DOUBLE, annotations={"unit": "€"}),
)
COMMUNES = ("Évry-Courcouronnes", "Grigny", "Lieusaint")
MODELS = ("Arceau", "Box")


def made_rows() -> list[tuple[str | None, str, str, int, float]]:
    """Sixty rows, the same each time: three communes (none for each tenth row), two models, five years."""
    return [
        (
            None if n % 10 == 9 else COMMUNES[0 if n % 2 else n % 3],
            MODELS[n % 4 == 0],
            f"{2019 + n % 5}-{1 + n % 12:02}-{1 + n % 28:02}",
            2 + n % 6,
            100.0 + 12.5 * (n % 17),
        )
        for n in range(60)
    ]


def make_stands(**card) -> Dataset:
    """A published dataset of bike stands, with the profile of its columns."""
    dataset = make_dataset(**{"title": "Arceaux à vélos", "dataset_id": "arceaux", **card})
    rows = made_rows()
    source = make_folder(versions_folder(dataset.uid) / dataset.current.name, COLUMNS, rows)
    profile = {}
    for rank, column in enumerate(COLUMNS):
        values = [row[rank] for row in rows if row[rank] is not None]
        bounds = (None, None) if column.type is ColumnType.TEXT else (min(values), max(values))
        top = [(str(value), count) for value, count in Counter(values).most_common(20)]
        profile[column.name] = ColumnProfile(len(rows) - len(values), len(set(values)), *bounds, top=top)
    write_manifest(Path(source.key), replace(source.manifest, profile=profile))
    dataset.current.rows = len(rows)
    dataset.current.save()
    return dataset


def make_chart(dataset: Dataset, *, status: Status = Status.PUBLISHED, **changes) -> Chart:
    """A saved chart: places by commune."""
    source = SeriesSource(dataset.dataset_id, calculation="sum", measure="places", grouping="commune")
    description = ChartDescription(**{"mark": "bars", "sources": (source,), "title": "Des places partout", **changes})
    chart = create(OPERATOR, Chart, dataset.organisation, description)
    return publish(OPERATOR, chart) if status is Status.PUBLISHED else chart
