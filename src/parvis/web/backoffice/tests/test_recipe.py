"""Steps of preparation chosen on a screen: added, tried, moved, taken away, pasted as text, told when they fail."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.urls import reverse

from parvis.core.recipes import read_recipe, write_recipe
from parvis.core.recipes.reading import Recipe
from parvis.core.transforms import Step
from parvis.core.transforms.preparation.model import COMMENT, OFF, Kind, Parameter
from parvis.core.transforms.preparation.table import PREPARATIONS
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.models import Import
from parvis.hub.quotas.metering import permit
from parvis.web.backoffice.assistant.recipe import LIVE, TooManyPreviews
from parvis.web.backoffice.assistant.recipe_changes import CHANGES
from parvis.web.backoffice.assistant.recipe_forms import Around, StepForm

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


EXAMPLES = {
    Kind.COLUMNS: ["nom", "statut"],
    Kind.NEWS: ["a", "b"],
    Kind.TEXTS: ["%d/%m/%Y", "%Y"],
    Kind.NAMES: {"nom": "qui"},
    Kind.VALUES: {"voté": "oui"},
    Kind.INTEGER: 3,
    Kind.NUMBER: 2.5,
    Kind.CONDITIONS: [{"column": "nom", "is": "contains", "value": "Judo"}, {"column": "statut", "is": "filled"}],
    Kind.AGGREGATES: [{"to": "n", "do": "rows"}, {"to": "s", "do": "sum", "column": "MONTANT"}],
}
"""What fills a setting of each kind; a text for the others."""


def example(parameter: Parameter) -> object:
    if parameter.kind is Kind.BOOLEAN:
        return not parameter.default
    if parameter.kind is Kind.CHOICE:
        return next(choice.value for choice in parameter.choices if choice.value != parameter.default)
    value = EXAMPLES.get(parameter.kind, "nom")
    if parameter.kind in (Kind.INTEGER, Kind.NUMBER) and parameter.low is not None:
        return parameter.low + (1 if parameter.kind is Kind.INTEGER else 0.5)
    return value


@pytest.mark.parametrize("name", PREPARATIONS)
def test_a_step_with_every_setting_is_the_same_read_from_text_and_sent_by_its_form(name) -> None:
    row = PREPARATIONS[name]
    of_the_screen = {
        "do",
        "etape",
        "avant",
        LIVE,
        "apercu",
        "garder",
        "annuler",
        "texte",
        "recette",
        "continuer",
        "based_on",
    }
    assert not of_the_screen.union(CHANGES, {COMMENT, OFF}) & {parameter.name for parameter in row.parameters}
    step = Step(
        row.step_name, {parameter.name: example(parameter) for parameter in row.parameters} | {COMMENT: "pour voir"}
    )
    read = read_recipe(write_recipe(Recipe((step,))))
    assert read.steps == (step,)
    around = Around(("nom", "statut", "MONTANT"))
    shown = StepForm(row, around, step=step.parameters)
    sent = QueryDict(mutable=True)
    for field in shown:
        value = field.value()
        sent.setlist(
            field.name, value if isinstance(value, list) else ["on"] if value is True else [value] if value else []
        )
    form = StepForm(row, around, sent, step=step.parameters)
    assert (form.is_valid(), form.errors) == (True, {})
    assert form.parameters() == step.parameters


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


def test_the_effect_alone_is_answered_to_the_script_that_follows_the_settings(examined) -> None:
    client, imported = examined
    answer = client.post(here(imported), {**FILTER, "vif": "1"})
    text = answer.content.decode()
    assert (answer.headers["X-Parvis-Fragment"], "<html" in text, "Aperçu à jour : 2 lignes" in text) == (
        "effect",
        False,
        True,
    )
    half = client.post(here(imported), {"do": "rename", "etape": "0", "vif": "1"}).content.decode()
    assert "data-missing" in half
    assert "Champ requis" in half
    gone = client.post(here(imported), {"do": "trim", "etape": "0", "columns": "ailleurs", "vif": "1"}).content.decode()
    assert "L’étape 1 ne peut pas être faite" in gone
    imported.refresh_from_db()
    assert imported.steps == []


def test_a_caller_has_three_previews_at_once_and_no_more(examined, town) -> None:
    client, imported = examined
    statuses = []
    with ExitStack() as stack:
        request = RequestFactory().get("/")
        request.user = town.steward
        for _rank in range(3):
            stack.enter_context(permit(request, actor_of(town.steward), "previews", TooManyPreviews()))
        statuses.append(client.post(here(imported), {**FILTER, "vif": "1"}).status_code)
    statuses.append(client.post(here(imported), {**FILTER, "vif": "1"}).status_code)
    assert statuses == [429, 200]


def test_steps_are_inserted_switched_off_and_every_change_is_undone(examined, work) -> None:
    client, imported = examined

    def steps() -> list[str]:
        imported.refresh_from_db()
        return [step["name"].removeprefix("prepare.") for step in imported.steps]

    client.post(here(imported), {**FILTER, "garder": "1"})
    client.post(here(imported), {"do": "rename", "etape": "0", "avant": "1", "names": "statut = etat", "garder": "1"})
    assert steps() == ["rename", "filter"]
    assert "que ce fichier n’a pas" in client.get(here(imported)).content.decode()  # the filter names what was renamed
    client.post(here(imported), {"basculer": "1"})
    assert imported.steps[0]["parameters"].get("off") is None
    assert steps()[0] == "rename"
    assert imported.steps[0]["parameters"]["off"] is True
    page = client.get(here(imported)).content.decode()
    assert ("Désactivée" in page, "que ce fichier n’a pas" in page) == (True, False)
    client.post(here(imported), {"do": "rename", "etape": "1", "names": "statut = état", "garder": "1"})
    steps()
    assert imported.steps[0]["parameters"] == {"names": {"statut": "état"}, "off": True}
    client.post(here(imported), {"descendre": "1"})
    assert steps() == ["filter", "rename"]
    for after in (["rename", "filter"], ["rename", "filter"], ["rename", "filter"], ["filter"], []):
        client.post(here(imported), {"annuler": "1"})
        assert steps() == after
    assert 'name="annuler"' not in client.get(here(imported)).content.decode()


def test_what_somebody_else_changed_since_is_not_undone(examined, town) -> None:
    client, imported = examined
    client.post(here(imported), {**FILTER, "garder": "1"})
    other = client_of(town.steward)
    other.post(here(imported), {"do": "drop", "etape": "0", "columns": "nom", "garder": "1"})
    client.post(here(imported), {"annuler": "1"})
    imported.refresh_from_db()
    assert len(imported.steps) == 2
