"""Home, organisations, territories, and the small files of a site."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from wagtail.models import Site

from parvis.core.text import fold
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import bump_revision
from parvis.hub.sites.models import SiteFace
from parvis.hub.territories.models import Territory
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db


def _square(west: float) -> dict:
    ring = [[west, 48.6], [west + 0.05, 48.6], [west + 0.05, 48.65], [west, 48.65], [west, 48.6]]
    return {"type": "Polygon", "coordinates": [ring]}


def _territory(kind: str, code: str, name: str, **rest) -> Territory:
    return Territory.objects.create(kind=kind, code=code, name=name, folded=fold(name), **rest)


@pytest.fixture
def place() -> Territory:
    """An EPCI of two communes, whose site this is, and a neighbour."""
    _territory("region", "11", "Île-de-France")
    epci = _territory("epci", "200059228", "Grand Paris Sud", region="11", contour=_square(2.4))
    for rank, (code, name, population) in enumerate(
        [("91228", "Évry-Courcouronnes", 66_919), ("91340", "Lisses", 7_373)]
    ):
        _territory(
            "commune", code, name, epci=epci.code, region="11", population=population, contour=_square(2.4 + rank / 20)
        )
    _territory(
        "commune",
        "91215",
        "Épinay-sous-Sénart",
        region="11",
        population=1,
        contour=_square(2.5),
        former_codes=["91999"],
    )
    SiteFace.objects.create(site=Site.objects.get(is_default_site=True), name="Données du Sud", territory=epci)
    return epci


def _page(client, address: str, **facts) -> str:
    answer = client.get(address, **facts)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_home_page_draws_the_territory_as_links_and_as_a_list(client, place):
    html = _page(client, "/")
    assert html.count('href="/territoires/91228/"') == 2
    assert 'aria-label="Évry-Courcouronnes : 66\u202f919 habitants"' in html
    assert 'class="stone-5"' in html


def test_the_home_page_of_an_empty_portal_says_what_will_come(client):
    assert "Aucun jeu de données n’est encore publié" in _page(client, "/")


def test_the_figures_of_the_home_page_lead_to_their_data(client, place):
    make_dataset(title="Arceaux à vélos", themes=["transports"])
    bump_revision()
    html = _page(client, "/")
    assert '<a class="trail" href="/explore/" data-trail="[[&quot;Valeur&quot;, &quot;1&quot;]' in html
    assert 'href="/explore/?theme=transports"' in html


def test_no_page_sets_a_cookie_or_calls_elsewhere(client, place):
    for address in ("/", "/explore/", "/organisations/", "/territoires/", "/territoires/91228/", "/style/"):
        answer = client.get(address)
        assert not answer.cookies
        assert 'src="http' not in answer.content.decode()
        assert "<style" not in answer.content.decode()
        assert " style=" not in answer.content.decode()
        assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_a_territory_knows_its_kin_and_a_former_code_leads_to_its_heir(client, place):
    html = _page(client, "/territoires/91228/")
    assert "/territoires/200059228/" in html
    assert "/territoires/region-11/" in html
    answer = client.get("/territoires/91999/")
    assert (answer.status_code, answer["Location"]) == (301, "/territoires/91215/")
    assert client.get("/territoires/00000/").status_code == 404


def test_territories_are_found_without_accents_and_by_code(client, place):
    assert "Évry-Courcouronnes" in _page(client, "/territoires/?q=evry")
    assert "Lisses" in _page(client, "/territoires/?q=91340")


def test_an_organisation_shows_only_what_the_reader_may_see(client):
    ville = make_organisation("Ville de Lisses", slug="lisses")
    make_dataset(ville, title="Budget")
    make_dataset(ville, title="Notes internes", access=Access.INTERNAL)
    html = _page(client, "/organisations/lisses/")
    assert "Budget" in html
    assert "Notes internes" not in html
    assert client.get("/organisations/inconnue/").status_code == 404


@pytest.mark.parametrize("address", ["/feed.xml", "/organisations/lisses/feed.xml", "/sitemap.xml"])
def test_feeds_and_sitemap_hold_public_datasets_alone(client, address):
    ville = make_organisation("Ville de Lisses", slug="lisses")
    make_dataset(ville, dataset_id="budget", title="Budget & comptes")
    make_dataset(ville, dataset_id="notes", title="Notes internes", access=Access.INTERNAL)
    text = _page(client, address)
    ElementTree.fromstring(text.encode())
    assert "/explore/dataset/budget/information/" in text
    assert "notes" not in text.lower()


def test_the_colours_of_a_site_are_served_apart(client, place):
    assert "--accent" not in _page(client, "/theme.css")
    SiteFace.objects.update(accent="#7a1f3d")
    text = _page(client, "/theme.css")
    assert "--accent:#7a1f3d;" in text
    assert text.count("{") == text.count("}")


def test_small_files_answer(client, place):
    assert _page(client, "/healthz") == "ok"
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in _page(client, "/robots.txt")
    assert "<path" in _page(client, "/favicon.svg")
    for address in ("/mentions-legales/", "/accessibilite/", "/donnees-personnelles/"):
        _page(client, address)


def test_a_choice_of_appearance_is_kept_and_shown(client):
    answer = client.post("/preferences/", {"apparence": "dark", "next": "/explore/"})
    assert (answer.status_code, answer["Location"]) == (302, "/explore/")
    assert 'data-theme="dark"' in _page(client, "/")
    client.post("/preferences/", {"apparence": "auto", "next": "/"})
    assert "data-theme" not in _page(client, "/")


def test_preferences_lead_nowhere_else(client):
    for target in ("https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)"):
        assert client.post("/preferences/", {"next": target})["Location"] == "/"
    assert client.get("/preferences/").status_code == 405


def test_an_unknown_address_is_a_page_in_the_look_of_the_site(client):
    answer = client.get("/nulle-part/")
    assert answer.status_code == 404
    assert "Cette page n’existe pas" in answer.content.decode()


# -- languages by address


def test_behind_its_prefix_a_language_is_read_whatever_the_browser_says_and_links_stay_in_it(client, place):
    page = _page(client, "/en/explore/", headers={"Accept-Language": "fr"})
    assert '<html lang="en"' in tight(page)
    assert "Explore the datasets" in page or "Explore datasets" in page
    links = set(re.findall(r'href="(/[^"]*)"', page))
    assert {link for link in links if not link.startswith(("/en/", "/static/"))} == set()
    assert _page(client, "/explore/", headers={"Accept-Language": "fr"}).count('lang="fr"')


def test_each_page_names_its_address_in_each_language(client, place):
    for address in ("/explore/", "/en/explore/"):
        page = _page(client, address)
        assert '<link rel="alternate" hreflang="fr" href="http://127.0.0.1:8000/explore/">' in page
        assert '<link rel="alternate" hreflang="en" href="http://127.0.0.1:8000/en/explore/">' in page
        assert f'<link rel="canonical" href="http://127.0.0.1:8000{address}">' in tight(page)


def test_the_language_that_is_chosen_opens_the_same_page_in_it(client, place):
    for language, opened in (("en", "/en/explore/?q=a"), ("fr", "/explore/?q=a")):
        for start in ("/explore/?q=a", "/en/explore/?q=a"):
            assert client.post("/preferences/", {"langue": language, "next": start})["Location"] == opened


def test_the_back_office_has_no_prefix_of_a_language(client, place):
    assert client.get("/en/admin/login/?next=/")["Location"] == "/admin/login/?next=/"
    assert client.get("/en")["Location"] == "/en/"
    assert client.get("/enfance/").status_code == 404
