"""Who may see what at the doors of OGC API – Features, and how much of it."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import Role
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.maps.factories import make_trees
from parvis.web.ogc.tests.test_views import PLACES, at, body, collections

pytestmark = pytest.mark.django_db

DOORS = ["", "/items", "/items/{}", "/items?f=html", "?f=html"]


@pytest.mark.parametrize("door", DOORS)
def test_rights_hold_on_every_door(client, door):
    dataset = make_trees(PLACES, access=Access.INTERNAL)
    member = Client()
    member.force_login(make_member(dataset.organisation, Role.READER))
    door = door.format(body(member.get(at(dataset, "/items")))["features"][0]["id"])
    assert client.get(at(dataset, door)).status_code in (403, 404)
    assert collections(client) == []
    assert dataset.dataset_id not in json.dumps(body(client.get("/ogc/api")))
    assert member.get(at(dataset, door)).status_code == 200
    assert member.get(at(dataset, "/items"))["Cache-Control"].startswith("private")


@pytest.mark.parametrize("status", [Status.DRAFT, Status.UNPUBLISHED, Status.DELETED])
@pytest.mark.parametrize("door", DOORS)
def test_what_is_not_published_does_not_exist(client, door, status):
    assert client.get(at(make_trees(PLACES, status=status), door)).status_code == 404


def test_the_version_of_another_dataset_is_not_found(client):
    dataset, other = make_trees(PLACES), make_trees(PLACES, access=Access.RESTRICTED)
    assert client.get(at(dataset, f"/items?version={other.current.name}")).status_code == 404


def test_a_budget_that_is_spent_is_told_in_the_shape_of_the_standard(client, settings):
    dataset = make_trees(PLACES)
    settings.PARVIS = {**settings.PARVIS, "PARVIS_QUOTA_ANONYMOUS_CALLS": 1}
    headers = {"REMOTE_ADDR": "192.0.2.77"}
    first = client.get(at(dataset, "/items"), **headers)
    assert body(first)["numberReturned"] == 10
    assert first["X-RateLimit-Remaining"] == "0"
    refused = client.get(at(dataset, "/items?limit=3"), **headers)
    assert (refused.status_code, refused.json()["code"]) == (429, "TooManyRequests")
    assert "X-RateLimit-Reset" in refused or "Retry-After" in refused


def test_a_wrong_key_is_refused(client):
    dataset = make_trees(PLACES)
    for headers in ({"authorization": "Apikey inconnue"}, {"authorization": "Bearer inconnue"}):
        answer = client.get(at(dataset, "/items"), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "Unauthorized")


@pytest.mark.parametrize("door", ["", "/items", "/items/1"])
def test_what_is_announced_and_not_open_is_refused_without_a_word_on_its_rows(client, door):
    dataset = make_trees(PLACES, access=Access.RESTRICTED)
    dataset.announced = True
    dataset.save()
    answer = client.get(at(dataset, door))
    assert (answer.status_code, answer.json()["code"]) == (403, "Forbidden")
    assert "Arbre n°" not in answer.content.decode()
    assert collections(client) == []
