"""A site behind a prefix of the main one: found, filtered, and never left by one of its own links."""

from __future__ import annotations

import io
import re
from collections import deque
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.urls import get_script_prefix
from wagtail.models import Site

from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.addresses import absolute_path, canonical
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore import services
from parvis.hub.pages.services import make_page
from parvis.hub.sites.models import SiteFace
from parvis.hub.sites.reserved_prefixes import reserved_words
from parvis.hub.sites.services import main_site, make_site, set_face
from parvis.hub.territories.models import Territory
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db

PREFIX = "/lieusaint"
SHARED = ("/static/", "/media/", "/lieusaint/admin/")
"""What every site has in common: files of the software, pictures, and the back office, to which the prefix redirects."""
ALL_ROWS = "/explore/dataset/arceaux/"
"""Where a page of the commune's site leads for all the rows: the main site, said in plain words."""


@pytest.fixture
def communes(db):
    rows = (("77251", "Lieusaint", 2.4), ("91228", "Évry-Courcouronnes", 2.5))
    return [
        Territory.objects.create(
            kind="commune",
            code=code,
            name=name,
            folded=name.lower(),
            epci="200059228",
            population=13_000,
            contour=square(west),
        )
        for code, name, west in rows
    ]


def square(west: float) -> dict:
    ring = [[west, 48.5], [west + 0.1, 48.5], [west + 0.1, 48.7], [west, 48.7], [west, 48.5]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def site(communes):
    return make_site(OPERATOR, communes[0], "lieusaint.exemple.fr", parent=main_site(), prefix="lieusaint")


@pytest.fixture
def arceaux(site, communes):
    """A dataset with a place and a commune on each row: half of them of each commune."""
    dataset = create_dataset(
        OPERATOR,
        make_organisation(),
        "arceaux",
        {
            "title": "Arceaux",
            "description": "Des arceaux.",
            "licence": "lov2",
            "themes": ["transport"],
            "keywords": ["vélo"],
        },
    )
    rows = "".join(
        f"{communes[n % 2].code};Rue {n};48.6;{communes[n % 2].contour['coordinates'][0][0][0] + 0.05}\n"
        for n in range(40)
    )
    body = f"code_insee;nom;latitude;longitude\n{rows}".encode()
    deposit = services.open_deposit(OPERATOR, "arceaux.csv", len(body))
    services.append(OPERATOR, deposit, 0, io.BytesIO(body))
    services.run_import_here(OPERATOR, services.start_import(OPERATOR, deposit=deposit, dataset=dataset, publish=True))
    return dataset


def test_a_prefix_leads_to_the_site_with_its_face_and_its_lens(client, arceaux):
    records = "/api/explore/v2.1/catalog/datasets/arceaux/records"
    assert client.get(PREFIX + records).json()["total_count"] == 20
    assert client.get(records).json()["total_count"] == 40
    assert "Les données de Lieusaint" in client.get(f"{PREFIX}/").content.decode()
    assert "Les données de Lieusaint" not in client.get("/").content.decode()


def test_nothing_of_the_prefix_is_left_once_the_request_is_answered(client, site):
    client.get(f"{PREFIX}/explore/")
    assert (get_script_prefix(), absolute_path("/explore/")) == ("/", "/explore/")
    assert canonical(absolute_path("/explore/")).endswith(":8000/explore/")


def test_the_prefix_alone_leads_to_its_home_and_its_back_office_to_the_only_one(client, site):
    assert client.get(f"{PREFIX}?a=1").headers["Location"] == "/lieusaint/?a=1"
    assert client.get(f"{PREFIX}/admin/pages/?a=1").headers["Location"] == "/admin/pages/?a=1"
    assert client.get("/lieusainte/").status_code == 404


def test_a_former_prefix_leads_to_the_new_one_until_another_site_takes_it(client, site, communes):
    set_face(OPERATOR, site, prefix="ville")
    page = client.get(f"{PREFIX}/explore/?q=v%C3%A9lo&theme=transport")
    assert (page.status_code, page.headers["Location"]) == (302, "/ville/explore/?q=v%C3%A9lo&theme=transport")
    assert client.get(f"{PREFIX}/territoires/é/").headers["Location"] == "/ville/territoires/%C3%A9/"
    assert client.get("/ville/explore/").status_code == 200
    set_face(OPERATOR, site, prefix="lisses")
    assert client.get(f"{PREFIX}/explore/").headers["Location"] == "/lisses/explore/"
    assert client.get("/ville/explore/").headers["Location"] == "/lisses/explore/"
    make_site(OPERATOR, communes[1], "evry.exemple.fr", parent=main_site(), prefix="ville")
    assert client.get("/ville/explore/").status_code == 200
    set_face(OPERATOR, site, prefix="lieusaint")
    assert client.get(f"{PREFIX}/explore/").status_code == 200


def test_a_site_without_a_prefix_any_more_is_found_at_its_host_name(client, site):
    set_face(OPERATOR, site, prefix="")
    location = client.get(f"{PREFIX}//exemple.org/").headers["Location"]
    assert location == "http://lieusaint.exemple.fr:8000/exemple.org/"


def test_a_path_without_its_final_slash_stays_behind_the_prefix(client, site):
    assert client.get(f"{PREFIX}/explore").headers["Location"] == "/lieusaint/explore/"


def test_a_host_name_of_its_own_gives_its_own_canonical_addresses(client, site, settings):
    page = tight(client.get("/explore/", headers={"host": "lieusaint.localhost"}).content.decode())
    assert 'rel="canonical" href="http://127.0.0.1:8000/explore/"' in page
    Site.objects.filter(pk=site.pk).update(hostname="lieusaint.localhost")
    set_face(OPERATOR, site, tagline="Une autre phrase")
    page = tight(client.get("/explore/", headers={"host": "lieusaint.localhost"}).content.decode())
    assert 'rel="canonical" href="http://lieusaint.localhost:8000/explore/"' in page


def test_the_canonical_address_bears_the_prefix_once(client, arceaux):
    page = client.get(f"{PREFIX}/explore/dataset/arceaux/information/").content.decode()
    assert 'rel="canonical" href="http://127.0.0.1:8000/lieusaint/explore/dataset/arceaux/information/"' in page


@pytest.mark.parametrize(
    "word", ["explore", "api", "admin", "static", "sql", "pages", "compte", "Majuscule", "deux mots", "i18n"]
)
def test_a_prefix_that_is_an_address_of_the_portal_or_cannot_be_one_is_refused_with_a_sentence(site, word):
    with pytest.raises(ValidationError) as refused:
        set_face(OPERATOR, site, prefix=word)
    assert list(refused.value.message_dict) == ["prefix"]


def test_two_sites_cannot_share_a_prefix(site, communes):
    with pytest.raises(ValidationError):
        make_site(OPERATOR, communes[1], "evry.exemple.fr", parent=main_site(), prefix="lieusaint")
    assert not Site.objects.filter(hostname="evry.exemple.fr").exists()


def test_the_main_site_has_no_prefix(site):
    with pytest.raises(ValidationError):
        set_face(OPERATOR, main_site(), prefix="agglo")
    assert not SiteFace.objects.filter(prefix="agglo").exists()


def test_every_first_word_of_an_address_is_reserved():
    assert {"explore", "api", "tiles", "carte", "ogc", "mcp", "valider", "pages", "graphiques"} <= reserved_words()


STARTS = (
    "/", "/explore/?q=arceaux", "/sql/?q=select+1", "/api/console/", "/valider/", "/schemas/", "/ogc?f=html",
    "/ogc/collections?f=json", "/api/explore/v2.1/", "/api/explore/v2.0/catalog/datasets", "/api/datasets/1.0/search/",
    "/api/explore/v2.1/catalog/exports/rss", "/catalog.ttl", "/catalog.jsonld", "/sitemap.xml", "/feed.xml",
    "/api/explore/v2.1/openapi.json", "/api/parvis/v1/openapi.json", "/api/parvis/v1/charts", "/api/parvis/v1/schemas?q=irve",
    "/tiles/arceaux/layer.json", "/compte/login/", "/explore/?q=introuvable", "/rien/", "/territoires/77251/", "/graphiques/",
    "/indicateurs/", "/pages/", "/style/", "/preferences/", "/api/explore/v2.1/catalog/datasets/arceaux/records?include_links=true",
    "/api/explore/v2.1/catalog/exports/data.json", "/api/explore/v2.1/catalog/exports/json",
    "/api/parvis/v1/sql?q=select+nom+from+arceaux",
)  # fmt: skip

_IN_HTML = re.compile(r"""(?:href|src|action|formaction|poster|data-[\w-]+|srcset)=["']((?:/|https?://)[^"'\s]*)""")
_IN_ATTRIBUTES = re.compile(r"""["'](/[a-z][\w./?=&%-]*)["']""")
_WHOLE = re.compile(r"""https?://(?:testserver|127\.0\.0\.1:8000)(/[^\s"'<>\\)]*)?""")


def links_of(response, address: str) -> set[str]:
    """Every address of this portal that an answer says, as a path."""
    if response.headers.get("Location"):
        return {urljoin(address, response.headers["Location"])}
    kind = response.headers.get("Content-Type", "")
    if not re.search("html|json|xml|text|turtle", kind):
        return set()
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = re.sub(r'<a rel="up"[^>]*>', "", unescape(body.decode("utf-8", "replace")))  # the way to the whole site
    links = {f"{path or '/'}" for path in _WHOLE.findall(text)}
    if "html" in kind:
        links |= {link for link in _IN_HTML.findall(text) if link.startswith("/") and not link.startswith("//")}
        links |= set(_IN_ATTRIBUTES.findall(unescape(" ".join(re.findall(r'data-[\w-]+="([^"]*)"', text)))))
    if "json" in kind:
        links |= {link for link in re.findall(r'": ?"(/[^"]*)"', text) if not link.startswith("//")}
    return links


def test_no_link_of_a_site_behind_a_prefix_leaves_it(client, arceaux, site):
    make_page(OPERATOR, site, "velo", "Le vélo", [{"type": "text", "value": "<p>Du texte.</p>"}])
    queue = deque(PREFIX + start for start in STARTS)
    seen, shapes, astray = set(queue), {}, []
    while queue:
        address = queue.popleft()
        for link in links_of(client.get(address), address):
            link = link.removeprefix("/en")  # the same page in the other language
            if link.startswith(SHARED) or link == ALL_ROWS:
                continue
            if not f"{link}/".startswith((f"{PREFIX}/", f"{PREFIX}?", f"{PREFIX}#")):
                astray.append(f"{address} → {link}")
                continue
            path = urlsplit(link).path
            shape = re.sub(r"\d+", "0", path)
            if link not in seen and shapes.get(shape, 0) < 1 and len(seen) < 260:
                shapes[shape] = shapes.get(shape, 0) + 1
                seen.add(link)
                queue.append(link.partition("#")[0])
    assert not astray, "\n".join(sorted(set(astray))[:40])
    assert len(seen) > 120
