"""Sites of communes with their teams and their pages ready to fill."""

from __future__ import annotations

import pytest
from wagtail.models import Site

from parvis.core.errors import Forbidden
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.packs.site_creation import start_sites
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.selectors import site_folder
from parvis.hub.pushed.placeholders import WORDS, unknown_in
from parvis.hub.sites.models import SiteFace
from parvis.hub.teams.models import Team
from parvis.hub.territories.models import Territory
from parvis.packs.bundled_files import demo_pack, starter_pages

pytestmark = pytest.mark.django_db


def square(west: float, south: float = 48.5) -> dict:
    ring = [[west, south], [west + 0.1, south], [west + 0.1, south + 0.1], [west, south + 0.1], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def communes():
    """Three in a row, each as large as 0.1 degree; the third touches only the second."""
    names = {"77251": "Lieusaint", "91228": "Évry-Courcouronnes", "77296": "Moissy-Cramayel"}
    return [
        Territory.objects.create(
            kind="commune",
            code=code,
            name=name,
            folded=name.lower(),
            region="11",
            population=10_000 + rank,
            postcodes=[code],
            contour=square(round(2.4 + rank / 10, 1)),
        )
        for rank, (code, name) in enumerate(names.items())
    ]


def pages_at(site: Site):
    return ThemePage.objects.child_of(site_folder(site))


def start(communes):
    return start_sites(OPERATOR, communes, "localhost", starter_pages())


def test_each_commune_gets_a_site_a_team_an_organisation_and_drafts_that_know_it(communes):
    done = start(communes)
    assert (done.sites, done.refused) == (3, ())
    assert done.pages == 3 * len(starter_pages())
    site = Site.objects.get(hostname="evry-courcouronnes.localhost")
    face = SiteFace.objects.get(site=site)
    assert (face.prefix, face.name) == ("evry-courcouronnes", "Les données d’Évry-Courcouronnes")
    assert face.organisation == Organisation.objects.get(name="Évry-Courcouronnes")
    assert Team.objects.filter(site=site).exists()
    assert not pages_at(site).filter(live=True).exists()
    page = pages_at(site).get(slug="notre-commune")
    assert page.title == "Évry-Courcouronnes, notre commune"
    assert "10\u202f001 habitants (2023) sur 82,1 km², soit 122 habitants au km²" in page.introduction
    assert "Communes voisines : Lieusaint, Moissy-Cramayel." in str(page.body)
    other = pages_at(Site.objects.get(hostname="lieusaint.localhost")).get(slug="notre-commune")
    assert "Communes voisines : Évry-Courcouronnes." in str(other.body)


def test_no_draft_is_answered_to_a_reader(communes, client):
    start(communes)
    for host, before in (("lieusaint.localhost", ""), ("localhost", "/lieusaint")):
        assert client.get(f"{before}/pages/budget/", headers={"host": host}).status_code == 404
        assert "Le budget de Lieusaint" not in client.get(f"{before}/pages/", headers={"host": host}).content.decode()


def test_run_again_it_makes_only_what_is_missing_and_keeps_what_people_wrote(communes):
    start(communes[:2])
    site = Site.objects.get(hostname="lieusaint.localhost")
    pages_at(site).exclude(slug="budget").delete()
    pages_at(site).update(title="Notre budget")
    SiteFace.objects.filter(site=site).update(name="Lieusaint en clair", prefix="")
    done = start(communes)
    assert (done.sites, done.pages) == (1, len(starter_pages()))
    assert list(pages_at(site).values_list("title", flat=True)) == ["Notre budget"]
    assert SiteFace.objects.get(site=site).name == "Lieusaint en clair"
    assert start(communes).sites == 0


def test_a_commune_named_as_an_address_of_the_portal_has_a_host_name_and_no_prefix(communes):
    commune = Territory.objects.create(kind="commune", code="99999", name="Explore", folded="explore")
    start([commune])
    face = SiteFace.objects.get(territory=commune)
    assert (face.site.hostname, face.prefix) == ("explore.localhost", "")
    assert "— km²" in pages_at(face.site).get(slug="notre-commune").introduction


def test_only_who_runs_the_instance_makes_sites(communes):
    with pytest.raises(Forbidden):
        start_sites(ANONYMOUS, communes, "localhost", starter_pages())


def test_the_pages_ask_only_datasets_that_they_name_as_needed_and_words_that_are_replaced():
    dataset_ids = {row.dataset_id for row in demo_pack().datasets}
    for slug, page in starter_pages().items():
        assert set(unknown_in(page)) <= {"voisines"}, slug
        for block in page["body"]:
            named = set(named_in(block["value"]))
            assert named <= set(block.get("needs", ())), (slug, block["type"])
            assert named <= dataset_ids
    assert "surface" in WORDS


def named_in(value) -> list[str]:
    if isinstance(value, dict):
        own = [value["dataset"]] if isinstance(value.get("dataset"), str) else []
        return own + list(value.get("datasets", ())) + [one for inner in value.values() for one in named_in(inner)]
    return [one for inner in value for one in named_in(inner)] if isinstance(value, list) else []
