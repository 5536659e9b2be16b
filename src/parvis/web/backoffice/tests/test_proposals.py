"""What is proposed of a card, and the file received that may be withheld."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.datastore.models import Import
from parvis.hub.territories.models import Territory

from .test_assistant import deposit, describe

pytestmark = pytest.mark.django_db

STANDS = b"code_insee,siret_gestionnaire,nom\n91228,20005922800016,Gare\n91228,20005922800016,Agora\n"


@pytest.fixture
def described(town, work):
    """The form of a card, for a file of stands, by whom is said."""
    Territory.objects.get_or_create(kind="commune", code="91228", defaults={"name": "Évry", "folded": "evry"})

    def form(person):
        deposit(client_of(person), STANDS, "arceaux.csv")
        work()
        page = client_of(person).get(reverse("backoffice:import_card", args=[Import.objects.latest("pk").pk]))
        return page.context["form"]

    return form


def test_the_territory_of_codes_and_the_usual_licence_are_proposed(town, described):
    for rank in range(2):
        make_dataset(town.organisation, dataset_id=f"autre-{rank}", status=Status.PUBLISHED, licence="odbl")
    form = described(town.steward)
    assert form.initial["territories"] == ["commune:91228"]
    assert form.initial["licence"] == "odbl"
    assert form.initial["organisation"] == town.organisation.slug


def test_nobody_is_chosen_for_who_writes_for_several_unless_the_file_says_who(town, described):
    form = described(town.superuser)
    assert "organisation" not in form.initial
    assert form.fields["organisation"].choices[0][0] == ""
    town.other_organisation.siren = "200059228"
    town.other_organisation.save()
    assert described(town.superuser).initial["organisation"] == town.other_organisation.slug


def test_a_step_that_was_passed_by_is_not_ticked(town, described):
    described(town.steward)
    page = client_of(town.steward).get(reverse("backoffice:import_card", args=[Import.objects.latest("pk").pk]))
    steps = {step["url"].rsplit("/", 2)[-2]: step for step in page.context["steps"] if step["url"]}
    assert steps["lecture"]["done"]
    assert not steps["schema"]["done"]
    assert steps["schema"]["skipped"]


def test_the_file_received_may_be_withheld_from_readers(town, work):
    client = client_of(town.steward)
    deposit(client, STANDS, "arceaux.csv")
    work()
    imported = Import.objects.get()
    describe(client, imported, town)
    work()
    client.post(reverse("backoffice:import_publish", args=[imported.pk]), {"publier": "1", "sans-original": "1"})
    dataset = Dataset.objects.get()
    assert (dataset.status, dataset.original_withheld) == (Status.PUBLISHED, True)
    address = reverse("version-original", args=[dataset.dataset_id, dataset.current.name])
    public, export = Client().get(address), Client().get(f"/explore/dataset/{dataset.dataset_id}/export/")
    assert public.status_code == 403
    assert "original/" not in export.content.decode()
    assert client.get(address).status_code == 200
    client.post(reverse("backoffice:dataset_access", args=[dataset.dataset_id]), {"access": "public"})
    assert Client().get(address).status_code == 200


def test_what_non_compliance_meets_is_set_for_all_organisations_in_one_table(town):
    client = client_of(town.superuser)
    page = client.get("/admin/verifications/").content.decode()
    assert page.count('<form method="post"') == 1
    names = {town.organisation.slug: "block", town.other_organisation.slug: "warn"}
    client.post("/admin/verifications/", {f"{slug}-enforcement": value for slug, value in names.items()})
    page = client.get("/admin/verifications/")
    assert {form.owner.slug: form.initial["enforcement"] for form in page.context["forms"]} == names


def test_a_title_that_another_dataset_has_is_no_dead_end(town, work):
    client = client_of(town.steward)
    for _ in range(2):
        deposit(client, STANDS, "arceaux.csv")
        work()
        describe(client, Import.objects.latest("pk"), town, title="Arceaux")
    names = Dataset.objects.values_list("dataset_id", flat=True)
    assert sorted(names) == ["arceaux", "arceaux-2"]


def test_the_territory_of_names_of_communes_is_proposed(town, work):
    Territory.objects.get_or_create(
        kind="commune", code="91228", defaults={"name": "Évry-Courcouronnes", "folded": "evry-courcouronnes"}
    )
    client = client_of(town.steward)
    rows = [f"EVRY COURCOURONNES;{name}" for name in ("Agora", "Gare", "Mairie")]
    deposit(client, "\n".join(["Commune;Lieu", *rows]).encode(), "lieux.csv")
    work()
    page = client.get(reverse("backoffice:import_card", args=[Import.objects.latest("pk").pk]))
    assert page.context["form"].initial["territories"] == ["commune:91228"]
