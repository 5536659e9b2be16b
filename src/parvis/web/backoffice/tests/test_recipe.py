"""Steps of preparation chosen on a screen: added, tried, moved, taken away, pasted as text, told when they fail."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from parvis.core.transforms.preparation.table import PREPARATIONS
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.models import Import

from .test_assistant import deposit, describe

pytestmark = pytest.mark.django_db

FILE = "nom;MONTANT;statut\nJudo;1 234,50 €;voté\nDanse;néant;voté\nTir;7;refusé\n".encode()


@pytest.fixture
def examined(town, work) -> tuple[Client, Import]:
    """A steward's browser and an import, examined."""
    client = client_of(town.steward)
    deposit(client, FILE, "subventions.csv")
    work()
    return client, Import.objects.get()


def here(imported: Import, name: str = "import_recipe") -> str:
    return reverse(f"backoffice:{name}", args=[imported.pk])


FILTER = {
    "do": "filter",
    "etape": "0",
    "match": "all",
    "keep": "on",
    "where-0-column": "statut",
    "where-0-is": "is",
    "where-0-value": "voté",
}


def test_every_step_has_a_form_that_opens_without_scripts(examined) -> None:
    client, imported = examined
    page = client.get(here(imported)).content.decode()
    assert all(f'value="{name}"' in page for name in PREPARATIONS)
    for name in ("filter", "aggregate", "join", "type"):
        opened = client.get(here(imported), {"ajouter": name})
        assert (opened.status_code, 'name="apercu"' in opened.content.decode()) == (200, True)


def test_the_effect_of_a_step_is_seen_before_it_is_added_and_nothing_is_kept(examined) -> None:
    client, imported = examined
    page = client.post(here(imported), {**FILTER, "apercu": "1"}).content.decode()
    assert "Avant et après" in page
    before, after = page.split("Tableau après les étapes", 1)
    assert ("Tir" in before, "Tir" in after) == (True, False)
    imported.refresh_from_db()
    assert imported.steps == []


def test_steps_are_added_moved_taken_away_and_made_at_the_import_with_their_failures(examined, town, work) -> None:
    client, imported = examined
    client.post(here(imported), {**FILTER, "garder": "1"})
    client.post(
        here(imported),
        {"do": "type", "etape": "0", "columns": "MONTANT", "type": "double", "on_failure": "empty", "garder": "1"},
    )
    client.post(here(imported), {"do": "rename", "etape": "0", "names": "MONTANT = montant", "garder": "1"})
    client.post(here(imported), {"monter": "2"})
    imported.refresh_from_db()
    assert [step["name"] for step in imported.steps] == ["prepare.type", "prepare.filter", "prepare.rename"]
    assert imported.steps[1]["parameters"] == {"where": [{"column": "statut", "is": "is", "value": "voté"}]}
    client.post(here(imported), {"retirer": "2"})
    text = client.get(here(imported, "import_recipe_file")).content.decode()
    assert text.count("[[step]]") == 2
    client.post(here(imported), {"continuer": "1"})
    work()
    describe(client, imported, town)
    work()
    client.post(here(imported, "import_publish"), {"publier": "1"})
    dataset = Dataset.objects.get()
    assert [step["name"] for step in dataset.steps] == ["prepare.type", "prepare.rename"]
    aside = client.get(
        reverse("backoffice:dataset_put_aside", args=[dataset.dataset_id, dataset.versions.get().name])
    ).content.decode()
    assert ("1 échec de la préparation" in aside, "n’est pas un nombre" in aside) == (True, True)


def test_a_step_that_will_not_do_is_told_in_its_form(examined) -> None:
    client, imported = examined
    wrong = client.post(
        here(imported),
        {
            "do": "compute",
            "etape": "0",
            "to": "x",
            "sql": "read_csv('x')",
            "type": "auto",
            "on_failure": "empty",
            "apercu": "1",
        },
    )
    assert (wrong.status_code, "read_csv" in wrong.content.decode()) == (422, True)
    empty = client.post(here(imported), {"do": "drop", "etape": "0", "garder": "1"})
    assert empty.status_code == 422


def test_a_recipe_is_pasted_as_text_and_a_fault_names_its_line(examined) -> None:
    client, imported = examined
    text = '[[step]]\ndo = "drop"\ncolumns = ["statut"]\n'
    assert client.post(here(imported), {"recette": "1", "texte": text}).status_code == 302
    imported.refresh_from_db()
    assert imported.steps == [{"name": "prepare.drop", "parameters": {"columns": ["statut"]}}]
    wrong = client.post(here(imported), {"recette": "1", "texte": text.replace("columns", "colonnes")})
    assert (wrong.status_code, "ligne 1" in wrong.content.decode()) == (422, True)


def test_who_comes_second_is_told_and_nobody_else_enters(examined, town) -> None:
    client, imported = examined
    page = client.get(here(imported)).content.decode()
    mark = page.split('name="based_on" value="')[1].split('"')[0]
    client.post(here(imported), {**FILTER, "garder": "1", "based_on": mark})
    second = client.post(
        here(imported), {"do": "drop", "etape": "0", "columns": "nom", "garder": "1", "based_on": mark}
    )
    assert second.status_code == 409
    imported.refresh_from_db()
    assert len(imported.steps) == 1
    assert client_of(town.other).get(here(imported)).status_code in (302, 403, 404)
