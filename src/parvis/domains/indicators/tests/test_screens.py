"""« Indicateurs » in the back office: one's own are listed and computed again, those of others are not."""

from __future__ import annotations

import pytest
from django.test import Client

from parvis.domains.indicators.kinds import COMPUTE
from parvis.domains.indicators.tests.test_views import published
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import Role
from parvis.hub.charts.factories import make_stands
from parvis.hub.jobs.models import Job

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/indicateurs/"


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_who_edits_has_one_computed_again_and_others_do_not(home):
    owner, other = published_with_owner()
    client = client_of(make_member(owner, Role.CONTRIBUTOR))
    assert "Places de vélo" in client.get(ADDRESS).content.decode()
    assert ADDRESS in client.get("/admin/").content.decode()
    assert client.post(ADDRESS, {"indicateur": "places"}).status_code == 302
    assert Job.objects.filter(kind=COMPUTE).count() == 1
    stranger = client_of(make_member(other, Role.STEWARD))
    assert "Places de vélo" not in stranger.get(ADDRESS).content.decode()
    assert stranger.post(ADDRESS, {"indicateur": "places"}).status_code == 404
    assert Client().get(ADDRESS).status_code == 302
    assert Job.objects.filter(kind=COMPUTE).count() == 1


def test_the_button_of_an_indicator_holds_the_token_that_django_asks_for(home):
    owner, _other = published_with_owner()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_member(owner, Role.CONTRIBUTOR))
    cell = client.get(ADDRESS).content.decode().partition('name="indicateur" value="places"')[0].rpartition("<form")[2]
    token = cell.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    answer = client.post(ADDRESS, {"indicateur": "places", "csrfmiddlewaretoken": token})
    assert (answer.status_code, Job.objects.filter(kind=COMPUTE).count()) == (302, 1)


def published_with_owner():
    """The owner of the indicator, and an organisation that has nothing to do with it."""
    other = make_stands().organisation
    return published().organisation, other
