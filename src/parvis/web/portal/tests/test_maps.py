"""Maps on the portal: the list, a page, the maker, pictures, layers, the search of places, the API, for each reader."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import fields
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import jsonschema
import pytest

from parvis.core.atlas.description import MapDescription
from parvis.core.atlas.kinds import KINDS
from parvis.core.charts.description import SeriesSource
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.atlas.factories import HOSTILE, described, made_trees, make_map, make_towns, make_trees
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.charts.factories import make_chart
from parvis.hub.records.rules import Status as RecordStatus
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.territories.models import Territory
from parvis.hub.ui.tests.markup import tight
from parvis.web.portal import drawing_schemas

pytestmark = pytest.mark.django_db

MAKER = "/explore/dataset/arbres/map/composer/"


@pytest.fixture
def trees():
    make_towns()
    return make_trees()


def shown(client, address, status=200, **headers):
    answer = client.get(address, **headers)
    assert answer.status_code == status, answer.content[:2000]
    return unescape(tight(answer.content.decode()))


def spec(body):
    return json.loads(re.search(r'<script id="carte-reglages" type="application/json">(.*?)</script>', body, re.S)[1])


def unsaved(name, *layers, **query):
    return f"/cartes/-/{name}?{urlencode({'c': described(*layers).to_json(), **query})}"


def chosen(body):
    """The fields of the form as a browser would send them."""
    form = re.search(r'<form action=.*?data-maker="map"[^>]*>(.*?)</form>', body, re.S)[1]
    fields = dict(re.findall(r'<input type="text"[^>]*name="([^"]+)" value="([^"]*)"', form))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)">(.*?)</select>', form, re.S):
        picked = re.search(r'<option value="([^"]*)" selected', options)
        fields[name] = picked[1] if picked else ""
    fields |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S))
    return {name: value for name, value in fields.items() if value}


# The maker


def test_a_dataset_leads_to_the_maker_that_shows_a_map_at_once(client, trees):
    assert MAKER in shown(client, "/explore/dataset/arbres/map/")
    assert MAKER in shown(client, "/explore/dataset/arbres/analyze/")
    body = shown(client, MAKER)
    assert "60 emplacements sur la carte." in body and 'value="points" selected' in body
    assert spec(body)["layers"][0]["kind"] == "points"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_answers_from_its_name_alone(client, trees, kind):
    body = shown(client, f"{MAKER}?genre={kind}")
    assert f'value="{kind}" selected' in body and spec(body)["layers"][0]["kind"] == kind


def test_the_address_says_the_whole_map_and_the_form_says_it_again(client, trees):
    make_trees(dataset_id="arbres-prives", title="Arbres privés")
    form = {
        "genre": "choropleth",
        "codes": "insee",
        "niveau": "commune",
        "calcul": "sum",
        "mesure": "hauteur",
        "rapport": "inhabitants",
        "classes": "chosen",
        "bornes": "1,5 ; 4",
        "unite": "m",
        "bulle": "{territoire} : {valeur}",
        "condition": "annee > 2021",
        "c2-jeu": "arbres-prives",
        "c2-genre": "points",
        "c2-couleur": "espece",
        "c2-taille": "hauteur",
        "c2-temps": "annee",
        "c2-nom": "Privés",
        "c2-condition": "hauteur > 3",
        "titre": "De grands arbres",
        "depart": "2.45 ; 48.62 ; 11",
        "comparer": "1-2",
    }
    body = shown(client, f"{MAKER}?{urlencode(form)}")
    again = shown(client, f"{MAKER}?{urlencode(chosen(body))}")
    described_as = [
        MapDescription.from_json(parse_qs(urlsplit(one).query)["c"][0]) for one in (door(body), door(again))
    ]
    assert described_as[0] == described_as[1]
    first, second = described_as[0].layers
    assert (first.bounds, first.per, first.where, first.unit) == ((1.5, 4.0), "inhabitants", ("annee > 2021",), "m")
    assert (second.size, second.time, second.label, second.where) == ("hauteur", "annee", "Privés", ("hauteur > 3",))
    assert (described_as[0].compare, described_as[0].start) == ((1, 2), (2.45, 48.62, 11.0))


def door(body):
    return re.search(r'<img src="([^"]*)"', body)[1]


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"genre": "choropleth", "classes": "chosen", "bornes": "dix"}, "« Bornes des classes » : dix"),
        ({"depart": "ici"}, "« Vue de départ » : ici"),
        ({"condition": "hauteur >"}, "Code"),
        (
            {"condition.colonne": "hauteur", "condition.op": "min", "condition.valeur": "haut", "condition.avant": ""},
            "« haut » n’est pas un nombre",
        ),
        ({"bulle": "{inconnue}"}, "la colonne « inconnue »"),
        ({"genre": "choropleth", "formule": "sum(nom)"}, "Code"),
    ],
)
def test_what_makes_no_sense_is_explained_and_the_form_keeps_what_was_typed(client, trees, form, message):
    body = shown(client, f"{MAKER}?{urlencode({'titre': 'Des arbres', **form})}", status=400)
    assert message in body
    fields = chosen(body)
    assert fields["titre"] == "Des arbres"
    for name, value in form.items():
        assert value in (fields.get(name), "{inconnue}") or f'value="{value}"' in body


def test_a_map_of_nothing_is_told_and_the_form_stays(client, trees):
    body = shown(client, f"{MAKER}?condition={urlencode({'': 'hauteur > 999'})[1:]}")
    assert "Aucune ligne ne répond aux filtres de cette carte." in body and ">hauteur > 999</textarea>" in body


def test_who_may_save_is_led_to_where_the_map_is_kept(client, trees):
    assert "Enregistrer cette carte" not in shown(client, MAKER)
    client.force_login(make_member(trees.organisation, Role.CONTRIBUTOR))
    body = shown(client, f"{MAKER}?genre=heat")
    address = re.search(r'href="(/admin/cartes/-/nouvelle/[^"]*)"', body)[1]
    assert parse_qs(urlsplit(address).query) == {"genre": ["heat"], "jeu": ["arbres"]}


# Drawing maps


def test_a_saved_map_has_a_page_a_picture_to_share_a_list_and_a_way_to_cite_it(client, trees):
    saved_map = make_map(trees)
    body = shown(client, saved_map.get_absolute_url())
    assert '<h1 class="chart-title">Des arbres partout</h1>' in body
    assert re.search(r'<meta property="og:image" content="http[^"]*/cartes/des-arbres-partout/image.png', body)
    assert "/cartes/des-arbres-partout/cadre/" in body and "d’après « Arbres »" in body
    assert body.count('<th scope="row"') == 60 and HOSTILE in body
    assert "<img src=x" not in client.get(saved_map.get_absolute_url()).content.decode()
    for listing in ("/cartes/", "/sitemap.xml"):
        assert saved_map.get_absolute_url() in shown(client, listing)
    assert "Disallow: /cartes/-/" in shown(client, "/robots.txt")
    maker = re.search(r'href="(/explore/dataset/arbres/map/composer/[^"]*)"', body)[1]
    assert spec(shown(client, maker))["title"] == "Des arbres partout"


def test_a_moment_and_a_place_are_chosen_without_any_script(client, trees):
    page = make_map(trees, {"time": "annee"}).get_absolute_url()
    body = shown(client, f"{page}?periode=2022")
    count = sum(row[3] == 2022 for row in made_trees())
    assert f"2022\u00a0: {count} emplacements sur la carte." in body and 'value="2022" selected' in body
    body = shown(client, f"{page}?periode=2022&lieu=grigny")
    answer = re.search(r'href="(\?[^"]*centre[^"]*)"', body)[1]
    near = shown(client, page + answer.partition("#")[0])
    assert "Du plus près au plus loin de : Grigny" in near and "periode=2022" in answer
    assert "Aucun lieu de ce nom" in shown(client, f"{page}?lieu=atlantide")


def test_an_empty_map_keeps_its_page(client, trees):
    saved_map = make_map(trees, {"where": ("hauteur > 999",)})
    assert "Aucune ligne ne répond" in shown(client, saved_map.get_absolute_url())


def test_pictures_and_layers_are_given_with_a_mark_and_not_made_twice_for_nothing(client, trees):
    page = make_map(trees).get_absolute_url()
    for name, kind in (
        ("image.svg", "image/svg+xml"),
        ("image.png", "image/png"),
        ("couche-1.geojson", "application/geo+json"),
    ):
        first = client.get(page + name)
        assert first.status_code == 200 and first["Content-Type"].startswith(kind)
        assert client.get(page + name, headers={"If-None-Match": first["ETag"]}).status_code == 304
        assert "no-cache" in first["Cache-Control"]
    assert ET.fromstring(client.get(f"{page}image.svg?titre=1&theme=dark").content).get("width") == "960"
    assert "default-src 'none'" in client.get(f"{page}image.svg")["Content-Security-Policy"]
    layer = client.get(f"{page}couche-1.geojson").json()
    assert (layer["numberMatched"], layer["numberReturned"], len(layer["features"])) == (60, 60, 60)
    assert client.get(f"{page}couche-2.geojson").status_code == 404


def test_shaded_territories_bear_their_value_in_words_and_the_address_of_their_rows(client, trees):
    page = make_map(trees, {"kind": "choropleth", "per": "inhabitants"}).get_absolute_url()
    features = client.get(f"{page}couche-1.geojson").json()["features"]
    by_name = {one["properties"]["territoire"]: one["properties"] for one in features}
    assert by_name["Grigny"]["valeur"] == pytest.approx(20 * 1_000 / 30_000)
    assert by_name["Grigny"]["dit"][0] == "Grigny" and "0,67" in by_name["Grigny"]["dit"][1]
    assert ">20</a> lignes" in shown(client, by_name["Grigny"]["lignes"])


def test_a_map_alone_may_be_framed_elsewhere_and_its_page_may_not(client, trees):
    page = make_map(trees).get_absolute_url()
    embed = client.get(f"{page}cadre/")
    assert "X-Frame-Options" not in embed and "frame-ancestors 'self' *" in embed["Content-Security-Policy"]
    assert '<base target="_top">' in embed.content.decode()
    assert client.get(page)["X-Frame-Options"] == "SAMEORIGIN"


def test_places_are_given_to_programs_as_a_list(client, trees):
    page = make_map(trees).get_absolute_url()
    places = client.get(f"{page}lieux.json?q=lieusaint").json()
    assert [(one["text"], one["kind"]) for one in places] == [("Lieusaint", "commune")]
    assert client.get(f"{page}lieux.json").json() == []


def test_the_api_gives_what_was_asked_what_was_answered_and_where_the_layers_are(client, trees):
    saved_map = make_map(trees, {"kind": "choropleth"}, {"colour": "espece"})
    body = client.get(f"/api/parvis/v1/maps/{saved_map.slug}").json()
    assert MapDescription.from_dict(body["description"]) == saved_map.described
    assert sum(row["value"] for row in body["layers"][0]["values"]) == 60 == body["layers"][1]["total"]
    assert set(body) == set(drawing_schemas.Map.model_fields)
    assert set(body["layers"][0]) == set(drawing_schemas.MapLayer.model_fields)
    assert client.get(urlsplit(body["layers"][1]["geojson"]).path).status_code == 200
    listed = client.get("/api/parvis/v1/maps").json()
    assert (listed["total_count"], listed["results"][0]["slug"]) == (1, saved_map.slug)
    assert client.get("/api/parvis/v1/maps/jamais").json()["error_code"] == "not-found"
    assert client.post("/api/parvis/v1/maps").status_code == 405


def test_the_description_of_the_api_says_all_that_a_map_may_hold(client, trees):
    schemas = client.get("/api/parvis/v1/openapi.json").json()["components"]["schemas"]
    assert set(schemas["MapQuestion"]["properties"]) == {attribute.name for attribute in fields(MapDescription.part)}
    classes = {"colour": "hauteur", "classes": "chosen", "bounds": [5, 12.5]}
    saved_map = make_map(trees, {"kind": "choropleth"}, classes)
    body = client.get(f"/api/parvis/v1/maps/{saved_map.slug}").json()
    assert body["description"]["layers"][1]["bounds"] == [5, 12.5]
    jsonschema.validate(body, {"$ref": "#/components/schemas/Map", "components": {"schemas": schemas}})


def test_a_page_of_a_map_in_english_is_english(client, trees):
    body = shown(client, make_map(trees).get_absolute_url(), headers={"Accept-Language": "en"})
    assert "60 places on the map." in body and "Download or embed the map" in body and "Search for a place" in body


# Rights


def doors(saved_map):
    page = saved_map.get_absolute_url()
    saved = [page, f"{page}image.svg", f"{page}image.png", f"{page}couche-1.geojson", f"{page}lieux.json?q=arbre"]
    names = ("image.svg", "image.png", "couche-1.geojson", "lieux.json")
    return [*saved, f"/api/parvis/v1/maps/{saved_map.slug}", MAKER, *(unsaved(name, q="arbre") for name in names)]


@pytest.mark.parametrize("change", [{"access": Access.RESTRICTED}, {"status": Status.UNPUBLISHED}])
def test_no_door_shows_a_dataset_that_the_reader_may_not_read(client, trees, change):
    saved_map = make_map(trees)
    for address in doors(saved_map):
        assert client.get(address).status_code == 200, address
    for name, value in change.items():
        setattr(trees, name, value)
    trees.save()
    for address in doors(saved_map):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert "Arbre 1" not in answer.content.decode(errors="replace")
    for address in (f"{saved_map.get_absolute_url()}cadre/", unsaved("cadre/")):
        answer = client.get(address)
        assert answer.status_code in (400, 404) and "Arbre" not in answer.content.decode()
    for listing in ("/cartes/", "/api/parvis/v1/maps", "/sitemap.xml"):
        assert saved_map.slug not in client.get(listing).content.decode()
    client.force_login(make_member(trees.organisation, Role.CONTRIBUTOR))
    assert client.get(f"{saved_map.get_absolute_url()}image.svg").status_code == 200


def test_one_closed_layer_closes_the_whole_map(client, trees):
    make_trees(dataset_id="secrets", title="Secrets", access=Access.RESTRICTED)
    saved_map = make_map(trees, {}, {"dataset": "secrets"})
    for address in doors(saved_map)[:6]:
        assert client.get(address).status_code == 404, address
    assert client.get(f"{MAKER}?c2-jeu=secrets").status_code == 404
    assert "Secrets" not in shown(client, MAKER)


def test_a_draft_has_no_page_for_strangers(client, trees):
    saved_map = make_map(trees, status=RecordStatus.DRAFT)
    page = saved_map.get_absolute_url()
    addresses = [page + name for name in ("", "image.svg", "image.png", "couche-1.geojson", "lieux.json", "cadre/")]
    assert {client.get(one).status_code for one in [*addresses, f"/api/parvis/v1/maps/{saved_map.slug}"]} == {404}
    assert "Des arbres partout" not in shown(client, "/cartes/")
    client.force_login(make_member(trees.organisation, Role.CONTRIBUTOR))
    assert "Brouillon" in shown(client, page)


@pytest.mark.parametrize("text", ["", "{}", "[]", "x", '{"layers":[]}', '{"layers":[{"dataset":"../x"}]}', "[" * 9_000])
def test_a_description_that_makes_no_sense_is_refused(client, text):
    for name in ("image.svg", "couche-1.geojson", "lieux.json", "cadre/"):
        assert client.get(f"/cartes/-/{name}", {"c": text}).status_code == 400, name


def test_a_map_follows_a_dataset_whose_identifier_changed(client, trees):
    saved_map = make_map(trees)
    trees.aliases.create(former_id="arbres")
    trees.dataset_id = "arbres-d-alignement"
    trees.save()
    assert "/explore/dataset/arbres-d-alignement/" in shown(client, saved_map.get_absolute_url())
    assert "Des arbres partout" in shown(client, "/cartes/")


def test_what_would_be_wrong_of_a_commune_alone_is_left_to_the_main_site(client, trees):
    commune = Territory.objects.get(code="91286")
    make_site(OPERATOR, commune, "grigny.exemple.fr", parent=main_site(), prefix="grigny")
    Territory.objects.create(kind="departement", code="91", name="Essonne", folded="essonne", contour=commune.contour)
    layer = {"kind": "choropleth", "territory": "insee", "level": "departement"}
    source = SeriesSource("arbres", grouping="insee", territory="departement")
    drawn = (make_map(trees, layer), make_chart(trees, title="Des arbres par département", sources=(source,)))
    for drawing in drawn:
        address = drawing.get_absolute_url()
        assert drawing.title in shown(client, address)
        page = shown(client, f"/grigny{address}")
        assert "Ce site ne montre que les lignes qui concernent Grigny" in page
        assert f'<a href="http://127.0.0.1:8000{address}">' in page
