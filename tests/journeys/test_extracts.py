"""An open extract of a closed dataset: at no door, nothing of the dataset but the rows and the columns that it was given."""

from __future__ import annotations

import pytest
from django.test import Client

from journeys.doors import LISTS, body_of, doors_of
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import create_dataset, set_access
from parvis.hub.datastore.extracts import Question
from parvis.hub.datastore.services import run_import_here, start_import
from parvis.hub.datastore.services.deposits import deposit_file
from parvis.hub.jobs.worker import drain
from parvis.hub.preparation.extracts import Wish, make_extract

pytestmark = pytest.mark.django_db

ROWS = "quartier,montant,instructeur\nCentre,900,Zénobie\nCentre,100,Zénobie\nGare,777124,Cunégonde\nPort,777125,Cunégonde\n"
HIDDEN = (
    "cunégonde",
    "cun%c3%a9gonde",
    "zénobie",
    "instructeur",
    "centre",
    "777123",
    "registre-clos",
    "clos à tous",
    "mot-clos",
)
"""Rows and columns that are left out, the value of the condition, what the dataset is called and says."""


@pytest.fixture
def extract(town, home, tmp_path) -> Dataset:
    """It, online for everybody, of a dataset that is its organisation's alone."""
    card = {"title": "Clos à tous", "description": "Un mot-clos.", "licence": "lov2", "keywords": ["mot-clos"]}
    parent = create_dataset(OPERATOR, town.organisation, "registre-clos", card)
    set_access(OPERATOR, parent, Access.INTERNAL, [], [])
    path = tmp_path / "registre-clos.csv"
    path.write_text(ROWS)
    imported = start_import(OPERATOR, deposit=deposit_file(OPERATOR, path), dataset=parent, publish=True)
    run_import_here(OPERATOR, imported)
    parent.refresh_from_db()
    question = Question("montant > 777123", columns=("quartier", "montant"))
    wish = Wish("Les quartiers", "quartiers", "Des quartiers et leurs montants.", question, Access.PUBLIC)
    child = make_extract(OPERATOR, parent, wish)
    drain()
    return Dataset.objects.select_related("current").get(pk=child.pk)


def test_an_open_extract_tells_nothing_of_its_closed_dataset_at_any_door(extract, town):
    client, opened, shown = Client(), 0, []
    for door in [
        *doors_of(extract),
        *LISTS,
        "/explore/?q=quartiers",
        "/recherche/?q=clos",
        "/recherche/?q=cun%C3%A9gonde",
    ]:
        answer = client.get(door)
        text = body_of(answer).lower().replace(door.lower(), "")
        if answer.status_code == 200:
            opened += 1
        shown += [
            (door, word) for word in HIDDEN if word in text and f"q={word}" not in door and "recherche" not in door
        ]
    assert shown == []
    assert opened > 15
    assert client.get("/explore/dataset/registre-clos/").status_code == 404
    records = client.get("/api/explore/v2.1/catalog/datasets/quartiers/records").json()
    assert records["results"] == [{"quartier": "Gare", "montant": 777124}, {"quartier": "Port", "montant": 777125}]
    page = "/explore/dataset/quartiers/information/"
    assert "Faire un extrait d’un autre jeu de données" in client.get(page).content.decode()
    everything = client_of(town.contributor).get(page).content.decode()
    assert ("registre-clos" in everything, "777123" in everything) == (True, True), (
        "who edits it reads all of its recipe"
    )
