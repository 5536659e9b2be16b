"""A town that publishes its bike racks, imported the real way, and the people around them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import caches

from parvis.core.progress import no_progress
from parvis.domains.contributions import laying
from parvis.domains.contributions.tables import ContributedTable, table_of
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.models import Organisation, Person
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore.services import deposit_file, run_import_here, start_import
from parvis.hub.visitors.rules import Visitor

RACKS = (
    "id;nom;places;couvert;pose;latitude;longitude\n"
    "A1;Gare;12;oui;03/02/2021;48,6501;2,3801\n"
    "A2;Mairie;8;non;04/02/2021;48,6511;2,3901\n"
    "A3;Piscine;;oui;05/02/2021;48,6521;2,3701\n"
    "A4;Stade;20;non;06/02/2021;48,6531;2,3601\n"
)

type Publish = Callable[..., Version]


@pytest.fixture(autouse=True)
def no_message_before():
    """No proof was used yet."""
    caches["default"].clear()


@pytest.fixture
def organisation() -> Organisation:
    return make_organisation("Ville de Lisses", slug="lisses")


@pytest.fixture
def steward(organisation) -> Person:
    return make_member(organisation, Role.STEWARD, email="responsable@lisses.example")


@pytest.fixture
def decider(steward):
    """Who decides, as services know them."""
    return actor_of(steward)


@pytest.fixture
def dataset(organisation) -> Dataset:
    card = {
        "title": "Arceaux à vélos",
        "description": "<p>Les arceaux des rues.</p>",
        "licence": "lov2",
        "fields": {"id": {"annotations": {"id": True}}},
    }
    return create_dataset(OPERATOR, organisation, "arceaux", card)


@pytest.fixture
def publish(dataset, tmp_path) -> Publish:
    """Import a text as the next version, and publish it."""

    def run(text: str = RACKS) -> Version:
        path = Path(tmp_path, "arceaux.csv")
        path.write_text(text, encoding="utf-8")
        imported = start_import(OPERATOR, deposit=deposit_file(OPERATOR, path), dataset=dataset, publish=True)
        run_import_here(OPERATOR, imported)
        dataset.refresh_from_db()
        return dataset.current

    return run


@pytest.fixture
def table(publish, dataset) -> Callable[[], ContributedTable]:
    """The table of the dataset as it is now."""
    publish()

    def read() -> ContributedTable:
        fresh = Dataset.objects.select_related("current", "organisation").get(pk=dataset.pk)
        return table_of(fresh)

    return read


@pytest.fixture
def apply(dataset):
    """Do at once what a worker does a few seconds after a decision."""
    return lambda: laying.apply(OPERATOR, dataset.pk, no_progress)


@pytest.fixture
def visitor() -> Visitor:
    return Visitor("address:1", proven=True)
