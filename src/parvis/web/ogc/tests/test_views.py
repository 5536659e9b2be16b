"""The doors of OGC API – Features, asked as the standard says."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from bs4 import BeautifulSoup
from shapely.geometry import shape as shape_of_json

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version
from parvis.core.mercator import mercator_y
from parvis.core.versions.manifest import ColumnProfile, write_manifest
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.services import rename_dataset
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.maps.factories import make_gardens, make_trees

pytestmark = pytest.mark.django_db

PLACES = [(2.40 + n / 1000, 48.60 + n / 2000) for n in range(45)]
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
TURN = 2 * math.pi * 6_378_137
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def make_stops(rows, **card):
    """A published dataset whose rows are: name, day, instant, lines, open, WKT or None."""
    columns = (
        Column("code", "Code", ColumnType.TEXT, annotations={"id": True}),
        Column("jour", "Jour", ColumnType.DATE),
        Column("instant", "Instant", ColumnType.DATETIME),
        Column("lignes", "Lignes", ColumnType.TEXT, annotations={"multivalued": True}),
        Column("ouvert", "Ouvert", ColumnType.BOOLEAN),
        Column("geo", "Lieu", ColumnType.GEO_POINT),
    )
    dataset = make_dataset(**{"title": "Arrêts", **card})
    source = make_version(versions_folder(dataset.uid) / dataset.current.name, columns, rows)
    profile = {"instant": ColumnProfile(0, 3, "2024-01-01T00:00:00+00:00", "2024-03-01T12:00:00+00:00")}
    write_manifest(
        Path(source.key),
        replace(source.manifest, bbox=(-61.5, -21.0, 55.6, 48.7), geometry_types=("Point",), profile=profile),
    )
    dataset.current.rows = len(rows)
    dataset.current.has_geometry = True
    dataset.current.save()
    return dataset


STOPS = [
    ("A 1/é", "2024-01-01", "2024-01-01T00:00:00+00:00", ["T1", "B"], True, "POINT(2.4 48.6)"),
    ("A2", "2024-02-15", "2024-02-15T08:30:00+00:00", ["B"], False, "POINT(55.5 -20.9)"),
    ("A3", "2024-03-01", "2024-03-01T12:00:00+00:00", [], None, "POINT(-61.4 16.2)"),
    ("A4", None, None, None, None, None),
]


def at(dataset, rest: str = "") -> str:
    return f"/ogc/collections/{dataset.dataset_id}{rest}"


def body(answer) -> dict:
    """The JSON of an answer, streamed or not."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200, content
    return json.loads(content)


def test_a_dataset_called_as_the_catalogue_is_has_its_rows_under_another_name(client, db):
    make_stops(STOPS, dataset_id="catalogue", title="Un catalogue de lieux")
    assert collections(client) == ["catalogue_"]
    document = body(client.get("/ogc/collections/catalogue_"))
    assert (document["id"], document["title"]) == ("catalogue_", "Un catalogue de lieux")
    for link in document["links"]:
        if link["rel"] in ("self", "items"):
            assert "/ogc/collections/catalogue_" in link["href"]
    page = body(client.get("/ogc/collections/catalogue_/items?limit=2"))
    assert len(page["features"]) == 2
    feature = client.get("/ogc/collections/catalogue_/items/A2", {"f": "html"})
    assert "/ogc/collections/catalogue_/items?f=html" in feature.content.decode()
    assert "/collections/catalogue_/items" in body(client.get("/ogc/api?f=json"))["paths"]
    # What leads to them leads there: the record, the graph.
    record = body(client.get("/ogc/collections/catalogue/items/catalogue"))
    assert any(link["href"].endswith("/ogc/collections/catalogue_") for link in record["links"])
    assert "/ogc/collections/catalogue_/items" in client.get("/catalog.ttl").content.decode()


def collections(client) -> list[str]:
    """Those of features: that of records, the catalogue, is always there."""
    rows = body(client.get("/ogc/collections"))["collections"]
    return [row["id"] for row in rows if row["itemType"] == "feature"]


def codes(client, dataset, **query) -> list[str]:
    return [one["id"] for one in body(client.get(at(dataset, "/items"), {"limit": 100, **query}))["features"]]


def names(client, dataset, **query) -> list[str]:
    features = body(client.get(at(dataset, "/items"), {"limit": 100, **query}))["features"]
    return [one["properties"]["nom"] for one in features]


def test_the_landing_page_leads_to_everything(client):
    make_trees(PLACES, dataset_id="arbres")
    home = body(client.get("/ogc"))
    links = {link["rel"]: link for link in home["links"]}
    assert {"self", "alternate", "service-desc", "service-doc", "conformance", "data"} <= set(links)
    assert links["service-desc"]["type"] == "application/vnd.oai.openapi+json;version=3.0"
    for link in home["links"]:
        answer = client.get(link["href"])
        assert answer.status_code == 200
        assert answer["Content-Type"].split(";")[0] == link["type"].split(";")[0]


def test_what_it_conforms_to_names_the_parts_built(client):
    classes = body(client.get("/ogc/conformance"))["conformsTo"]
    assert {address.rpartition("conf/")[2] for address in classes} == {
        "core", "collections", "oas30", "geojson", "html", "crs", "record-core", "record-collection",
        "record-core-query-parameters", "records-api", "searchable-catalog", "searchable-catalog-sorting", "sorting", "json",
    }  # fmt: skip


def test_the_collections_are_the_datasets_with_places(client):
    make_trees(PLACES, dataset_id="arbres")
    make_dataset(dataset_id="sans-carte")
    assert collections(client) == ["arbres"]
    kinds = {row["id"]: row["itemType"] for row in body(client.get("/ogc/collections"))["collections"]}
    assert kinds == {"arbres": "feature", "catalogue": "record"}
    assert client.get("/ogc/collections/sans-carte").status_code == 404
    assert client.get("/ogc/collections/sans-carte/items").status_code == 404


def test_a_collection_tells_where_when_and_in_which_systems(client):
    collection = body(client.get(at(make_stops(STOPS))))
    assert collection["extent"]["spatial"]["bbox"] == [[-61.5, -21.0, 55.6, 48.7]]
    assert collection["extent"]["temporal"]["interval"] == [["2024-01-01T00:00:00Z", "2024-03-01T12:00:00Z"]]
    assert {CRS84, f"{EPSG}4326", f"{EPSG}2154", f"{EPSG}3857", f"{EPSG}2975", f"{EPSG}5490"} <= set(collection["crs"])
    assert collection["storageCrs"] == CRS84
    near = body(client.get(at(make_trees(PLACES))))
    assert f"{EPSG}2154" in near["crs"]
    assert f"{EPSG}3949" in near["crs"]
    assert f"{EPSG}2975" not in near["crs"]


def test_a_page_of_features_counts_and_links(client):
    dataset = make_trees(PLACES)
    answer = client.get(at(dataset, "/items?limit=20"))
    assert answer["Content-Type"] == "application/geo+json"
    assert answer["Content-Crs"] == f"<{CRS84}>"
    assert 'rel="next"' in answer["Link"]
    page = body(answer)
    assert (page["numberMatched"], page["numberReturned"], len(page["features"])) == (45, 20, 20)
    assert page["timeStamp"].endswith("Z")
    feature = page["features"][0]
    assert feature["geometry"] == {"type": "Point", "coordinates": [2.4, 48.6]}
    assert feature["properties"] == {
        "nom": "Arbre n° 1",
        "espece": "Platane",
        "hauteur": 0.1,
        "plante_le": "2026-03-03",
    }


def test_following_the_next_links_gives_every_feature_once(client):
    dataset = make_trees(PLACES)
    address, seen = at(dataset, "/items?limit=7&espece=Tilleul"), []
    while address:
        page = body(client.get(address))
        assert page["numberMatched"] == 9
        seen += [one["properties"]["nom"] for one in page["features"]]
        address = next((one["href"] for one in page["links"] if one["rel"] == "next"), None)
    assert seen == [f"Arbre n° {rank}" for rank in range(5, 46, 5)]


def test_the_next_page_is_of_the_same_version(client):
    dataset = make_trees(PLACES)
    page = body(client.get(at(dataset, "/items?limit=7")))
    following = next(one["href"] for one in page["links"] if one["rel"] == "next")
    assert f"version={dataset.current.name}" in following


def test_an_offset_skips_features(client):
    dataset = make_trees(PLACES)
    page = body(client.get(at(dataset, "/items?limit=3&offset=40")))
    assert [one["properties"]["nom"] for one in page["features"]] == [f"Arbre n° {n}" for n in (41, 42, 43)]
    assert body(client.get(at(dataset, "/items?offset=400")))["features"] == []


def test_the_default_page_has_ten_features_and_the_largest_ten_thousand(client):
    dataset = make_trees(PLACES)
    assert body(client.get(at(dataset, "/items")))["numberReturned"] == 10
    assert body(client.get(at(dataset, "/items?limit=999999999")))["numberReturned"] == 45


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"bbox": "2.4,48.6,2.4045,48.61"}, range(1, 6)),
        ({"bbox": "2.4,48.6,0,2.4045,48.61,100"}, range(1, 6)),
        ({"bbox": "2.4,48.6,2.4045,48.61", "bbox-crs": CRS84}, range(1, 6)),
        ({"bbox": "48.6,2.4,48.61,2.4045", "bbox-crs": f"{EPSG}4326"}, range(1, 6)),
        ({"bbox": "10,48,11,49"}, []),
        ({"bbox": "170,48,2.4005,49"}, [1]),
        ({"datetime": "2026-03-03"}, range(1, 46)),
        ({"datetime": "2026-03-04"}, []),
        ({"espece": "Tilleul"}, range(5, 46, 5)),
        ({"espece": "Tilleul", "hauteur": "1.5"}, [15]),
        ({"where": "hauteur > 4.2"}, [43, 44, 45]),
        ({"where": "hauteur > 4.2", "bbox": "2.443,48,2.4435,49"}, [44]),
    ],
)
def test_conditions_keep_the_features_that_they_should(client, query, expected):
    assert names(client, make_trees(PLACES), **query) == [f"Arbre n° {n}" for n in expected]


def test_a_box_in_metres_keeps_what_stands_in_it(client):
    dataset = make_trees(PLACES)
    whole = body(client.get(at(dataset, "/items"), {"limit": 100, "crs": f"{EPSG}2154"}))["features"]
    x, y = whole[3]["geometry"]["coordinates"]
    box = f"{x - 20},{y - 20},{x + 20},{y + 20}"
    assert names(client, dataset, bbox=box, **{"bbox-crs": f"{EPSG}2154"}) == ["Arbre n° 4"]
    assert (
        names(client, dataset, bbox=f"{x},{y},{x + 9000},{y + 9000}", **{"bbox-crs": f"{EPSG}2154"})[-1]
        == "Arbre n° 45"
    )


@pytest.mark.parametrize(
    ("code", "place", "expected", "near"),
    [
        # The origin of Lambert-93 is its false easting and northing by definition.
        ("2154", (3.0, 46.5), (700_000, 6_600_000), 1e-6),
        ("3857", (2.4, 48.6), ((2.4 / 360) * TURN, (0.5 - mercator_y(48.6)) * TURN), 1e-6),
        ("4326", (2.4, 48.6), (48.6, 2.4), 0),
    ],
)
def test_coordinates_come_in_the_system_asked_for(client, code, place, expected, near):
    answer = client.get(at(make_trees([place]), "/items"), {"crs": EPSG + code})
    assert answer["Content-Crs"] == f"<{EPSG}{code}>"
    assert body(answer)["features"][0]["geometry"]["coordinates"] == pytest.approx(expected, abs=near)


def test_a_feature_without_place_is_in_every_box_and_without_date_in_every_period(client):
    dataset = make_stops(STOPS)
    assert codes(client, dataset, bbox="2,48,3,49") == ["A 1/é", "A4"]
    assert codes(client, dataset, datetime="2024-02-01T00:00:00Z/..") == ["A2", "A3", "A4"]
    assert body(client.get(at(dataset, "/items")))["features"][3]["geometry"] is None


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2024-02-15T08:30:00Z", ["A2"]),
        ("2024-02-15T09:30:00+01:00", ["A2"]),
        ("2024-02", ["A2"]),
        ("2024-01-01T00:00:00Z/2024-02-15T08:30:00Z", ["A 1/é", "A2"]),
        ("2024-01-02/2024-02-14", []),
        ("../2024-02-15", ["A 1/é", "A2"]),
        ("/2024-01-31", ["A 1/é"]),
        ("2024-03-01T12:00:00Z/", ["A3"]),
        ("2024-03-01T12:00:01Z/..", []),
    ],
)
def test_an_interval_keeps_the_instants_in_it(client, period, expected):
    assert codes(client, make_stops(STOPS), datetime=period) == [*expected, "A4"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"lignes": "B"}, ["A 1/é", "A2"]),
        ({"ouvert": "true"}, ["A 1/é"]),
        ({"jour": "2024-02-15"}, ["A2"]),
        ({"code": "A3"}, ["A3"]),
        ({"code": "' OR 1=1 --"}, []),
    ],
)
def test_values_are_compared_by_the_type_of_their_column(client, query, expected):
    assert codes(client, make_stops(STOPS), **query) == expected


def test_a_feature_is_found_by_its_identifier_whatever_its_letters(client):
    dataset = make_stops(STOPS)
    answer = client.get(at(dataset, "/items/A2"), {"crs": f"{EPSG}4326"})
    assert answer["Content-Type"] == "application/geo+json"
    feature = body(answer)
    assert (feature["type"], feature["id"], feature["geometry"]["coordinates"]) == ("Feature", "A2", [-20.9, 55.5])
    assert feature["properties"]["lignes"] == ["B"]
    assert {link["rel"] for link in feature["links"]} == {"self", "alternate", "collection"}
    assert body(client.get(at(dataset, "/items/A%201%2F%C3%A9")))["id"] == "A 1/é"
    assert client.get(at(dataset, "/items/inconnu")).status_code == 404


def test_features_bear_the_identifiers_of_the_records_of_the_explore_api(client):
    dataset = make_trees(PLACES)
    address = f"/api/explore/v2.1/catalog/datasets/{dataset.dataset_id}/records?limit=10&include_app_metas=true"
    records = client.get(address).json()["results"]
    features = body(client.get(at(dataset, "/items")))["features"]
    assert [one["id"] for one in features] == [one["_id"] for one in records]


def test_every_feature_of_a_page_is_found_again_by_its_identifier(client):
    dataset = make_trees(PLACES)
    for feature in body(client.get(at(dataset, "/items?limit=5")))["features"]:
        again = body(client.get(at(dataset, f"/items/{feature['id']}")))
        assert again["properties"] == feature["properties"]


BAD = [
    ("limit=0", "limit"),
    ("limit=-1", "limit"),
    ("limit=abc", "limit"),
    ("offset=-2", "offset"),
    ("offset=99999999999999999999", "offset"),
    ("bbox=1,2,3", "bbox"),
    ("bbox=1,2,3,x", "bbox"),
    ("bbox=1,2,3,nan", "bbox"),
    ("bbox=1,50,3,40", "bbox"),
    ("bbox=5,40,3,50&bbox-crs=EPSG:3857", "bbox"),
    ("bbox-crs=nulle-part", "nulle-part"),
    ("crs=http://www.opengis.net/def/crs/EPSG/0/9999999", "9999999"),
    ("datetime=hier", "datetime"),
    ("datetime=../..", "datetime"),
    ("datetime=2024/2023", "datetime"),
    ("datetime=a/b/c", "datetime"),
    ("f=xml", "xml"),
    ("couleur=rouge", "couleur"),
    ("hauteur=beaucoup", "hauteur"),
    ("where=especes='x'", "« espece »"),
    ("where=espece='x", "ODSQL"),
]


@pytest.mark.parametrize(("query", "word"), BAD)
def test_what_makes_no_sense_is_refused_with_its_reason(client, query, word):
    answer = client.get(at(make_trees(PLACES), f"/items?{query}"))
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["code"] == "InvalidParameterValue"
    assert word in answer.json()["description"]


def test_unknown_parameters_are_refused_everywhere(client):
    dataset = make_trees(PLACES)
    for address in ("/ogc", "/ogc/conformance", "/ogc/collections", "/ogc/api", at(dataset), at(dataset, "/items/1")):
        answer = client.get(address, {"couleur": "rouge"})
        assert (answer.status_code, answer.json()["code"]) == (400, "InvalidParameterValue")


def test_other_addresses_and_methods_are_refused_in_the_same_shape(client):
    dataset = make_trees(PLACES)
    assert client.get("/ogc/autre").json()["code"] == "NotFound"
    assert client.get("/ogc/collections/inconnu/items").json()["code"] == "NotFound"
    answer = client.post(at(dataset, "/items"))
    assert (answer.status_code, answer.json()["code"]) == (405, "MethodNotAllowed")


def test_pages_of_other_sites_may_ask(client):
    answer = client.get("/ogc")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert client.options("/ogc/collections").status_code == 200


def test_a_renamed_dataset_redirects(client):
    dataset = make_trees(PLACES, dataset_id="anciens")
    rename_dataset(OPERATOR, dataset, "nouveaux")
    answer = client.get("/ogc/collections/anciens/items?limit=3")
    assert (answer.status_code, answer["Location"]) == (301, "/ogc/collections/nouveaux/items?limit=3")


def test_an_answer_known_already_is_not_sent_again(client):
    address = at(make_trees(PLACES), "/items?limit=3")
    tag = client.get(address)["ETag"]
    again = client.get(address, headers={"if-none-match": tag})
    assert again.status_code == 304
    assert client.get(address.replace("limit=3", "limit=4"), headers={"if-none-match": tag}).status_code == 200


def test_shapes_come_as_they_are_and_are_cut_by_no_box(client):
    hole = (
        "POLYGON((2.4 48.6, 2.5 48.6, 2.5 48.7, 2.4 48.7, 2.4 48.6), (2.42 48.62, 2.44 48.62, 2.44 48.64, 2.42 48.62))"
    )
    far = "MULTIPOLYGON(((2.9 48.9, 2.95 48.9, 2.95 48.95, 2.9 48.9)))"
    dataset = make_gardens([hole, far], (2.4, 48.6, 2.95, 48.95))
    features = body(client.get(at(dataset, "/items?bbox=2.41,48.61,2.415,48.615")))["features"]
    assert len(features) == 1
    assert shape_of_json(features[0]["geometry"]).equals(shapely.from_wkt(hole))
    # Boxes that meet the box of a shape but not the shape itself, here its hole.
    assert body(client.get(at(dataset, "/items?bbox=2.436,48.6255,2.437,48.627")))["features"] == []


def test_pages_for_people_show_the_same(client):
    dataset = make_stops(STOPS, title="Arrêts <b>de</b> bus")
    for address in (
        "/ogc",
        "/ogc/conformance",
        "/ogc/api",
        "/ogc/collections",
        at(dataset),
        at(dataset, "/items"),
        at(dataset, "/items/A2"),
    ):
        answer = client.get(address, headers={"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"})
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
        text = answer.content.decode()
        assert "<b>de</b>" not in text
        assert 'lang="fr"' in text
    assert "4 objets répondent" in client.get(at(dataset, "/items?f=html")).content.decode()
    for address, words in (("/items", ["oui", "non"]), ("/items/A2", ["non"]), ("/items/A3", [])):
        page = BeautifulSoup(client.get(at(dataset, f"{address}?f=html")).content, "html.parser")
        cells = [cell.get_text(strip=True) for cell in page.find_all("td")]
        assert [text for text in cells if text in ("oui", "non")] == words
    refused = client.get(at(dataset, "/items?f=html&limit=0"))
    assert (refused.status_code, refused["Content-Type"]) == (400, "text/html; charset=utf-8")


def test_the_description_names_every_collection_and_its_columns(client):
    dataset = make_stops(STOPS)
    description = body(client.get("/ogc/api"))
    assert description["openapi"].startswith("3.0")
    items = description["paths"][f"/collections/{dataset.dataset_id}/items"]["get"]["parameters"]
    assert {"code", "jour", "instant", "lignes", "ouvert"} == {
        parameter["name"] for parameter in items if "name" in parameter
    }
    for parameter in items:
        if "$ref" in parameter:
            assert parameter["$ref"].rpartition("/")[2] in description["components"]["parameters"]


def test_a_column_called_like_a_parameter_gives_way(client):
    columns = (Column("limit", "Limite", ColumnType.INT), Column("geo", "Lieu", ColumnType.GEO_POINT))
    dataset = make_dataset()
    source = make_version(
        versions_folder(dataset.uid) / dataset.current.name, columns, [(n, "POINT(2 48)") for n in range(5)]
    )
    write_manifest(Path(source.key), replace(source.manifest, bbox=(2, 48, 2, 48), geometry_types=("Point",)))
    dataset.current.has_geometry = True
    dataset.current.save()
    assert body(client.get(at(dataset, "/items?limit=2")))["numberReturned"] == 2


def test_a_question_as_long_as_an_address_makes_no_header_that_a_proxy_would_refuse(client):
    dataset = make_trees(PLACES)
    condition = " or ".join(f"nom = 'un nom assez long, le {rank}e'" for rank in range(400))
    answer = client.get(at(dataset, "/items"), {"where": condition, "f": "json"})
    assert answer.status_code == 200
    assert len(answer.get("Link", "")) <= 2_000
    assert {link["rel"] for link in body(answer)["links"]} >= {"self", "alternate", "collection"}
