"""« Mes clés d’API »: made once, shown once, revoked by their owner or by who administers them."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys.models import ApiKey
from parvis.hub.apikeys.rules import Scope
from parvis.hub.apikeys.services import create_key
from parvis.hub.backoffice.tests.town import client_of

pytestmark = pytest.mark.django_db

ADMIN, ACCOUNT = "/admin/cles/", "/compte/cles/"
FILLED = {"name": "Tableau de bord", "scope": "read", "expires": "2099-12-31"}


@pytest.mark.parametrize(("address", "who"), [(ADMIN, "contributor"), (ACCOUNT, "reader"), (ACCOUNT, "administrator")])
def test_a_person_makes_a_key_that_is_shown_once(town, address, who):
    person = getattr(town, who)
    browser = client_of(person)
    answer = browser.post(address, FILLED)
    secret = re.search(r"parvis_[\w-]{43}", answer.content.decode())[0]
    assert "no-store" in answer["Cache-Control"]
    made = ApiKey.objects.get()
    assert (made.person, made.scope, str(made.expires.date())) == (person, Scope.READ, "2099-12-31")
    again = browser.get(address).content.decode()
    assert secret not in again
    assert made.start in again
    assert browser.get("/api/explore/v2.1/", headers={"Authorization": f"Apikey {secret}"}).status_code == 200


def test_the_owner_revokes_it(town):
    made, secret = create_key(actor_of(town.reader), town.reader, "script")
    browser = client_of(town.reader)
    assert browser.post(ACCOUNT, {"revoquer": made.pk}, follow=True).status_code == 200
    assert not ApiKey.objects.get().is_live
    assert client_of(None).get("/api/explore/v2.1/", {"apikey": secret}).status_code == 401


def test_administrators_see_those_of_their_members_and_strangers_none(town):
    made, _secret = create_key(actor_of(town.contributor), town.contributor, "import nocturne")
    assert "import nocturne" in client_of(town.administrator).get(ADMIN).content.decode()
    assert "import nocturne" in client_of(town.superuser).get(ADMIN).content.decode()
    assert "import nocturne" not in client_of(town.other).get(ADMIN).content.decode()
    assert client_of(town.other).post(ADMIN, {"revoquer": made.pk}).status_code == 404
    assert ApiKey.objects.get().is_live
    client_of(town.administrator).post(ADMIN, {"revoquer": made.pk})
    assert not ApiKey.objects.get().is_live


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 81}, {"scope": "everything"}, {"expires": "2001-01-01"}, {"expires": "demain"}],
)
def test_what_makes_no_sense_is_told_beside_its_field(town, wrong):
    answer = client_of(town.contributor).post(ADMIN, {**FILLED, **wrong})
    assert answer.status_code == 422
    assert "bo-error" in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_one_ties_a_key_to_an_organisation_of_ones_own_alone(town):
    browser = client_of(town.reader)
    assert browser.post(ACCOUNT, {**FILLED, "organisation": town.other_organisation.pk}).status_code == 422
    assert browser.post(ACCOUNT, {**FILLED, "organisation": town.organisation.pk}).status_code == 200
    assert ApiKey.objects.get().organisation == town.organisation


def test_nobody_comes_in_without_signing_in(town):
    for address in (ADMIN, ACCOUNT):
        assert client_of(None).get(address).status_code == 302
    assert client_of(town.reader).post(ACCOUNT, {"revoquer": "n’importe"}).status_code == 404


def test_a_key_that_writes_is_made_on_the_screen_and_its_limits_are_shown(town):
    organisation = town.contributor.memberships.get().organisation
    soon = (timezone.now() + timedelta(days=90)).date().isoformat()
    filled = {**FILLED, "scope": "write", "organisation": organisation.pk, "datasets": "arbres, bancs", "expires": soon}
    browser = client_of(town.contributor)
    for wrong, words in (
        ({"expires": ""}, "donnez son dernier jour"),
        ({"organisation": ""}, "dites laquelle"),
        ({"datasets": "É"}, "identifiant"),
    ):
        assert words in browser.post(ADMIN, {**filled, **wrong}).content.decode()
    assert not ApiKey.objects.exists()
    answer = browser.post(ADMIN, filled).content.decode()
    assert "parvis_" in answer and "arbres, bancs" in answer
    assert ApiKey.objects.get().datasets == ["arbres", "bancs"]
    assert "expire bientôt" not in answer
    ApiKey.objects.update(expires=timezone.now() + timedelta(days=9))
    assert "expire bientôt" in browser.get(ADMIN).content.decode()
