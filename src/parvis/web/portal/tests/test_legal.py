"""The pages that the law asks for: each site's own words over what is known, and what is missing told."""

from __future__ import annotations

import re

import pytest

from parvis.core.metadata import LICENCES
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.legal.models import LegalNotice
from parvis.hub.legal.results import results
from parvis.hub.sites.services import main_site, make_site, set_face
from parvis.hub.territories.models import Territory
from parvis.hub.ui.tests.markup import tight
from parvis.web.portal.legal import ALLOWED

pytestmark = pytest.mark.django_db

HOST = "lieusaint.localhost"
PAGES = ("/mentions-legales/", "/accessibilite/", "/donnees-personnelles/", "/licences/")


@pytest.fixture
def site():
    commune = Territory.objects.create(kind="commune", code="77251", name="Lieusaint", folded="lieusaint")
    make_organisation(
        "Ville de Lieusaint",
        territory=commune,
        kind=Organisation.Kind.COMMUNE,
        siren="217702513",
        email="mairie@lieusaint.example",
    )
    return make_site(OPERATOR, commune, HOST, parent=main_site(), prefix="lieusaint")


def read(client, path: str, host: str = HOST, language: str = "fr") -> str:
    answer = client.get(path, headers={"host": host, "accept-language": language})
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", tight(answer.content.decode())))


def test_a_site_starts_with_what_is_known_of_its_organisation_and_says_what_is_missing(client, site):
    page = read(client, "/mentions-legales/")
    for words in ("ÉditeurVille de Lieusaint", "SIREN217702513", "mairie@lieusaint.example"):
        assert words in page
    for words in (
        "Adresse du siègeà compléter",
        "Hébergeurà compléter",
        "Directeur ou directrice de la publicationà compléter",
    ):
        assert words in page
    assert "Délégué à la protection des donnéesà compléter" in read(client, "/donnees-personnelles/")


def test_what_one_site_writes_is_shown_there_alone_at_its_host_name_and_behind_its_prefix(client, site):
    LegalNotice.objects.create(
        site=site,
        publisher="Commune de Lieusaint",
        host_name="Syndicat Infocom",
        dpo="dpo@lieusaint.example",
        legal_words="<p>Médiateur : Madame Martin.</p>",
        accessibility_words="<p>Le plan de la ville est une image.</p>",
        privacy_words="<p>Les inscriptions au marché sont gardées un an.</p>",
        licence_words="<p>Les photographies sont à leurs auteurs.</p>",
    )
    for before, host in (("", HOST), ("/lieusaint", "localhost")):
        page = read(client, f"{before}/mentions-legales/", host)
        assert "Commune de Lieusaint" in page
        assert "HébergeurSyndicat Infocom" in page
        assert "Madame Martin" in page
        assert "plan de la ville" in read(client, f"{before}/accessibilite/", host)
        assert "inscriptions au marché" in read(client, f"{before}/donnees-personnelles/", host)
        assert "à leurs auteurs" in read(client, f"{before}/licences/", host)
    for path in PAGES:
        page = read(client, path, "localhost")
        for words in ("Infocom", "Martin", "plan de la ville", "marché", "auteurs."):
            assert words not in page, (path, words)


def test_the_statement_is_not_compliant_without_an_audit_and_tells_what_was_measured(client, site):
    page, audit = read(client, "/accessibilite/"), results()
    assert "Ce portail est non conforme" in page
    assert f"{audit.clean_pages} pages sur {len(audit.pages)}" in page
    assert f"{len(audit.by_hand)} critères sur 106" in page
    for words in (
        "Critère 8.7",
        "Défenseur des droits",
        "lecteur d’écran",
        "Voies de recours",
        "mairie@lieusaint.example",
    ):
        assert words in page


def test_an_audit_changes_the_state_on_every_page_of_that_site_alone(client, site):
    notice = LegalNotice.objects.create(site=site, audit_by="Cabinet Clair", audit_date="2026-10-01", audit_rate=72)
    assert "72 critères sur cent" in read(client, "/accessibilite/")
    assert "Accessibilité : partiellement conforme" in read(client, "/explore/")
    assert "Accessibilité : non conforme" in read(client, "/explore/", "localhost")
    notice.audit_date = "2021-10-01"
    notice.save()
    assert "il ne vaut plus" in read(client, "/accessibilite/")
    assert "Accessibilité : non conforme" in read(client, "/explore/")


def test_licences_are_those_of_the_datasets_that_the_site_shows(client, site):
    other = Territory.objects.create(kind="commune", code="91228", name="Évry", folded="evry")
    make_dataset(make_organisation("Région"), licence="lov2")
    make_dataset(make_organisation("Évry", territory=other), licence="odbl")
    assert set(ALLOWED) == {licence.slug for licence in LICENCES}
    page = read(client, "/licences/", "localhost")
    assert re.search(r"Licence Ouverte 2\.0 \(Etalab\) ?1 jeu de données", page)
    assert "partager à l’identique" in page
    assert "ODbL) 1.0" not in read(client, "/licences/")


def test_the_pages_are_english_for_who_reads_english_and_answer_on_an_empty_portal(client):
    set_face(OPERATOR, main_site(), name="Un portail")
    for path, words in zip(PAGES, ("Who publishes", "not compliant", "Who is responsible", "No dataset"), strict=True):
        assert words in read(client, path, "localhost", "en"), path
