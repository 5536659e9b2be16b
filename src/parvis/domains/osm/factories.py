"""For tests and the demonstration: a town's file and an extract, imported as any other."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parvis.core.osm.entries import Row
from parvis.core.osm.features import Feature, write_csv
from parvis.core.osm.mappings import theme_text
from parvis.core.progress import no_progress
from parvis.domains.osm.comparison import compare_conflation, compare_sides, sides_of
from parvis.domains.osm.extracts import ATTRIBUTION, DESCRIPTION, OVERRIDES
from parvis.domains.osm.models import Conflation, Run
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore.services import deposit_file, run_import_here, start_import
from parvis.hub.records.services import create, publish

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation
    from parvis.hub.catalogue.models import Dataset

COLUMNS = ("id_local", "id_osm", "coordonneesxy", "capacite", "mobilier", "acces", "gratuit", "couverture")


def imported(owner: Organisation, dataset_id: str, title: str, path: Path, **card: Any) -> Dataset:
    """A dataset online made of a file."""
    description = card.pop("description", "Un relevé du service mobilité, fait sur place au printemps.")
    facts = {"title": title, "description": description, "licence": "lov2", **card}
    dataset = create_dataset(OPERATOR, owner, dataset_id, facts)
    return next_version(dataset, path)


def next_version(dataset: Dataset, path: Path) -> Dataset:
    """The next version of it, online."""
    deposit = deposit_file(OPERATOR, path)
    run_import_here(OPERATOR, start_import(OPERATOR, deposit=deposit, dataset=dataset, publish=True, policy="null"))
    dataset.refresh_from_db()
    return dataset


def town_file(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    """Bicycle parkings as the schema has them."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return path


def make_conflation(
    owner: Organisation,
    rows: Iterable[Sequence[str]],
    features: Iterable[Feature],
    *,
    name: str = "arceaux",
    **columns: Any,
) -> Conflation:
    """A town's parkings and those of OpenStreetMap, compared and online."""
    with tempfile.TemporaryDirectory() as folder:
        town = imported(
            owner, name, "Arceaux à vélos", town_file(Path(folder) / "arceaux.csv", rows), **columns.pop("card", {})
        )
        write_csv(Path(folder) / "osm.csv", features)
        card = {"licence": "odbl", "source": ATTRIBUTION, "description": DESCRIPTION, "overrides": OVERRIDES}
        osm = imported(owner, f"osm-{name}", "OpenStreetMap : stationnements vélo", Path(folder) / "osm.csv", **card)
    conflation = _made(owner, town.dataset_id, osm.dataset_id, columns)
    compare_conflation(OPERATOR, conflation, no_progress)
    return conflation


def make_light_conflation(
    owner: Organisation,
    rows: Iterable[Sequence[str]],
    features: Iterable[Feature],
    *,
    name: str = "arceaux",
    **columns: Any,
) -> Conflation:
    """The same without any file: two datasets that have no folder."""
    make_dataset(owner, dataset_id=name, title="Arceaux à vélos", **columns.pop("card", {}))
    make_dataset(owner, dataset_id=f"osm-{name}", title="OpenStreetMap : stationnements vélo", licence="odbl")
    conflation = _made(owner, name, f"osm-{name}", columns)
    town = [Row(json.dumps([row[0]]), *json.loads(row[2]), dict(zip(COLUMNS, row, strict=True))) for row in rows]
    theme = conflation.described.for_columns(COLUMNS)
    compare_sides(Run(conflation=conflation), sides_of(town, features, theme), theme, no_progress)
    return conflation


def _made(owner: Organisation, dataset_id: str, osm_dataset_id: str, columns: dict[str, Any]) -> Conflation:
    facts = {
        "theme": "stationnement-velo",
        "mapping": theme_text("stationnement-velo"),
        "key_columns": "id_local",
        **columns,
    }
    names = {"dataset_id": dataset_id, "osm_dataset_id": osm_dataset_id}
    return publish(
        OPERATOR, create(OPERATOR, Conflation(organisation=owner, title="Arceaux et OpenStreetMap", **names, **facts))
    )
