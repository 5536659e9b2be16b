"""Personal data in the assistant and on the pages of a dataset: found, treated or decided."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.datastore.models import Import
from parvis.hub.privacy.models import Decision
from parvis.hub.privacy.selectors import treatments_of

from .test_assistant import deposit, describe

pytestmark = pytest.mark.django_db

PEOPLE = (
    "nom;prénom;téléphone;activité\n"
    "DUPONT;Jean;06 12 34 56 78;Judo\n"
    "MARTIN;Marie;06 98 76 54 32;Chorale\n"
    "PETIT;Luc;07 11 22 33 44;Judo\n"
    "MOREAU;Sylvie;06 55 44 33 22;Danse\n"
).encode()
WHY = "Intervenants associatifs, nommés avec leur accord écrit."


@pytest.fixture
def people(town, work) -> tuple[Client, Import]:
    """A steward's browser and an import of people, examined."""
    client = client_of(town.steward)
    deposit(client, PEOPLE, "inscrits.csv")
    work()
    return client, Import.objects.get()


def here(imported: Import, name: str = "import_personal") -> str:
    return reverse(f"backoffice:{name}", args=[imported.pk])


def test_findings_are_shown_with_masked_samples_reasons_law_and_treatments(people) -> None:
    client, imported = people
    page = client.get(here(imported)).content.decode()
    assert "3 constats à trancher" in page
    assert "DUPONT" not in page
    assert "06 12" not in page
    assert "J•••" in page
    assert "CRPA L312-1-2" in page
    assert "Remplacer par un code" in page


def test_a_treatment_is_seen_before_it_is_applied(people) -> None:
    client, imported = people
    page = client.post(here(imported), {"traiter-0": "mask", "apercu": "1"}).content.decode()
    assert "Avant et après" in page
    assert "D•••" in page or "J•••" in page or "••" in page
    imported.refresh_from_db()
    assert imported.steps == []


def test_treated_columns_are_published_and_the_page_says_so(people, town, work) -> None:
    client, imported = people
    chosen = {"traiter-0": "drop", "traiter-1": "drop", "traiter-2": "drop", "appliquer": "1"}
    response = client.post(here(imported), chosen)
    assert response["Location"] == here(imported, "import_wait") + "?vers=personnelles"
    work()
    assert client.get(response["Location"])["Location"] == here(imported)
    page = client.get(here(imported)).content.decode()
    assert "Aucun point bloquant" in page
    assert "Retirer la colonne" in page
    describe(client, imported, town)
    work()
    client.post(here(imported, "import_publish"), {"publier": "1"})
    dataset = Dataset.objects.get()
    assert dataset.status == Status.PUBLISHED
    assert len(treatments_of(dataset.current)) == 3
    address = dataset.get_absolute_url()
    public = Client().get(f"{address}information/").content.decode()
    assert "Pour que personne ne soit reconnu" in public
    assert Client().get(f"{address}versions/{dataset.current.name}/original/").status_code in (403, 404)
    assert client.get(f"{address}versions/{dataset.current.name}/original/").status_code == 200


def test_a_treatment_can_be_taken_back(people, work) -> None:
    client, imported = people
    client.post(here(imported), {"traiter-0": "drop", "appliquer": "1"})
    work()
    client.post(here(imported), {"annuler": "0"})
    imported.refresh_from_db()
    assert imported.steps == []


def test_a_decision_taken_there_lets_the_data_be_published(people, town, work) -> None:
    client, imported = people
    refused = client.post(here(imported), {"decider": "1", "ground": "consent", "explanation": "ok"})
    assert refused.status_code == 422
    client.post(here(imported), {"decider": "1", "ground": "consent", "explanation": WHY})
    assert "couvert par une décision" in client.get(here(imported)).content.decode()
    describe(client, imported, town)
    work()
    client.post(here(imported, "import_publish"), {"publier": "1"})
    dataset = Dataset.objects.get()
    assert dataset.status == Status.PUBLISHED
    page = client.get(reverse("backoffice:dataset_personal", args=[dataset.dataset_id])).content.decode()
    assert WHY in page
    assert Decision.objects.get().actor in page


def test_two_people_on_the_same_findings_neither_treat_nor_decide_what_they_did_not_read(people, work) -> None:
    client, imported = people
    read = client.get(here(imported)).context
    page = {"based_on": read["choices_mark"], "seen": read["findings_mark"]}
    client.post(here(imported), {**page, "traiter-0": "drop", "appliquer": "1"})
    work()
    imported.refresh_from_db()
    steps = imported.steps
    late = client.post(here(imported), {**page, "traiter-1": "drop", "appliquer": "1"})
    assert late.status_code == 409
    assert "entre-temps" in late.content.decode()
    client.post(here(imported), {**page, "annuler": "0"})  # a second click
    imported.refresh_from_db()
    assert imported.steps == steps
    decision = {"decider": "1", "ground": "consent", "explanation": WHY}
    refused = client.post(here(imported), {**decision, "mark": read["form"].initial["mark"]})
    assert refused.status_code == 409
    assert WHY in refused.content.decode()  # what was written is not lost, and can be sent about what is shown now
    again = client.post(here(imported), {**decision, "mark": refused.context["form"].data["mark"]})
    assert again.status_code == 302
    assert Decision.objects.count() == 1


def test_without_a_decision_the_publication_waits_and_says_where_to_decide(people, town, work) -> None:
    client, imported = people
    assert client.post(here(imported), {"continuer": "1"})["Location"] == here(imported, "import_card")
    describe(client, imported, town)
    work()
    page = client.post(here(imported, "import_publish"), {"publier": "1"}, follow=True).content.decode()
    dataset = Dataset.objects.get()
    tab = reverse("backoffice:dataset_personal", args=[dataset.dataset_id])
    assert dataset.status == Status.DRAFT
    assert tab in page
    shown = client.get(tab)
    mark = shown.context["form"].initial["mark"]
    client.post(tab, {"ground": "consent", "explanation": WHY, "mark": mark})
    decision = Decision.objects.get()
    assert (decision.dataset, decision.person) == (dataset, town.steward)
    again = client.post(tab, {"ground": "consent", "explanation": WHY, "mark": mark})
    assert again.status_code == 409
    client.post(tab, {"retirer": decision.pk})
    decision.refresh_from_db()
    assert decision.withdrawn is not None


def test_a_contributor_sees_the_findings_and_cannot_decide(people, town, work) -> None:
    client, imported = people
    describe(client, imported, town)
    work()
    dataset = Dataset.objects.get()
    contributor = client_of(town.contributor)
    tab = reverse("backoffice:dataset_personal", args=[dataset.dataset_id])
    assert "prendra cette décision" in contributor.get(tab).content.decode()
    assert contributor.post(tab, {"ground": "law", "explanation": WHY}).status_code == 403
    assert client_of(town.other).get(tab).status_code in (403, 404)


def test_a_dataset_without_findings_says_so(town) -> None:
    dataset = make_dataset(town.organisation)
    tab = reverse("backoffice:dataset_personal", args=[dataset.dataset_id])
    assert "Aucune décision n’est attendue" in client_of(town.steward).get(tab).content.decode()
