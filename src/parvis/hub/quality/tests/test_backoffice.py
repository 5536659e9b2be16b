"""Quality, notices and inventory in the back office: who sees what, what is kept, the secret feed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.hub.accounts.models import Organisation
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.inventory.models import InventoryChoice
from parvis.hub.quality.models import NoticeChoices
from parvis.hub.quality.notices import observe_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(town) -> Dataset:
    """A dataset of the town that is late."""
    dataset = make_dataset(town.organisation, dataset_id="arbres", title="Arbres", frequency="monthly")
    Dataset.objects.filter(pk=dataset.pk).update(data_modified=timezone.now() - timedelta(days=50))
    observe_all()
    return dataset


@pytest.mark.parametrize(
    ("who", "statuses"),
    [("anonymous", (302, 302, 302)), ("contributor", (200, 200, 200)), ("steward", (200, 200, 200))],
)
def test_the_screens_open_to_those_who_work_there(town, who, statuses):
    browser = client_of(getattr(town, who))
    assert tuple(browser.get(f"/admin/{name}/").status_code for name in ("qualite", "inventaire", "avis")) == statuses


def test_the_board_shows_what_one_edits(town, late):
    page = client_of(town.contributor).get("/admin/qualite/?tri=-titre").content.decode()
    assert "Arbres" in page
    assert "En retard" in page
    assert "/admin/depots/nouveau/?jeu=arbres" in page
    assert "Arbres" not in client_of(town.other).get("/admin/qualite/").content.decode()


def test_a_person_chooses_what_they_are_told(town, late):
    browser = client_of(town.steward)
    page = browser.get("/admin/avis/").content.decode()
    assert "Arbres" in page
    assert page.count("checked") == 5
    browser.post("/admin/avis/", {"mail": "on", "stale": "on"})
    choices = NoticeChoices.objects.get(person=town.steward)
    assert (choices.mail, choices.late, choices.stale, choices.broken) == (True, False, True, False)
    assert "Rien à signaler" in browser.get("/admin/avis/").content.decode()


def test_the_feed_is_read_without_a_session_at_a_secret_address(town, late, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_PRIVATE": True}
    browser = client_of(town.steward)
    browser.post("/admin/avis/", {"flux": "ouvrir"})
    address = re.search(r"/compte/avis/[\w-]{43}\.atom", browser.get("/admin/avis/").content.decode())[0]
    answer = client_of(None).get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert "no-store" in answer["Cache-Control"]
    assert "En retard : Arbres" in answer.content.decode()
    browser.post("/admin/avis/", {"flux": "autre"})
    assert client_of(None).get(address).status_code == 404
    assert client_of(None).get("/compte/avis/x.atom").status_code == 404


def test_a_feed_closes_with_the_account_and_follows_roles(town, late):
    browser = client_of(town.steward)
    browser.post("/admin/avis/", {"flux": "ouvrir"})
    address = f"/compte/avis/{NoticeChoices.objects.get().feed_key}.atom"
    town.steward.memberships.all().delete()
    assert "Arbres" not in client_of(None).get(address).content.decode()
    town.steward.is_active = False
    town.steward.save()
    assert client_of(None).get(address).status_code == 404


class TestInventory:
    @pytest.fixture(autouse=True)
    def commune(self, town):
        Organisation.objects.filter(pk=town.organisation.pk).update(kind="commune")

    def say(self, person, **fields) -> int:
        return client_of(person).post("/admin/inventaire/", {"ligne": "arbres", "reponse": "", **fields}).status_code

    def test_a_steward_says_that_a_dataset_is_one_of_the_usual_ones(self, town, late):
        assert self.say(town.steward, reponse="jeu:arbres", note="relevé 2025") == 302
        choice = InventoryChoice.objects.get()
        assert (choice.organisation, choice.slug, choice.said, choice.dataset, choice.note) == (
            town.organisation, "arbres", "published", late, "relevé 2025",
        )  # fmt: skip
        assert "publié" in client_of(town.steward).get("/admin/inventaire/").content.decode()
        assert self.say(town.steward) == 302
        assert not InventoryChoice.objects.exists()

    def test_a_contributor_reads_that_they_answer_for_nothing(self, town):
        assert (
            "Vous ne répondez d’aucune collectivité"
            in client_of(town.contributor).get("/admin/inventaire/").content.decode()
        )
        assert self.say(town.contributor, reponse="planned") == 404

    def test_nobody_answers_for_another_organisation(self, town):
        slug = town.other_organisation.slug
        assert client_of(town.steward).get(f"/admin/inventaire/?organisation={slug}").status_code == 404

    @pytest.mark.parametrize("fields", [{"ligne": "licorne", "reponse": "planned"}, {"reponse": "jeu:inconnu"}])
    def test_nonsense_is_told_and_keeps_nothing(self, town, fields):
        assert self.say(town.steward, **fields) == 302
        assert not InventoryChoice.objects.exists()
