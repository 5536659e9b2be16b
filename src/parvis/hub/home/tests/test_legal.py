"""The form of the legal pages: what is missing is told, nobody saves over somebody else's work."""

from __future__ import annotations

import pytest
from django.urls import reverse

from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.audit.models import Entry
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.legal.models import LegalNotice
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(town):
    commune = Territory.objects.create(kind="commune", code="91228", name="Évry", folded="evry")
    Organisation.objects.filter(pk=town.organisation.pk).update(
        territory=commune, kind=Organisation.Kind.COMMUNE, siren="219102282"
    )
    return make_site(OPERATOR, commune, "evry.localhost", parent=main_site())


def form(site):
    return reverse("wagtailsettings:edit", args=["parvis_legal", "legalnotice", site.pk])


def filled(seen: int = 0, **values) -> dict:
    names = ("publisher", "siren", "address", "phone", "email", "director", "editor", "host_name", "host_address")
    names += ("host_phone", "dpo", "accessibility_plan", "audit_by", "audit_date", "audit_rate")
    empty = dict.fromkeys(names, "")
    rich = dict.fromkeys(("legal_words", "accessibility_words", "privacy_words", "licence_words"), "null")
    return {**empty, **rich, "seen": seen, **values}


def test_who_administers_the_organisation_sees_what_the_law_still_asks_and_what_is_known(town, site):
    page = client_of(town.administrator).get(form(site)).content.decode()
    assert "La loi demande encore" in page
    assert "Hébergeur (LCEN, art. 1-1)" in page
    assert "SIREN (LCEN" not in page
    assert 'placeholder="219102282"' in page
    assert client_of(town.contributor).get(form(site)).status_code in (302, 403)
    assert client_of(town.other).get(form(site)).status_code in (302, 403)


def test_what_is_saved_is_kept_and_written_in_the_journal(town, site):
    browser = client_of(town.administrator)
    assert browser.post(form(site), filled(host_name="Infocom")).status_code == 302
    assert LegalNotice.objects.get(site=site).host_name == "Infocom"
    assert Entry.objects.filter(action="site.legal", actor=str(town.administrator)).exists()


def test_two_people_at_once_lose_nothing(town, site):
    first, second = client_of(town.administrator), client_of(town.superuser)
    first.get(form(site))
    assert first.post(form(site), filled(seen=0, host_name="Infocom")).status_code == 302
    answer = second.post(form(site), filled(seen=0, host_name="Autre hébergeur"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "a enregistré cette page" in page
    assert "Autre hébergeur" in page
    assert LegalNotice.objects.get(site=site).host_name == "Infocom"
    assert second.post(form(site), filled(seen=1, host_name="Autre hébergeur")).status_code == 302
    assert LegalNotice.objects.get(site=site).host_name == "Autre hébergeur"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"siren": "12"}, "Un SIREN a neuf chiffres."),
        ({"audit_by": "Cabinet"}, "Un audit se dit en entier"),
        ({"audit_by": "Cabinet", "audit_date": "2999-01-01", "audit_rate": "80"}, "pas encore passée"),
        ({"audit_by": "Cabinet", "audit_date": "2026-01-01", "audit_rate": "180"}, "100"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_kept_in_the_form(town, site, values, sentence):
    page = client_of(town.administrator).post(form(site), filled(host_name="Infocom", **values)).content.decode()
    assert sentence in page
    assert "Infocom" in page
    assert not LegalNotice.objects.filter(site=site, host_name="Infocom").exists()
