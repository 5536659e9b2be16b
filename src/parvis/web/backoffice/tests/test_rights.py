"""Who may open which screen of the back office."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from parvis.hub.audit.models import Entry
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status

TABS = ("dataset", "dataset_access", "dataset_attachments", "dataset_history", "dataset_rename")
LISTS = {
    "backoffice:datasets": {"contributor", "steward", "administrator", "other", "superuser"},
    "backoffice:deposit": {"contributor", "steward", "administrator", "other", "superuser"},
    "backoffice:imports": {"contributor", "steward", "administrator", "other", "superuser"},
    "organisations_admin:list": {"contributor", "steward", "administrator", "other", "superuser"},
    "backoffice:journal": {"contributor", "steward", "administrator", "other", "superuser"},
    "webhooks_admin:list": {"administrator", "other", "superuser"},
    "webhooks_admin:add": {"administrator", "other", "superuser"},
    "persons_admin:list": {"administrator", "other", "superuser"},
    "persons_admin:add": {"administrator", "other", "superuser"},
    "organisations_admin:add": {"superuser"},
}
EVERYBODY = ("anonymous", "reader", "contributor", "steward", "administrator", "other", "superuser")


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("name", LISTS)
def test_a_list_opens_for_those_who_have_a_use_for_it(town, who, name):
    response = client_of(getattr(town, who)).get(reverse(name))
    assert (response.status_code == 200) is (who in LISTS[name]), response.status_code


def test_an_anonymous_visitor_is_sent_to_sign_in(town):
    response = client_of(None).get("/admin/jeux/")
    assert response.status_code == 302
    assert response["Location"].startswith("/compte/login/?next=")


def test_a_reader_does_not_enter_the_back_office(town):
    response = client_of(town.reader).get("/admin/")
    assert response.status_code == 302
    assert response["Location"].startswith("/compte/login/")


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("tab", TABS)
def test_the_pages_of_a_dataset_open_for_its_own_people_only(town, who, tab):
    dataset = make_dataset(town.organisation, status=Status.DRAFT)
    response = client_of(getattr(town, who)).get(reverse(f"backoffice:{tab}", args=[dataset.dataset_id]))
    own = {"contributor", "steward", "administrator", "superuser"}
    assert (response.status_code == 200) is (who in own)
    if who == "other":
        assert response.status_code == 404  # a draft of others does not exist


def test_a_published_dataset_of_others_is_there_but_not_to_be_changed(town):
    dataset = make_dataset(town.organisation)
    response = client_of(town.other).get(reverse("backoffice:dataset", args=[dataset.dataset_id]))
    assert response.status_code == 403
    assert "Vous n’avez pas le droit" in response.content.decode()


@pytest.mark.parametrize(
    ("act", "before", "after"),
    [
        ("publier", Status.UNPUBLISHED, Status.PUBLISHED),
        ("retirer", Status.PUBLISHED, Status.UNPUBLISHED),
        ("supprimer", Status.PUBLISHED, Status.DELETED),
        ("restaurer", Status.DELETED, Status.UNPUBLISHED),
    ],
)
def test_a_steward_changes_the_state_and_a_contributor_does_not(town, act, before, after):
    dataset = make_dataset(town.organisation, status=before)
    Dataset.objects.filter(pk=dataset.pk).update(issued="2026-01-01T00:00:00Z")
    url = reverse("backoffice:dataset_state", args=[dataset.dataset_id, act])
    assert client_of(town.contributor).post(url).status_code in (403, 404)
    assert client_of(town.other).post(url).status_code in (403, 404)
    dataset.refresh_from_db()
    assert dataset.status == before
    client = client_of(town.steward)
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 302
    dataset.refresh_from_db()
    assert dataset.status == after


def test_the_home_shows_each_person_what_is_theirs(town):
    make_dataset(town.organisation, status=Status.DRAFT, title="Brouillon d’Évry")
    make_dataset(town.other_organisation, status=Status.DRAFT, title="Brouillon de Lieusaint")
    page = client_of(town.contributor).get("/admin/").content.decode()
    assert "Brouillon d’Évry" in page
    assert "Brouillon de Lieusaint" not in page


def test_the_menu_hides_what_a_contributor_has_no_use_for(town):
    page = client_of(town.contributor).get("/admin/").content.decode()
    assert "Jeux de donn" in page
    assert "Personnes" not in page.split("<noscript>")[0]
    assert "wagtailusers" not in page


@pytest.mark.parametrize("name", ["datasets", "journal"])
def test_results_that_come_by_themselves_lead_to_the_whole_list(town, name):
    make_dataset(town.organisation)
    Entry.objects.create(actor="x", action="dataset.create", target_kind="dataset", target="x")
    results = client_of(town.superuser).get(reverse(f"backoffice:{name}_results")).content.decode()
    whole = reverse(f"backoffice:{name}")
    assert f'href="{whole}?' in results
    assert "/-/resultats/?" not in results


def test_an_address_that_leads_nowhere_is_said_in_our_words_and_leads_back(town):
    answer = client_of(town.contributor).get("/admin/nulle-part/")
    body = answer.content.decode()
    assert answer.status_code == 404
    assert "Wagtail" not in re.search("<title>(.*?)</title>", body, re.DOTALL)[1]
    assert "Cette page n’existe pas" in body and f'href="{reverse("wagtailadmin_home")}"' in body
    assert 'href="#main"' in body and 'id="main"' in body
