"""An organisation with its people, and versions of its dataset imported from text, the real way."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.models import Organisation, Person
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore.services import deposit_file, run_import_here, start_import

TREES = "id;essence;longitude;latitude\n1;chêne;2.43;48.62\n2;;2.44;48.62\n3;érable;2.45;48.63\n"

type Publish = Callable[[str], Version]


@pytest.fixture(autouse=True)
def empty_home(settings, tmp_path):
    """A home of its own for each test."""
    settings.PARVIS_HOME = tmp_path / "home"
    settings.PARVIS_HOME.mkdir()
    yield settings.PARVIS_HOME
    shutil.rmtree(settings.PARVIS_HOME, ignore_errors=True)


@pytest.fixture
def organisation(db) -> Organisation:
    return make_organisation("Ville de Lisses", slug="lisses")


@pytest.fixture
def steward(organisation) -> Person:
    return make_member(organisation, Role.STEWARD, email="responsable@lisses.example")


@pytest.fixture
def dataset(organisation) -> Dataset:
    card = {"title": "Arbres", "description": "<p>Les arbres des rues.</p>", "frequency": "monthly"}
    return create_dataset(OPERATOR, organisation, "arbres", card)


@pytest.fixture
def publish(dataset: Dataset, tmp_path: Path) -> Publish:
    """``publish(text)`` imports the text of a CSV file as a version that readers see."""

    def imported(text: str = TREES) -> Version:
        source = tmp_path / "arbres.csv"
        source.write_text(text, encoding="utf-8")
        begun = start_import(OPERATOR, deposit=deposit_file(OPERATOR, source), dataset=dataset, publish=True)
        run_import_here(OPERATOR, begun)
        dataset.refresh_from_db()
        return dataset.current

    return imported


@pytest.fixture
def aged(dataset: Dataset) -> Callable[[int], None]:
    """``aged(days)``: its data came so many days ago."""

    def age(days: int) -> None:
        Dataset.objects.filter(pk=dataset.pk).update(data_modified=timezone.now() - timedelta(days=days, hours=1))
        dataset.refresh_from_db()

    return age
