"""Real imports of small files of invented people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.publication_checks import PublicationHeld
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore.models import Import
from parvis.hub.datastore.services import deposit_file, run_import_here, start_import

PEOPLE = "nom;prénom;ville\n" + "".join(
    f"{last};{first};Évry\n"
    for last, first in (("DUPONT", "Jean"), ("MARTIN", "Marie"), ("PETIT", "Luc"), ("MOREAU", "Sylvie"))
)
HALLS = "salle;capacité\nGymnase Jean Moulin;300\nSalle Victor Hugo;120\n"

type Bring = Callable[..., Import]


@pytest.fixture
def dataset(db, settings, tmp_path: Path) -> Dataset:
    settings.PARVIS_HOME = tmp_path / "home"
    card = {"title": "Inscrits", "description": "Les inscrits à une activité de la commune.", "licence": "lov2"}
    return create_dataset(OPERATOR, make_organisation(), "inscrits", card)


@pytest.fixture
def bring(dataset: Dataset, tmp_path: Path) -> Bring:
    """Import a text into the dataset and ask for its publication; the import, held or done."""

    def run(text: str = PEOPLE, *, publish: bool = True, **chosen) -> Import:
        path = tmp_path / "inscrits.csv"
        path.write_text(text, encoding="utf-8")
        imported = start_import(
            OPERATOR, deposit=deposit_file(OPERATOR, path), dataset=dataset, publish=publish, **chosen
        )
        try:
            run_import_here(OPERATOR, imported)
        except PublicationHeld:
            imported.refresh_from_db()
        dataset.refresh_from_db()
        return imported

    return run
