"""The requests that known consumers of Opendatasoft portals make, as they write them: each must find what it needs.

The list was taken down from the consumers at work (ods-widgets in a browser) or from reading how they ask; the words of the
requests are theirs, the dataset ours.
"""

from __future__ import annotations

import csv
import io
import json

import pytest

pytestmark = pytest.mark.django_db

V1, V21 = "/api/records/1.0", "/api/explore/v2.1/catalog"
TREES = f"{V21}/datasets/arbres-essai"
ALWAYS = "dataset=arbres-essai&timezone=Europe%2FParis&lang=fr"
BOX = "geofilter.bbox=48.2,1.2,48.6,1.7"


def body_of(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8-sig")


def table_of(response):
    return list(csv.DictReader(io.StringIO(body_of(response)), delimiter=";"))


WIDGETS = [
    ("/api/datasets/1.0/arbres-essai/?extrametas=true&interopmetas=true&assetmetas=true&source=&timezone=UTC", 8),
    (f"{V1}/search/?rows=0&facet=essence&facet=quartier&facetsort.essence=-count&{ALWAYS}", 6),
    (f"{V1}/search/?rows=40&start=0&fields=ref,essence,hauteur,position&{ALWAYS}", 6),
    (f"{V1}/search/?disjunctive.essence=true&refine.essence=Tilleul&refine.essence=Platane&q=abri&rows=3&{ALWAYS}", 1),
    (f"{V1}/analyze/?y.serie1.func=COUNT&{ALWAYS}", 1),
    (f"{V1}/analyze/?y.serie1.expr=hauteur&y.serie1.func=AVG&{ALWAYS}", 1),
    (f"{V1}/analyze/?maxpoints=5&sort=n&x=essence&y.n.expr=&y.n.func=COUNT&y.n.cumulative=false&{ALWAYS}", 3),
    (f"{V1}/analyze/?x=essence&x=quartier&sort=x.essence,x.quartier&y.c.func=COUNT&{ALWAYS}", 5),
    (
        f"{V1}/analyze/?x=plantation.year&x=plantation.month&sort=x.plantation.year,x.plantation.month&maxpoints=50"
        f"&y.serie1-1.expr=hauteur&y.serie1-1.func=SUM&y.serie1-1.cumulative=false&{ALWAYS}",
        6,
    ),
    (f"{V1}/boundingbox/?{BOX}&{ALWAYS}", 5),
    (f"{V1}/geocluster/?clusterdistance=50&clusterprecision=8&{BOX}&return_polygons=true&{ALWAYS}", 1),
    (f"{V1}/geocluster/?clustermode=heatmap&clusterdistance=15&clusterprecision=9&{BOX}&{ALWAYS}", 3),
    (f"{V1}/geopreview/?rows=1000&clusterprecision=10&{BOX}&{ALWAYS}", 5),
    (f"{V1}/geopolygon/?clusterprecision=10&{BOX}&{ALWAYS}", 5),
    (
        f"{V1}/download/?rows=1000&format=json&geo_simplify=true&geo_simplify_zoom=14&{BOX}&fields=position&{ALWAYS}",
        5,
    ),
    (f"{V1}/download/?format=json&rows=100&geofilter.distance=48.45,1.48&{ALWAYS}".replace("1.48&", "1.48,0&"), 1),
    ("/api/datasets/1.0/search/?rows=5&sort=explore.download_count&extrametas=true&timezone=UTC&lang=fr", 1),
    ("/api/datasets/1.0/search/?rows=5&sort=modified&timezone=UTC&lang=fr", 1),
    ("/api/datasets/1.0/search/?facet=keyword&facet=publisher&facet=theme&rows=0&timezone=UTC&lang=fr", 1),
    (
        f"{TREES}/records?group_by=essence&lang=fr&limit=5&order_by=nb+DESC&timezone=UTC"
        "&select=count(*)+as+nb,+avg(hauteur)+as+moyenne",
        3,
    ),
    (
        f'{TREES}/records?facet=facet(name="essence",+disjunctive=true)&qv1=(abri)&refine=essence:"Tilleul"'
        '&refine=essence:"Platane"&rows=3&select=ref,+hauteur&order_by=hauteur+DESC',
        1,
    ),
]


def _amount(body) -> int:
    """How many things an answer holds, wherever it says so."""
    if isinstance(body, list):
        return len(body)
    for name in ("nhits", "total_count", "count"):
        if isinstance(body.get(name), int):
            return body[name]
    for name in ("clusters", "fields"):
        if name in body:
            return len(body[name])
    return -1


@pytest.mark.parametrize(("address", "amount"), WIDGETS)
def test_ods_widgets(client, trees, address, amount):
    response = client.get(address, headers={"ods-widgets-version": "1.0", "origin": "https://ailleurs.example"})
    assert response.status_code == 200, body_of(response)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert _amount(json.loads(body_of(response))) == amount


def test_ods_widgets_fetch_the_icons_of_markers(client, db):
    response = client.get("/static/pictos/img/set-v3/pictos/circle.svg")
    assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml")
    assert response["Access-Control-Allow-Origin"] == "*"


def test_the_export_link_of_ods_widgets(client, trees):
    address = (
        f"{TREES}/exports/csv?select=`ref` as `Référence`,`hauteur` as `Hauteur (m)`&use_labels=true"
        '&refine=essence:"Tilleul"&facet=facet(name="essence", disjunctive=true)&qv1=(ombre)'
        "&where=(geometry(`position`, geom'POLYGON((1.4 48.4, 1.6 48.4, 1.6 48.5, 1.4 48.5, 1.4 48.4))'))"
    )
    assert table_of(client.get(address)) == [{"Référence": "A2", "Hauteur (m)": "9"}]


def test_the_qgis_plugin(client, ask, trees):
    listed = ask(
        f"{V21}/datasets?select=dataset_id&limit=100&order_by=dataset_id&where=features='geo'"
        '&where=search(dataset_id, "arbres")'
    )
    assert [row["dataset_id"] for row in listed["results"]] == ["arbres-essai"]
    assert ask(f'{V21}/datasets?where=datasetid:"arbres-essai"')["total_count"] == 1
    assert ask(f"{TREES}/records?limit=1")["total_count"] == 6
    features = json.loads(body_of(client.get(f"{TREES}/exports/geojson?where=hauteur > 8")))["features"]
    assert len(features) == 4
    refused = client.get(f"{TREES}/records?where=nope>1")
    assert (refused.status_code, "nope" in refused.json()["message"]) == (400, True)
    assert client.get(f"{TREES}/records", headers={"authorization": "apikey fausse"}).status_code == 401


def test_umap(client, ask, trees):
    body = ask(f'{V21}/datasets?where=features in ("geo")&limit=100&offset=0&order_by=title asc')
    row = body["results"][0]
    assert (body["total_count"], row["dataset_id"]) == (1, "arbres-essai")
    assert row["metas"]["default"]["title"] == "Arbres d’essai"
    assert row["metas"]["default"]["records_count"] == 6
    assert "geo_point_2d" in [field["type"] for field in row["fields"]]
    address = f"{TREES}/exports/geojson?select=*&limit=-1&timezone=UTC&use_labels=false&epsg=4326"
    assert len(json.loads(body_of(client.get(address)))["features"]) == 6
    boxed = client.get(f"{address}&where=in_bbox(position, 48.42, 1.45, 48.445, 1.55)")
    assert [f["properties"]["ref"] for f in json.loads(body_of(boxed))["features"]] == ["A3", "A4"]


def test_dsfr_data(client, ask, trees):
    pages = [ask(f"{TREES}/records?limit=4&offset={start}")["results"] for start in (0, 4)]
    assert sorted(row["ref"] for page in pages for row in page) == ["A1", "A2", "A3", "A4", "A5", "A6"]
    groups = ask(f"{TREES}/records?select=essence, sum(hauteur) as hauteur__sum&group_by=essence")["results"]
    assert {"essence": "Érable", "hauteur__sum": 27.5} in groups
    values = ask(f"{TREES}/facets?facet=essence&where=hauteur > 8")["facets"][0]["facets"]
    assert {value["name"]: value["count"] for value in values} == {"Érable": 2, "Tilleul": 1, "Platane": 1}
    assert ask(f'{TREES}/records?where=search("tilleul")')["total_count"] == 2
    assert len(json.loads(body_of(client.get(f"{TREES}/exports/json")))) == 6


def test_vancouvr(client, ask, trees):
    catalogue = table_of(client.get(f"{V21}/exports/csv?with_bom=false"))
    assert [row["datasetid"] for row in catalogue] == ["arbres-essai"]
    assert not body_of(client.get(f"{TREES}/exports/csv?with_bom=false")).startswith("\ufeff")
    assert client.get(f"{TREES}/exports/fgb").status_code == 200
    assert ask(f"{TREES}/facets")["facets"]
    assert ask(f"{TREES}/records?limit=1&select=avg(hauteur) as m")["results"] == [{"m": 12.95}]


def test_udata(client, ask, trees):
    body = ask("/api/datasets/1.0/search/?start=0&rows=50&interopmetas=true&refine.publisher=Ville d’Évry")
    assert body["nhits"] == 1
    row = body["datasets"][0]
    assert (row["datasetid"], row["metas"]["title"]) == ("arbres-essai", "Arbres d’essai")
    assert row["has_records"] and row["interop_metas"]
    assert ask("/api/datasets/1.0/arbres-essai/?interopmetas=true")["metas"]["license"]
    dcat = body_of(client.get(f"{V21}/exports/dcat/"))
    assert "/explore/dataset/arbres-essai/" in dcat
    assert "/exports/csv" in dcat


def test_spreadsheets(client, trees):
    address = f"{TREES}/exports/csv?lang=fr&timezone=Europe%2FBerlin&use_labels=true&delimiter=%3B"
    response = client.get(address)
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbfR\xc3\xa9f\xc3\xa9rence;Essence;")
    assert content.count(b"\r\n") == 7


@pytest.mark.parametrize(
    "address",
    ["/explore/dataset/arbres-essai/", "/explore/dataset/arbres-essai/export/", "/explore/?refine.theme=environment"],
)
def test_links_in_pages(client, trees, address):
    assert client.get(address, follow=True).status_code == 200
